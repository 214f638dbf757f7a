import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rethrow } from '../../testing/rethrow.ts'
import { createAlarms } from '../base/alarms.ts'
import { applyNetwork } from './apply.ts'
import { createNetwork } from './network.ts'
import { requestFile } from './request-files.ts'

/* Box and system on two folders; nmcli is hardware here, its words are kept. */

let folder: string
let data: string
let stateFolder: string
let profilesFolder: string
let nmcli: string[]
let network: ReturnType<typeof createNetwork>
const alarms = createAlarms(
  () => 0,
  () => 0,
  rethrow,
)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'balai-network-'))
  data = join(folder, 'data')
  stateFolder = join(folder, 'run')
  profilesFolder = join(folder, 'connections')
  for (const one of [data, stateFolder, profilesFolder]) mkdirSync(one)
  writeFileSync(join(profilesFolder, 'Rumah.nmconnection'), 'of somebody else')
  nmcli = []
  network = createNetwork({ data, stateFolder, alarms, log: { info: () => {}, warn: () => {} } })
})
afterEach(() => rmSync(folder, { recursive: true }))

/** `confirmAfterS`: when somebody presses the button; never without it. */
async function apply({ confirmAfterS = Infinity, stopAfterS = Infinity } = {}) {
  let waitedS = 0
  return applyNetwork({
    ...{ data, stateFolder, profilesFolder, beforeFile: join(folder, 'before.json') },
    nmcli: async (words) => {
      nmcli.push(words.join(' '))
    },
    wait: async (ms) => {
      waitedS += ms / 1_000
      if (waitedS === confirmAfterS) network.confirm()
      if (waitedS === stopAfterS) throw new Error('the machine is switched off')
    },
    now: () => 0,
  })
}
const profiles = () => readdirSync(profilesFolder).sort()
const read = (name: string) => readFileSync(join(profilesFolder, name), 'utf8')

/** As after installing: cable, and a Wi-Fi that works. */
async function begin() {
  network.begin({ wifi: { name: 'Kantor', password: 'rahasia desa' } })
  expect(await apply()).toBe('kept')
  nmcli = []
}

test('what the enrolment file says is so at once, once, and only root may read it', async () => {
  await begin()
  expect(profiles()).toEqual(['Rumah.nmconnection', 'balai-lan.nmconnection', 'balai-wifi.nmconnection'])
  expect(statSync(join(profilesFolder, 'balai-wifi.nmconnection')).mode & 0o777).toBe(0o600)
  expect(network.view()).toMatchObject({ change: { outcome: 'kept' }, settings: { wifi: { hasPassword: true } } })
  network.begin({ wifi: { name: 'Lain' } })
  expect(await apply()).toBe('nothing-new')
})

test('a change that somebody confirms stays, and the page never gets a password', async () => {
  await begin()
  network.change({ address: '192.168.1.10/24', gateway: '192.168.1.1', wifi: { name: 'Kantor' } })
  expect(await apply({ confirmAfterS: 12 })).toBe('kept')
  expect(read('balai-lan.nmconnection')).toContain('address1=192.168.1.10/24,192.168.1.1')
  // Not typed again, so it is the old one.
  expect(read('balai-wifi.nmconnection')).toContain('psk=rahasia desa')
  expect(nmcli).toEqual([
    'connection reload',
    '--wait 20 connection up balai-lan',
    '--wait 20 connection up balai-wifi',
  ])
  expect(JSON.stringify(network.view())).not.toContain('rahasia')
})

test('a change that nobody confirms falls back by itself, and an alarm says so', async () => {
  await begin()
  const before = profiles().map(read)
  network.change({ wifi: { name: 'Salah ketik', password: 'entah apa' }, apn: 'internet' })
  expect(await apply()).toBe('reverted')
  expect(profiles().map(read)).toEqual(before)
  expect(network.view().change?.outcome).toBe('reverted')
  network.checkChange()
  expect(alarms.list().map(({ code }) => code)).toEqual(['network.reverted'])
})

test('a machine that is switched off while it tries is as before when it is back', async () => {
  await begin()
  const before = profiles().map(read)
  network.change({ apn: 'internet' })
  await expect(apply({ stopAfterS: 5 })).rejects.toThrow('switched off')
  expect(profiles()).toContain('balai-gsm.nmconnection')
  expect(await apply()).toBe('nothing-new')
  expect(profiles().map(read)).toEqual(before)
  expect(network.view().change?.outcome).toBe('reverted')
})

test('where the machine’s network is not Balai’s nothing is asked', () => {
  rmSync(stateFolder, { recursive: true })
  expect(() => network.change({})).toThrow(expect.objectContaining({ code: 'network.not-managed' }))
  network.begin({ apn: 'internet' })
  expect(network.view()).toMatchObject({ managed: false, asked: false })
})

describe('root trusts nothing that lies in the box’s folder', () => {
  test.each([
    ['no JSON', '{'],
    ['an unknown field', JSON.stringify({ id: 'abcdefghijkl', confirmWithinS: 0, settings: {}, run: 'sh' })],
    ['another kind of value', JSON.stringify({ id: 'abcdefghijkl', confirmWithinS: 0, settings: { apn: 7 } })],
  ])('%s is no request', async (_name, text) => {
    mkdirSync(join(data, 'network'))
    writeFileSync(requestFile(data), text)
    expect(await apply()).toBe('nothing-new')
  })

  test('settings that would write other lines are refused', async () => {
    mkdirSync(join(data, 'network'))
    const settings = { apn: 'internet\n[ipv4]\nmethod=shared' }
    writeFileSync(requestFile(data), JSON.stringify({ id: 'abcdefghijkl', confirmWithinS: 0, settings }))
    expect(await apply()).toBe('refused')
    expect(profiles()).toEqual(['Rumah.nmconnection'])
  })

  test('a link is not followed', async () => {
    mkdirSync(join(data, 'network'))
    writeFileSync(join(folder, 'elsewhere'), JSON.stringify({ id: 'abcdefghijkl', confirmWithinS: 0, settings: {} }))
    symlinkSync(join(folder, 'elsewhere'), requestFile(data))
    expect(await apply()).toBe('nothing-new')
  })
})

test.each([
  ['cut off', '{"id":"x","profi'],
  ['empty', ''],
  ['of another form', '{"id":1}'],
])('a note of what was before that is %s does not stop what is asked for', async (_name, text) => {
  await begin()
  network.change({ address: '192.168.1.10/24', gateway: '192.168.1.1' })
  writeFileSync(join(folder, 'before.json'), text)
  expect(await apply({ confirmAfterS: 5 })).toBe('kept')
})
