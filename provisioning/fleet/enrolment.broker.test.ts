import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { stringify } from 'smol-toml'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { newId } from '../../appliance/base/ids.ts'
import { readBoxConfig } from '../../appliance/config.ts'
import { findEnrolmentFile } from '../../appliance/enrolment/find-file.ts'
import { adopt, lifeOf, openMembership, readMember } from '../../appliance/enrolment/membership.ts'
import { type Box, openBox } from '../../appliance/open-box.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { type Hub, openHub } from '../../regency/hub.ts'
import { quiet, until } from '../../testing/hub-parts.ts'
import { openTestRegency, type TestRegency } from '../../testing/test-regency.ts'
import { deliverLists } from './push-revocations.ts'
import { revokeVillage } from './revoke.ts'
import { shareWithHub } from './sync-hub.ts'

/* From the file to the regency's table, with a real Mosquitto that runs with the fleet tool's files, and back out again. */

const now = Date.now()
const day = 24 * 60 * 60_000
let regency: TestRegency
let hub: Hub
const open: Box[] = []

beforeAll(async () => {
  regency = await openTestRegency({ offices: 9 })
  hub = await openHubAt(0)
}, 60_000)
afterEach(async () => {
  for (const box of open.splice(0)) await box.close()
})
afterAll(async () => {
  await hub?.close()
  await regency?.close()
})

/** The hub, whose clock is so many ms from the machine's. */
async function openHubAt(offset: number): Promise<Hub> {
  const system = { ...systemClock, wall: () => Date.now() + offset }
  const opened = await openHub(readHubConfig(regency.hubConfig), { log: quiet, system })
  await until(() => opened.linkState() === 'connected')
  return opened
}

const bringFile: TestRegency['bringFile'] = (index, changes) => regency.bringFile(index, changes)
const newFolder = () => regency.newFolder()

/** What `balai serve` does at its start: looks for a file, takes it, opens the box. */
async function start(
  data: string,
  stick: string,
  { hardware = { serial: data, card: 'card' }, clock = 0 } = {},
): Promise<Box> {
  const toml = join(regency.place, `${newId()}.toml`)
  writeFileSync(
    toml,
    stringify({
      data,
      enrolment_folders: [stick],
      lan: { host: '127.0.0.1', http_port: 0, https_port: 0 },
      log: 'silent',
    }),
  )
  const found = findEnrolmentFile([stick], { member: readMember(data), village: null, certain: now })
  if (found?.file) adopt(data, found.file)
  const system = { ...systemClock, wall: () => Date.now() + clock }
  const box = await openBox(readBoxConfig(toml), {
    ...{ log: quiet, hardware, system },
    enrolmentPath: found?.file ? found.path : null,
  })
  open.push(box)
  return box
}
const codesOf = (box: Box) => box.alarms.list().map(({ code }) => code)
const isSent = (box: Box) => {
  const { state, waiting } = box.relay.view()
  return state === 'connected' && waiting === 0 && box.relay.view().sentAsOf !== null
}
const countOf = async (table: string, village: string) =>
  Number(
    (await hub.database.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE village = $1`, [village]))
      .rows[0]?.n,
  )

test('a box takes its file from a stick, becomes a member, wipes the file, and its entries arrive; the next start does nothing', async () => {
  const { village, stick, path } = await bringFile(0)
  const data = newFolder()
  const box = await start(data, stick)
  await until(() => isSent(box))
  expect(box.enrolment()).toMatchObject({ state: 'enrolled', trouble: null })
  expect(box.enrolment().endsAt).toBeGreaterThan(now + 390 * day)
  expect(existsSync(path)).toBe(false)
  expect(existsSync(join(data, 'member/claim.json'))).toBe(false)
  expect(await countOf('entry', village)).toBeGreaterThan(0)
  const { rows } = await hub.database.query('SELECT key, enrolled FROM signing_key WHERE village = $1', [village])
  expect(rows).toEqual([{ key: box.identity.publicKey, enrolled: true }])
  await open.pop()?.close()

  const again = await start(data, stick)
  await until(() => isSent(again))
  expect(await countOf('certificate', village)).toBe(1)
  expect(codesOf(again).filter((code) => code.startsWith('enrolment.'))).toEqual([])
}, 30_000)

test('the key of the box and of its certificate are made on the box; what the hub knows of them is no secret', async () => {
  const { stick, village } = await bringFile(1)
  const data = newFolder()
  const box = await start(data, stick)
  await until(() => box.enrolment().state === 'enrolled')
  const member = readMember(data)
  const held = member && openMembership(data, member).identity()
  expect(held?.key).toMatch(/PRIVATE KEY/)
  const { rows } = await hub.database.query<{ all: string }>(
    `SELECT json_build_array((SELECT json_agg(e) FROM enrolment e), (SELECT json_agg(c) FROM certificate c))::text AS all`,
  )
  const secret = held?.key.split('\n')[1] ?? 'none'
  expect(rows[0]?.all).toContain(village)
  expect(rows[0]?.all).not.toContain(secret)
}, 30_000)

test('a PC that trusts the one root trusts the pages of the box by its names, and the root of the regency is not that one', async () => {
  const { stick } = await bringFile(1, { now: now + 3 })
  const box = await start(newFolder(), stick)
  await until(() => box.enrolment().state === 'enrolled')
  const trusts = (ca: string, servername = 'balai.local') =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: box.https.port, ca, servername }, () => {
        resolve(socket.authorized)
        socket.destroy()
      })
      socket.once('error', () => resolve(false))
    })
  const given = await fetch(`http://127.0.0.1:${box.http.port}/percaya/balai.crt`)
  expect(await trusts(await given.text())).toBe(true)
  expect(await trusts(regency.made.read('lan-root.pem'), 'bank.example')).toBe(false)
  expect(await trusts(regency.made.read('root-ca.pem'))).toBe(false)
}, 30_000)

test('a stolen enrolment file that is used a second time is refused, and both sides raise an alarm', async () => {
  const { village, stick } = await bringFile(2)
  const stolen = regency.newFolder('stolen')
  cpSync(stick, stolen, { recursive: true })
  const rightful = await start(newFolder(), stick)
  await until(() => isSent(rightful))
  const thief = await start(newFolder(), stolen, { hardware: { serial: 'thief', card: 'thief' } })
  await until(() => codesOf(thief).includes('enrolment.token-used'))
  expect(thief.enrolment()).toMatchObject({ state: 'waiting', endsAt: null })
  expect(await countOf('certificate', village)).toBe(1)
  await hub.alarms.look()
  expect(hub.alarms.list()).toContainEqual(expect.objectContaining({ village, code: 'enrolment.used-twice' }))
  expect(codesOf(rightful)).not.toContain('enrolment.token-used')
}, 30_000)

test('an office without internet works from the first minute and is enrolled when the line is there', async () => {
  const { stick } = await bringFile(3)
  await regency.broker.pause()
  const box = await start(newFolder(), stick)
  await until(() => codesOf(box).includes('enrolment.no-broker'))
  expect((await fetch(`http://127.0.0.1:${box.http.port}/api/session`)).status).toBe(200)
  await regency.broker.restart()
  await until(() => box.enrolment().state === 'enrolled', 150_000)
  await until(() => isSent(box), 60_000)
  expect(codesOf(box).filter((code) => code.startsWith('enrolment.'))).toEqual([])
}, 240_000)

test('a file that was taken back opens nothing', async () => {
  const { village, stick } = await bringFile(4)
  await revokeVillage(regency.made.fleet, village, now)
  // The broker's list was not copied yet: the hub's own list counts at once.
  const box = await start(newFolder(), stick)
  await until(() => codesOf(box).includes('enrolment.token-revoked'))
}, 30_000)

test('F28: a box that is revoked while it is connected is cut off by the hub at once and by the broker at its restart, and says why', async () => {
  const { village, stick } = await bringFile(5)
  const box = await start(newFolder(), stick)
  await until(() => isSent(box))
  await revokeVillage(regency.made.fleet, village, Date.now())
  await box.people.setUp({ code: box.setupCode.read() ?? '', name: 'Rudi', pin: '258014', device: 'test' })
  await until(() => codesOf(box).includes('relay.revoked'))
  expect(box.relay.view().waiting).toBeGreaterThan(0)
  // What `fleet revoke` does without --now: Mosquitto reads its lists anew and keeps the session that is open.
  const settings = { ...regency.made.fleet.settings, broker_reload: ['kill', '-HUP', String(regency.broker.pid())] }
  expect(deliverLists({ ...regency.made.fleet, settings }, { cut: false })).toBe('reloaded')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(box.relay.view().state).toBe('connected')
  const before = await countOf('entry', village)
  await regency.broker.restart()
  await until(() => box.relay.technicianView().reason === 'certificate-revoked', 60_000)
  expect(codesOf(box)).toContain('relay.revoked')
  expect(await countOf('entry', village)).toBe(before)
}, 120_000)

test('a certificate is renewed over the line when two thirds of its life are over, and the old one goes on until the new one has connected', async () => {
  const { village, stick } = await bringFile(6, { now: now - 300 * day, days: 330 })
  await hub.close()
  hub = await openHubAt(-300 * day)
  const data = newFolder()
  const first = await start(data, stick, { clock: -300 * day })
  await until(() => isSent(first))
  await open.pop()?.close()
  const member = readMember(data)
  const life = () => lifeOf((member && openMembership(data, member).identity()?.certificate) ?? '')
  const old = life()
  await hub.close()
  hub = await openHubAt(0)
  const box = await start(data, stick)
  box.clock.setNtp(true)
  await until(async () => (await countOf('certificate', village)) === 2, 20_000)
  await until(() => life().to > old.to + 290 * day && isSent(box), 20_000)
  expect(existsSync(join(data, 'member/identity-next.pem'))).toBe(false)
}, 60_000)

test('F27: a certificate that ended while the office was away is renewed by HTTPS, by the key that the hub knows', async () => {
  const { village, stick } = await bringFile(7, { now: now - 400 * day, days: 430 })
  await hub.close()
  hub = await openHubAt(-400 * day)
  const data = newFolder()
  const box = await start(data, stick, { clock: -400 * day })
  // The certificate is over before the box can use it: as for an office that was closed for a year.
  await until(() => box.relay.technicianView().reason === 'certificate-ended', 20_000)
  await hub.close()
  hub = await openHubAt(0)
  await until(async () => {
    await box.look()
    return (await countOf('certificate', village)) === 2
  }, 20_000)
  await until(() => isSent(box), 20_000)
  expect(codesOf(box).filter((code) => code.startsWith('relay.'))).toEqual([])
}, 90_000)

test('F44: a new box with a reissued file takes the place of a dead one: owner, history, and no number before the last ones are known', async () => {
  const { village, stick } = await bringFile(8)
  const dead = await start(newFolder(), stick, { hardware: { serial: 'dead', card: 'dead' } })
  await dead.people.setUp({ code: dead.setupCode.read() ?? '', name: 'Rudi', pin: '258014', device: 'test' })
  await until(() => isSent(dead))
  const entries = await countOf('entry', village)
  await open.pop()?.close()

  const { stick: newStick } = await bringFile(8, { reissue: true, now: now + 1 })
  const data = newFolder()
  const box = await start(data, newStick, { hardware: { serial: 'new', card: 'new' } })
  expect(box.journal.numbersHeld()).toBe('reissued')
  await until(() => isSent(box) && box.journal.numbersHeld() === null, 60_000)
  const { rows } = await hub.database.query('SELECT owner FROM stream WHERE village = $1', [village])
  expect(rows).toEqual([{ owner: box.identity.box }])
  expect(box.people.accounts().map(({ name }) => name)).toEqual(['Rudi'])
  expect(await countOf('entry', village)).toBeGreaterThan(entries)
}, 120_000)

test('a hub that has lost its enrolments learns them from the fleet folder: the box goes on, a token stays used', async () => {
  const { village, stick } = await bringFile(3, { now: now + 4 })
  const stolen = regency.newFolder('stolen')
  cpSync(stick, stolen, { recursive: true })
  const box = await start(newFolder(), stick)
  await until(() => isSent(box))
  await shareWithHub(regency.made.fleet)
  for (const table of ['signing_key', 'certificate', 'enrolment'])
    await hub.database.query(`DELETE FROM ${table} WHERE village = $1`, [village])
  await shareWithHub(regency.made.fleet)
  await box.people.setUp({ code: box.setupCode.read() ?? '', name: 'Rudi', pin: '258014', device: 'test' })
  await until(() => isSent(box))
  const thief = await start(newFolder(), stolen, { hardware: { serial: 'thief', card: 'thief' } })
  await until(() => codesOf(thief).includes('enrolment.token-used'))
}, 60_000)

test('nothing that opens a door stands in the member file', async () => {
  const { stick, path } = await bringFile(0, { now: now + 2 })
  const text = readFileSync(path, 'utf8')
  const data = newFolder()
  const found = findEnrolmentFile([stick], { member: null, village: null, certain: now })
  if (found?.file) adopt(data, found.file)
  const { token, claim } = JSON.parse(text) as { token: string; claim: { key: string } }
  const member = readFileSync(join(data, 'member/member.json'), 'utf8')
  expect(member).not.toContain(token)
  expect(member).not.toContain(claim.key.split('\n')[1])
})
