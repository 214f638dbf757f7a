import { generateKeyPairSync } from 'node:crypto'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { computeChain } from '../../appliance/wire/chain.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import type { Chunk, WireEntry } from '../../appliance/wire/messages.ts'
import { publicKeyOf, verifyChunk } from '../../appliance/wire/sign.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { makeTestFolder, openTestDatabase, openTestReceiver, quiet, testHubKey } from '../../testing/hub-parts.ts'
import { startAlarms, writeAlarms } from '../alarms/alarms.ts'
import { hubItself } from '../base/audit.ts'
import { createClockCheck } from '../base/clock-check.ts'
import type { Database } from '../base/database.ts'
import { projectVillage } from '../folds/folding.ts'
import { folds } from '../folds.ts'
import { listBoxes, setOwner } from './box-ownership.ts'
import { compareDayTotals } from './day-totals.ts'
import { createMeters, hourlyLimits } from './meters.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let database: Database
let lastVillage = 3_510_030_000
const { folder, remove } = makeTestFolder('care')

beforeAll(async () => {
  opened = await openTestDatabase()
  database = opened.database
}, 30_000)
afterAll(async () => {
  await opened.close()
  remove()
})
const newVillage = () => String(++lastVillage)
const alarmsOf = async (village: string) =>
  (await writeAlarms(database, [])).filter((alarm) => alarm.village === village).map(({ code }) => code)

function totalled(epoch: string, entries: readonly WireEntry[], changes: Record<string, number> = {}): WireEntry {
  const counts: Record<string, number> = {}
  for (const { type } of entries) counts[type] = (counts[type] ?? 0) + 1
  return {
    type: 'journal.day-totalled',
    at: 1_795_400_000_000,
    clock: 'synced',
    actor: 'box',
    data: { places: [[epoch, 1, entries.length]], counts: { ...counts, ...changes } },
  }
}

test('SYNC-015: a day’s count that agrees is kept, one that differs raises an alarm until the rows are there', async () => {
  const village = newVillage()
  const entries = queueEntries(20)
  const epoch = 'epochAepochA'
  const box = createTestBox({ village, epoch, entries: [...entries, totalled(epoch, entries)] })
  const { ask, receiver } = openTestReceiver(database)
  await ask(village, 'hello', packFrame(box.hello()))
  await ask(village, 'up', box.packBatch(1, 21))
  while (await projectVillage(database, village, folds));
  await database.query('UPDATE place SET seq = -seq WHERE village = $1 AND seq = 5', [village])
  await compareDayTotals(database)
  const { rows } = await database.query<{ differs: unknown }>('SELECT differs FROM day_total WHERE village = $1', [
    village,
  ])
  expect(rows[0]?.differs).toEqual({ [entries[4]?.type ?? '']: [expect.any(Number), expect.any(Number)] })
  expect(await alarmsOf(village)).toEqual(['totals.differ'])
  await database.query('UPDATE place SET seq = -seq WHERE village = $1 AND seq < 0', [village])
  await compareDayTotals(database)
  expect(await alarmsOf(village)).toEqual([])
  await receiver.close()
})

test('F11, F44: a second box is named by an alarm; made the owner, its key counts and the first one is foreign', async () => {
  const village = newVillage()
  const first = createTestBox({ village, entries: queueEntries(5) })
  const second = createTestBox({ village, entries: queueEntries(5) })
  const { ask, receiver } = openTestReceiver(database)
  await ask(village, 'hello', packFrame(first.hello()))
  const other = 'x'.repeat(22)
  const hello = { ...second.hello(), box: other }
  expect(await ask(village, 'hello', packFrame(hello))).toMatchObject({ owner: first.box })
  expect((await ask(village, 'up', packFrame(second.batch(1, 5, { box: other })))).refused?.code).toBe('unknown-key')
  expect(await alarmsOf(village)).toContain('box.foreign')
  await setOwner(database, village, other, hubItself)
  expect(await ask(village, 'hello', packFrame({ ...hello, n: 9 }))).toMatchObject({ owner: other })
  expect((await ask(village, 'up', packFrame(second.batch(1, 5, { box: other })))).seq).toBe(5)
  expect(await listBoxes(database, village)).toMatchObject([
    { box: other, owner: true, enrolled: true },
    { box: first.box, owner: false, enrolled: true },
  ])
  await expect(setOwner(database, village, 'never-seen', hubItself)).rejects.toMatchObject({ code: 'hub.box-unknown' })
  await receiver.close()
})

test('F60: at the first hello after rows were lost the cursor goes back to the last entry before the hole', async () => {
  const village = newVillage()
  const box = createTestBox({ village, entries: queueEntries(30) })
  const { ask, receiver } = openTestReceiver(database, { doubtedAt: () => Date.now() + 60_000 })
  await ask(village, 'hello', packFrame(box.hello()))
  await ask(village, 'up', box.packBatch(1, 30))
  await database.query('DELETE FROM place WHERE village = $1 AND seq BETWEEN 11 AND 12', [village])
  expect(await ask(village, 'hello', packFrame(box.hello()))).toMatchObject({ epochs: [{ seq: 10 }] })
  await database.query(
    `DELETE FROM entry e USING place p WHERE e.village = $1 AND p.village = $1 AND p.name = e.name AND p.seq = 3`,
    [village],
  )
  expect(await ask(village, 'hello', packFrame(box.hello()))).toMatchObject({ epochs: [{ seq: 2 }] })
  expect((await ask(village, 'up', box.packBatch(3, 30))).seq).toBe(30)
  expect(await ask(village, 'hello', packFrame(box.hello()))).toMatchObject({ epochs: [{ seq: 30 }] })
  await receiver.close()
})

test('SYNC-008: history of several epochs is what the table holds, in order, and each chain ends in its head', async () => {
  const village = newVillage()
  const { privateKey } = generateKeyPairSync('ed25519')
  const box = createTestBox({ village, entries: queueEntries(30), privateKey })
  const { ask, receiver } = openTestReceiver(database)
  await ask(village, 'hello', packFrame(box.hello()))
  await ask(village, 'up', box.packBatch(1, 30))
  const older = createTestBox({ village, entries: queueEntries(7), privateKey })
  await ask(village, 'up', older.packBatch(1, 7))
  const hashOf = ({ hashAt }: typeof box, seq: number) => hashAt(seq).toString('base64url')
  const asked = [
    { epoch: box.epoch, from: 10, prev: hashOf(box, 10) },
    { epoch: older.epoch, from: 0, prev: hashOf(older, 0) },
  ]
  const want = async (epochs: typeof asked) =>
    (await ask(village, 'want', packFrame({ session: box.session, n: 5, epochs }))) as unknown as Chunk
  const chunk = await want(asked)
  expect(chunk).toMatchObject({
    re: 5,
    epochs: [
      { epoch: box.epoch, first: 11, head: hashOf(box, 30), entries: box.batch(11, 30).entries },
      { epoch: older.epoch, first: 1, head: hashOf(older, 7), entries: older.batch(1, 7).entries },
    ],
  })
  expect(verifyChunk(publicKeyOf(testHubKey.privateKey), village, chunk)).toBe(true)
  const wrong = await want(asked.map((one) => ({ ...one, from: one.from + 1 })))
  expect(wrong.epochs.map(({ entries, head }) => [entries.length, head])).toEqual([
    [0, hashOf(box, 10)],
    [0, hashOf(older, 0)],
  ])
  await receiver.close()
})

test('F60: an entry whose row was lost and came again at its first place is given out at a later place with its origin', async () => {
  const village = newVillage()
  const { ask, receiver } = openTestReceiver(database)
  const box = createTestBox({ village, entries: queueEntries(5) })
  await ask(village, 'hello', packFrame(box.hello()))
  await ask(village, 'up', box.packBatch(1, 5))
  // What stayed of a later epoch when the row was lost: a place of the third entry, which names its first one.
  const epoch = 'laterepoch01'
  const origin: WireEntry['origin'] = [box.epoch, 3, box.hashAt(2).toString('base64url')]
  const start = epochStart(village, epoch)
  const moved = { ...box.batch(3, 3).entries[0], origin } as WireEntry
  const [link] = computeChain(village, epoch, 1, start, [moved])
  expect(link?.name).toEqual(box.hashAt(3))
  await database.query('INSERT INTO place VALUES ($1, $2, 1, $3, $4)', [village, epoch, link?.hash, link?.name])
  await database.query('INSERT INTO epoch_cursor VALUES ($1, $2, 1, $3)', [village, epoch, link?.hash])

  const want = { session: box.session, n: 9, epochs: [{ epoch, from: 0, prev: start.toString('base64url') }] }
  const whole = async () => ((await ask(village, 'want', packFrame(want))) as unknown as Chunk).epochs[0]
  expect(await whole()).toMatchObject({ entries: [moved], head: link?.hash.toString('base64url') })
  // Without the first place nobody can say what the origin is: what is behind it waits.
  await database.query('DELETE FROM place WHERE village = $1 AND epoch = $2 AND seq = 3', [village, box.epoch])
  expect((await whole())?.entries).toEqual([])
  await receiver.close()
})

test('SYNC-016, F63: a village that asks without end is cut off with that kind for the hour, counted, and shown; its other kinds and others pass', async () => {
  const [loud, calm] = [newVillage(), newVillage()]
  let now = 0
  const meters = createMeters(database, () => now)
  const hello = { bytes: 100, unpackedBytes: 300, busyMs: 0 }
  for (let i = 0; i < hourlyLimits.hello.messages; i++) {
    expect(meters.mayPass(loud, 'hello')).toBe(true)
    meters.spend(loud, 'hello', hello)
  }
  expect(meters.mayPass(loud, 'hello')).toBe(false)
  expect((['up', 'want', 'renew', 'presence', 'health'] as const).every((kind) => meters.mayPass(loud, kind))).toBe(
    true,
  )
  expect(meters.mayPass(calm, 'hello')).toBe(true)
  await meters.flush()
  expect(await alarmsOf(loud)).toEqual(['line.over-limit'])
  expect(await alarmsOf(calm)).toEqual([])
  now = 3_600_001
  expect(meters.mayPass(loud, 'hello')).toBe(true)
  await meters.close()
})

test('the age of the backup’s stamp is an alarm when the file is old or not there', async () => {
  const stamp = join(folder, 'stamp')
  const look = async () => {
    const alarms = startAlarms({
      clockCheck: createClockCheck(() => 0),
      ...{ database, log: quiet, now: Date.now, zone: 'Asia/Jakarta', monotonicMs: () => 0, backupStamp: stamp },
    })
    await alarms.look()
    const codes = alarms.list().filter(({ village }) => village === '')
    await alarms.stop()
    return codes.map(({ code }) => code)
  }
  expect(await look()).toEqual(['backup.absent'])
  writeFileSync(stamp, '')
  expect(await look()).toEqual([])
  const old = Date.now() / 1_000 - 27 * 3_600
  utimesSync(stamp, old, old)
  expect(await look()).toEqual(['backup.old'])
})

test('a stamp of a clock that was years ahead does not stay young', async () => {
  const stamp = join(folder, 'stamp-ahead')
  writeFileSync(stamp, '')
  const ahead = Date.UTC(2036, 0, 1) / 1_000
  utimesSync(stamp, ahead, ahead)
  let monotonic = 0
  const alarms = startAlarms({
    clockCheck: createClockCheck(() => 0),
    ...{ database, log: quiet, now: Date.now, zone: 'Asia/Jakarta' },
    ...{ monotonicMs: () => monotonic, backupStamp: stamp },
  })
  await alarms.look()
  const codes = () => alarms.list().filter(({ village }) => village === '')
  expect(codes()).toEqual([])
  monotonic = 27 * 3_600_000
  await alarms.look()
  expect(codes()).toMatchObject([{ code: 'backup.old' }])
  await alarms.stop()
})
