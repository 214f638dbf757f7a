import { isIP, isIPv4 } from 'node:net'
import { type Static, Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closed } from '../base/schemas.ts'

const Radio = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 32, description: 'SSID' }),
    password: Type.Optional(Type.String({ maxLength: 63, description: 'WPA; without one the network is open' })),
  },
  closed,
)

/** How a box is connected. Whole each time. Without `address` the router gives one (DHCP). */
export const OfficeNetwork = Type.Object(
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
export type OfficeNetwork = Static<typeof OfficeNetwork>

/** Throws AppError `network.<field>` for what no network can have. A password is never repeated. */
export function assertNetwork({ address, gateway, dns, wifi, apn, hotspot }: OfficeNetwork): void {
  const refuse = (code: string, problem: string) =>
    new AppError('invalid', code, problem, { field: code.replace('network.', '') })
  if (address && !isInterface(address)) throw refuse('network.address', 'An address has its prefix: 192.168.1.10/24.')
  if (gateway && !(address && isIP(gateway)))
    throw refuse('network.gateway', 'The router has an address, and the box one too.')
  if (address && !gateway) throw refuse('network.gateway', 'A fixed address needs the router’s.')
  if (dns?.some((server) => !isIP(server))) throw refuse('network.dns', 'Name servers are addresses.')
  if (wifi && !isRadio(wifi))
    throw refuse('network.wifi', 'A Wi-Fi has a name of 1 to 32 bytes, a password 8 to 63 characters.')
  if (hotspot && !isRadio(hotspot))
    throw refuse('network.hotspot', 'A Wi-Fi has a name of 1 to 32 bytes, a password 8 to 63.')
  if (wifi && hotspot) throw refuse('network.hotspot', 'One radio is either in a Wi-Fi or makes one.')
  if (apn && !/^[A-Za-z0-9.-]+$/.test(apn)) throw refuse('network.apn', 'An APN has letters, digits, dots and dashes.')
}

/** Control characters would end a line of a connection file. */
const isRadio = ({ name, password }: Static<typeof Radio>): boolean =>
  Buffer.byteLength(name) <= 32 && !/\p{Cc}/u.test(name) && (password === undefined || /^[ -~]{8,63}$/.test(password))

function isInterface(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/')
  return isIPv4(address) && rest.length === 0 && /^\d{1,2}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= 32
}
