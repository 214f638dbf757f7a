import { isIP, isIPv4 } from 'node:net'
import { type Static, Type } from 'typebox'
import { closed } from '../base/schemas.ts'

/*
 * How a box is connected: one schema and one set of rules for the regency's villages.csv, the enrolment file, and the
 * technician page, so that none takes what another one refuses.
 */

const Radio = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 32, description: 'SSID' }),
    password: Type.Optional(Type.String({ maxLength: 63, description: 'WPA; without one the network is open' })),
  },
  closed,
)

/** Whole each time. Without `address` the router gives one (DHCP). */
export const NetworkSettings = Type.Object(
  {
    address: Type.Optional(Type.String({ maxLength: 43, description: '192.168.1.10/24' })),
    gateway: Type.Optional(Type.String({ maxLength: 39 })),
    dns: Type.Optional(Type.Array(Type.String({ maxLength: 39 }), { maxItems: 3 })),
    wifi: Type.Optional(Radio),
    apn: Type.Optional(Type.String({ maxLength: 63, description: 'Of a 4G modem' })),
    hotspot: Type.Optional(Radio),
  },
  closed,
)
export type NetworkSettings = Static<typeof NetworkSettings>

/** `field`: as a column of villages.csv. `found`: null where it may not be repeated, or there is nothing. */
export type NetworkMistake = {
  field: 'address' | 'gateway' | 'dns' | 'wifi' | 'wifi_password' | 'apn' | 'hotspot'
  problem: string
  allowed: string
}

/** What no network can have, field by field. A password is never repeated. */
export function findNetworkMistakes(settings: NetworkSettings): NetworkMistake[] {
  const { address, gateway, dns = [], wifi, apn, hotspot } = settings
  const found: NetworkMistake[] = []
  const say = (field: NetworkMistake['field'], problem: string, allowed: string) =>
    found.push({ field, problem, allowed })
  if (address && !isInterface(address))
    say('address', `is "${address}"`, 'an IPv4 address with its prefix, 192.168.1.10/24')
  if (address && !gateway) say('gateway', 'is missing', 'the router’s address, 192.168.1.1')
  if (gateway && !isIPv4(gateway)) say('gateway', `is "${gateway}"`, 'the router’s address, 192.168.1.1')
  if (gateway && !address) say('gateway', 'stands without address', 'both, or neither for DHCP')
  for (const server of dns.filter((one) => !isIP(one)))
    say('dns', `is "${server}"`, 'addresses with spaces between, 1.1.1.1 8.8.8.8')
  if (dns.length > 3) say('dns', 'has more than three', 'one to three addresses')
  if (wifi && !isName(wifi.name)) say('wifi', 'is empty or too long', '1 to 32 bytes, no control characters')
  if (wifi && !isPassword(wifi.password)) say('wifi_password', 'cannot be one', '8 to 63 characters of ASCII')
  if (hotspot && !(isName(hotspot.name) && isPassword(hotspot.password)))
    say('hotspot', 'cannot be one', 'a name of 1 to 32 bytes, a password of 8 to 63 characters of ASCII')
  if (wifi && hotspot) say('hotspot', 'stands beside wifi', 'one of them: one radio is in a Wi-Fi or makes one')
  if (apn && !/^[A-Za-z0-9.-]{1,63}$/.test(apn)) say('apn', `is "${apn}"`, 'letters, digits, dots, dashes')
  return found
}

/** Control characters would end a line of a connection file. */
const isName = (name: string): boolean =>
  Buffer.byteLength(name) >= 1 && Buffer.byteLength(name) <= 32 && !/\p{Cc}/u.test(name)

const isPassword = (password: string | undefined): boolean => password === undefined || /^[ -~]{8,63}$/.test(password)

function isInterface(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/')
  return isIPv4(address) && rest.length === 0 && /^\d{1,2}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= 32
}
