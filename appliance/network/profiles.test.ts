import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { NetworkSettings } from '../wire/network-settings.ts'
import { hotspotAddress, ownAddress, writeProfiles } from './profiles.ts'
import { assertNetwork } from './settings.ts'

/** NetworkManager itself reads a keyfile and writes it as it understood it; no daemon, no radio. */
function readByNetworkManager(keyfile: string): string {
  const words = ['--offline', 'connection', 'modify', 'connection.autoconnect', 'yes']
  const { status, stdout, stderr } = spawnSync('nmcli', words, { input: keyfile, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
}

const offices: Record<string, NetworkSettings> = {
  'a router that gives addresses': {},
  'a fixed address': { address: '192.168.1.10/24', gateway: '192.168.1.1', dns: ['1.1.1.1', '8.8.8.8'] },
  'Wi-Fi and 4G': { wifi: { name: 'Kantor Desa', password: 'rahasia desa' }, apn: 'internet' },
  'an open Wi-Fi of the box': { hotspot: { name: 'Antrean Tamansari' } },
  'a closed one': { hotspot: { name: 'Balai', password: 'rahasia desa' }, apn: 'telkomsel' },
}

test.each(Object.entries(offices))('NetworkManager takes every connection of an office with %s', (_name, office) => {
  assertNetwork(office)
  for (const [name, text] of writeProfiles(office)) {
    const read = readByNetworkManager(text)
    for (const line of text
      .split('\n')
      .filter((one) =>
        /^(id|uuid|psk|apn|method|address1|dhcp-timeout|autoconnect-retries|route-metric|mode)=/.test(one),
      ))
      expect(read, name).toContain(`${line}\n`)
  }
})

test.each(['Kopi; Susu', 'dua\\garis', '  pinggir  ', 'Desa “Tamansari” ☕', '1;2;3', '[wifi]', 'a=b#c'])(
  'a name and a password with odd characters stay what they are: %s',
  (name) => {
    const password = `${name.replaceAll(/[^ -~]/g, 'x')}12345678`
    const office = { wifi: { name, password } }
    assertNetwork(office)
    const read = readByNetworkManager(writeProfiles(office).get('balai-wifi.nmconnection') ?? '')
    expect([nameIn(read), plain(valueIn(read, 'psk'))]).toEqual([name, password])
  },
)

test('a cable without a router keeps an address that PCs beside it reach, and asks for ever', () => {
  const lan = writeProfiles({}).get('balai-lan.nmconnection') ?? ''
  expect(lan).toContain(`address1=${ownAddress}\n`)
  expect(lan).toMatch(/^dhcp-timeout=2147483647$/m)
  expect(lan).toMatch(/^autoconnect-retries=0$/m)
  expect(lan).not.toContain('may-fail')
  expect(writeProfiles({ address: '192.168.1.10/24' }).get('balai-lan.nmconnection')).not.toContain('169.254')
})

test('cable goes before Wi-Fi, Wi-Fi before 4G', () => {
  const all = writeProfiles({ wifi: { name: 'Kantor', password: 'rahasia desa' }, apn: 'internet' })
  const metrics = [...all].map(([name, text]) => [name, Number(/^route-metric=(\d+)$/m.exec(text)?.[1])])
  expect(metrics).toEqual([
    ['balai-lan.nmconnection', 100],
    ['balai-wifi.nmconnection', 200],
    ['balai-gsm.nmconnection', 700],
  ])
})

test('in the box’s own Wi-Fi every name is the box, as dnsmasq reads it', () => {
  const file = join(
    import.meta.dirname,
    '../../provisioning/debian/usr/share/balai/box/etc/NetworkManager/dnsmasq-shared.d/balai.conf',
  )
  expect(readFileSync(file, 'utf8')).toContain(`address=/#/${hotspotAddress}\n`)
  expect(spawnSync('dnsmasq', ['--test', '-C', file]).status).toBe(0)
})

describe('what no network can have is refused by its field', () => {
  test.each<[NetworkSettings, string]>([
    [{ address: '192.168.1.10', gateway: '192.168.1.1' }, 'network.address'],
    [{ address: '192.168.1.300/24', gateway: '192.168.1.1' }, 'network.address'],
    [{ address: '192.168.1.10/24\n[evil]', gateway: '192.168.1.1' }, 'network.address'],
    [{ address: '192.168.1.10/24' }, 'network.gateway'],
    [{ gateway: '192.168.1.1' }, 'network.gateway'],
    [{ dns: ['dns.google'] }, 'network.dns'],
    [{ wifi: { name: 'a\nb' } }, 'network.wifi'],
    [{ wifi: { name: 'ééééééééééééééééé' } }, 'network.wifi'],
    [{ wifi: { name: 'Kantor', password: 'pendek' } }, 'network.wifi'],
    [{ wifi: { name: 'Kantor' }, hotspot: { name: 'Balai' } }, 'network.hotspot'],
    [{ apn: 'internet\npin=1' }, 'network.apn'],
  ])('%j', (office, code) => {
    expect(() => assertNetwork(office)).toThrow(expect.objectContaining({ code }))
  })
})

const valueIn = (keyfile: string, key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(keyfile)?.[1] ?? ''

/** A string as GLib writes it. */
const plain = (text: string): string => text.replace(/\\(.)/g, (_whole, one) => (one === 's' ? ' ' : one))

/** NetworkManager writes a name as text where it can, as bytes otherwise. */
function nameIn(keyfile: string): string {
  const text = valueIn(keyfile, 'ssid')
  if (/^(\d{1,3};)+$/.test(text)) return Buffer.from(text.split(';').filter(Boolean).map(Number)).toString()
  return plain(text).replaceAll('\\;', ';')
}
