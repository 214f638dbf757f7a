import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type NetworkInterfaceInfo, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { officeAddress } from './lan-address.ts'

const folder = mkdtempSync(join(tmpdir(), 'balai-address-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const card = (address: string): NetworkInterfaceInfo[] => [
  { address, family: 'IPv4', internal: false, netmask: '255.255.255.0', mac: '', cidr: null },
]

/** `ways`: interfaces that lead out. */
function pick(interfaces: Record<string, string>, ways: string[] = []): string | undefined {
  mkdirSync(join(folder, 'proc/net'), { recursive: true })
  writeFileSync(
    join(folder, 'proc/net/route'),
    ['Iface\tDestination\tGateway', ...ways.map((name) => `${name}\t00000000\t0101A8C0`)].join('\n'),
  )
  const all = Object.fromEntries(Object.entries(interfaces).map(([name, address]) => [name, card(address)]))
  return officeAddress(folder, all)?.address
}

test.each([
  ['the only one', { eth0: '192.168.1.5' }, [], '192.168.1.5'],
  ['a cable before a 4G stick that leads out', { wwan0: '10.9.8.7', eth0: '192.168.1.5' }, ['wwan0'], '192.168.1.5'],
  ['a cable before a VPN that leads out', { wg0: '10.0.0.2', eth0: '192.168.1.5' }, ['wg0'], '192.168.1.5'],
  [
    'Wi-Fi that leads out before a cable that does not',
    { eth0: '10.0.0.1', wlan0: '192.168.1.6' },
    ['wlan0'],
    '192.168.1.6',
  ],
  [
    'a cable before Wi-Fi where both lead out',
    { wlan0: '192.168.1.6', eth0: '192.168.1.5' },
    ['wlan0', 'eth0'],
    '192.168.1.5',
  ],
  [
    'what a router gave before what the box gives itself',
    { eth0: '169.254.42.42', wlan0: '10.42.0.1' },
    [],
    '10.42.0.1',
  ],
  ['what the box gives itself where there is nothing else', { eth0: '169.254.42.42' }, [], '169.254.42.42'],
] as const)('%s', (_why, interfaces, ways, address) => expect(pick(interfaces, [...ways])).toBe(address))

test('of two addresses of a card the one that a router gave', () => {
  const both = [...card('169.254.42.42'), ...card('192.168.1.5')]
  expect(officeAddress(folder, { eth0: both })?.address).toBe('192.168.1.5')
})

test('no network is no address', () => expect(officeAddress(folder, {})).toBeNull())
