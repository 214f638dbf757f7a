import type { NetworkSettings } from '../wire/network-settings.ts'

/** The address of the box in its own Wi-Fi. */
export const hotspotAddress = '10.42.0.1'

/**
 * What the cable has beside the router's address, and without a router alone. PCs and screens that hear no router take an
 * address of this net by themselves (RFC 3927), so that an office on one switch works on when its router is dead; the name
 * balai.local holds there as well. Tried with NetworkManager 1.42: it stands from the first second, while the router is
 * asked on and on.
 */
export const ownAddress = '169.254.42.42/16'
/** NetworkManager's largest number of seconds: it never gives up asking, and never takes the cable down for it. */
const forEver = 2_147_483_647

/** What phones get in the box's own Wi-Fi, and at which address. `port`: of HTTP. */
export const visitorsOf = (port: number) => ({
  address: hotspotAddress,
  url: `http://${hotspotAddress}${port === 80 ? '' : `:${port}`}/visitor`,
})

/** Files of NetworkManager begin so; others on the machine are never touched. */
export const profilePrefix = 'balai-'

type Section = readonly [name: string, lines: Record<string, string | number>]

/**
 * Connections as NetworkManager's keyfiles, by file name. Pure. The way to the internet with the smallest metric is
 * taken: cable, then Wi-Fi, then 4G; NetworkManager adds 20,000 to one that has no internet behind it.
 */
export function writeProfiles({
  address,
  gateway,
  dns = [],
  wifi,
  apn,
  hotspot,
}: NetworkSettings): Map<string, string> {
  const addressing: Section['1'] = address
    ? { method: 'manual', address1: gateway ? `${address},${gateway}` : address, ...nameServers(dns) }
    : { method: 'auto', address1: ownAddress, 'dhcp-timeout': forEver, ...nameServers(dns) }
  const profiles: [string, Section[]][] = [
    [
      'lan',
      [
        ['connection', { ...named('lan'), type: 'ethernet', 'autoconnect-priority': 10, 'autoconnect-retries': 0 }],
        ['ethernet', {}],
        ['ipv4', { ...addressing, 'route-metric': 100 }],
        ['ipv6', { method: 'auto', 'route-metric': 100 }],
      ],
    ],
  ]
  if (wifi)
    profiles.push([
      'wifi',
      [
        ['connection', { ...named('wifi'), type: 'wifi', 'autoconnect-priority': 10, 'autoconnect-retries': 0 }],
        ['wifi', { mode: 'infrastructure', ssid: asBytes(wifi.name) }],
        ...security(wifi.password),
        ['ipv4', { method: 'auto', 'route-metric': 200 }],
        ['ipv6', { method: 'auto', 'route-metric': 200 }],
      ],
    ])
  if (apn)
    profiles.push([
      'gsm',
      [
        ['connection', { ...named('gsm'), type: 'gsm', 'autoconnect-retries': 0, metered: 1 }],
        ['gsm', { apn }],
        ['ipv4', { method: 'auto', 'route-metric': 700 }],
        ['ipv6', { method: 'auto', 'route-metric': 700 }],
      ],
    ])
  if (hotspot)
    profiles.push([
      'hotspot',
      [
        ['connection', { ...named('hotspot'), type: 'wifi', 'autoconnect-priority': 5 }],
        ['wifi', { mode: 'ap', band: 'bg', ssid: asBytes(hotspot.name) }],
        ...security(hotspot.password),
        ['ipv4', { method: 'shared', address1: `${hotspotAddress}/24` }],
        ['ipv6', { method: 'disabled' }],
      ],
    ])
  return new Map(profiles.map(([name, sections]) => [`${profilePrefix}${name}.nmconnection`, keyfile(sections)]))
}

/** The same UUID each time, so that a profile written again is the same connection. */
const uuids: Record<string, string> = {
  lan: 'b1a1a100-0000-4000-8000-000000000001',
  wifi: 'b1a1a100-0000-4000-8000-000000000002',
  gsm: 'b1a1a100-0000-4000-8000-000000000003',
  hotspot: 'b1a1a100-0000-4000-8000-000000000004',
}

const named = (name: string) => ({ id: `${profilePrefix}${name}`, uuid: uuids[name] ?? '' })

const nameServers = (dns: readonly string[]): Section['1'] =>
  dns.length > 0 ? { dns: `${dns.join(';')};`, 'ignore-auto-dns': 'true' } : {}

const security = (password: string | undefined): Section[] =>
  password ? [['wifi-security', { 'key-mgmt': 'wpa-psk', psk: asString(password) }]] : []

const keyfile = (sections: readonly Section[]): string =>
  sections
    .map(([name, lines]) => [`[${name}]`, ...Object.entries(lines).map((line) => line.join('=')), ''].join('\n'))
    .join('\n')

/** A name byte by byte, the one spelling that needs no escapes. */
const asBytes = (name: string): string => `${[...Buffer.from(name)].join(';')};`

/** As GLib reads a string: a backslash begins an escape, and spaces at the beginning are dropped. */
const asString = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(/^ +/, (spaces) => '\\s'.repeat(spaces.length))
