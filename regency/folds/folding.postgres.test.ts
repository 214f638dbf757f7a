import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClock, systemClock } from '../../appliance/base/clock.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { WireEntry } from '../../appliance/wire/messages.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { createAdmission, openTestDatabase, quiet, testHubKey, until } from '../../testing/hub-parts.ts'
import type { Database } from '../base/database.ts'
import { knownTypes } from '../base/known-entries.ts'
import { createReceiver } from '../delivery/receiver.ts'
import { folds } from '../folds.ts'
import type { Fold } from './fold.ts'
import { projectVillage, startProjection } from './folding.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let database: Database
let lastVillage = 3_510_020_000

beforeAll(async () => {
  opened = await openTestDatabase()
  database = opened.database
}, 30_000)
afterAll(() => opened.close())

/** A village whose box sends pieces of `entries`. */
async function openVillage(entries: readonly WireEntry[], village = String(++lastVillage)) {
  const box = createTestBox({ village, entries })
  const receiver = createReceiver({
    database,
    ...createAdmission(database, { free: true }),
    clock: createClock(systemClock),
    log: quiet,
    publish: () => {},
    hubKey: testHubKey.privateKey,
  })
  receiver.take(village, 'hello', packFrame(box.hello()))
  await receiver.settle()
  await database.query('INSERT INTO signing_key (village, key, box) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    village,
    box.hello().key,
    box.box,
  ])
  return {
    village,
    async send(first: number, last: number) {
      receiver.take(village, 'up', box.packBatch(first, last))
      await receiver.settle()
    },
    project: async (all = folds) => {
      while (await projectVillage(database, village, all));
    },
    close: () => receiver.close(),
  }
}

const rows = async (sql: string, village: string) =>
  (await database.query<Record<string, unknown>>(sql, [village])).rows

test('the views say how many tickets a day had and how long people waited', async () => {
  const entries = queueEntries(41)
  const last = entries.at(-1)
  if (last)
    entries[40] = {
      ...last,
      type: 'queue.ticket-closed',
      data: { ticket: last.data.ticket, reason: 'no-show' },
    }
  const village = await openVillage(entries)
  await village.send(1, 41)
  await village.project()
  expect(
    await rows(
      'SELECT day::text, service, taken, completed, no_show FROM tickets_per_day WHERE village = $1',
      village.village,
    ),
  ).toEqual([{ day: '2026-11-23', service: 'Surat', taken: '10', completed: '9', no_show: '1' }])
  const [times] = await rows(
    'SELECT wait_p50, wait_p90, serving_p50 FROM waiting_times WHERE village = $1',
    village.village,
  )
  expect(times).toEqual({ wait_p50: 5, wait_p90: 5, serving_p50: 4 })
  await village.close()
})

test('folding in pieces, in any order of epochs, gives what folding at once gives', async () => {
  const entries = queueEntries(61)
  const ticketsOf = (village: string) =>
    rows(
      'SELECT ticket, service, day, number, label, taken_at, called_at, started_at, ended_at, outcome, result, counter FROM ticket WHERE village = $1 ORDER BY ticket',
      village,
    )
  const whole = await openVillage(entries)
  await whole.send(1, 61)
  await whole.project()
  // The later half first, in an epoch of its own.
  const later = await openVillage(entries.slice(30))
  await later.send(1, 31)
  await later.project()
  const earlier = await openVillage(entries.slice(0, 30), later.village)
  for (const first of [1, 11, 21]) {
    await earlier.send(first, first + 9)
    await earlier.project()
  }
  const expected = await ticketsOf(whole.village)
  expect(expected).toHaveLength(15)
  expect(await ticketsOf(later.village)).toEqual(expected)
  for (const village of [whole, later, earlier]) await village.close()
})

test('SYNC-006, F25: an entry that cannot be folded is set aside with its reason, stops nothing, and is tried again', async () => {
  const entries = queueEntries(9)
  const bad = { ...entries[3], type: 'queue.ticket-taken', data: { ticket: 'x' } } as WireEntry
  const village = await openVillage([...entries.slice(0, 5), bad, ...entries.slice(5)])
  await village.send(1, 8)
  await village.project()
  expect(await rows('SELECT type, reason FROM set_aside WHERE village = $1', village.village)).toEqual([
    { type: 'queue.ticket-taken', reason: expect.stringContaining('/') },
  ])
  expect(
    await rows(`SELECT seq FROM projection_cursor WHERE village = $1 AND fold = 'queue'`, village.village),
  ).toEqual([{ seq: '8' }])
  // As if a newer program could fold it.
  await database.query(
    `UPDATE entry SET data = '{"ticket":"tickettickeX","reason":"day-ended"}', type = 'queue.ticket-closed' WHERE village = $1 AND type = 'queue.ticket-taken' AND data->>'ticket' = 'x'`,
    [village.village],
  )
  await village.send(9, 10)
  await village.project()
  expect(await rows('SELECT * FROM set_aside WHERE village = $1', village.village)).toEqual([])
  expect(
    await rows(`SELECT outcome FROM ticket WHERE village = $1 AND ticket = 'tickettickeX'`, village.village),
  ).toEqual([{ outcome: 'closed' }])
  await village.close()
})

test('F26: after the folding has changed, everything is folded again', async () => {
  const village = await openVillage(queueEntries(9))
  await village.send(1, 9)
  await village.project()
  await database.query('UPDATE projection_cursor SET version = 0 WHERE village = $1', [village.village])
  await database.query('DELETE FROM ticket WHERE village = $1', [village.village])
  await village.project()
  expect(await rows('SELECT ticket FROM ticket WHERE village = $1', village.village)).toHaveLength(2)
  await village.close()
})

test('F43: a reader that goes by the cursor skips nothing that commits late', async () => {
  const village = await openVillage(queueEntries(40))
  await village.send(1, 20)
  // Another writer holds the village while its rows are written but not committed.
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let slow: Promise<unknown> = Promise.resolve()
  await new Promise<void>((isHeld) => {
    slow = database.inTransaction(async (client) => {
      await client.query('SELECT 1 FROM stream WHERE village = $1 FOR UPDATE', [village.village])
      isHeld()
      await held
    })
  })
  const late = village.send(21, 40)
  await village.project()
  expect(
    await rows(`SELECT seq FROM projection_cursor WHERE village = $1 AND fold = 'queue'`, village.village),
  ).toEqual([{ seq: '20' }])
  release()
  await slow
  await late
  await village.project()
  expect(
    await rows(`SELECT seq FROM projection_cursor WHERE village = $1 AND fold = 'queue'`, village.village),
  ).toEqual([{ seq: '40' }])
  expect(await rows('SELECT ticket FROM ticket WHERE village = $1', village.village)).toHaveLength(10)
  await village.close()
})

test('two hubs that fold at once fold everything once', async () => {
  const village = await openVillage(queueEntries(200))
  await village.send(1, 200)
  let folded = 0
  const parts = { folds, database, log: quiet, isBusy: () => false, onFolded: () => folded++ }
  const hubs = [startProjection(parts), startProjection(parts)]
  await until(
    async () =>
      (await rows(`SELECT seq FROM projection_cursor WHERE village = $1 AND fold = 'queue'`, village.village))[0]
        ?.seq === '200',
  )
  expect(await rows('SELECT ticket FROM ticket WHERE village = $1', village.village)).toHaveLength(50)
  for (const hub of hubs) await hub.stop()
  await village.close()
})

/** A room that counts what it is given. */
function createCountingFold({ version = 1, types = ['queue.ticket-taken'] } = {}) {
  const given: string[] = []
  const fold = {
    ...{ room: 'counting', version, types },
    fold: (entries) => entries.map(({ name }) => name.toString('hex')),
    write: async (_client, _village, names) => void given.push(...names),
  } satisfies Fold<string[]>
  return { fold, given }
}

const cursorsOf = async (village: string) =>
  (await rows('SELECT fold, seq, version FROM projection_cursor WHERE village = $1 ORDER BY fold', village)).map(
    ({ fold, seq, version }) => [fold, Number(seq), version],
  )

test('a new fold, and another version of one, begins at the beginning; the others fold nothing again', async () => {
  const village = await openVillage(queueEntries(41))
  const queue = createCountingFold({ types: ['queue.ticket-called'] })
  const known = { ...queue.fold, room: 'queue' }
  await village.send(1, 21)
  await village.project([known])
  expect(queue.given).toHaveLength(5)

  const counting = createCountingFold()
  await village.project([known, counting.fold])
  expect([queue.given.length, counting.given.length]).toEqual([5, 5])
  await village.send(22, 41)
  await village.project([known, counting.fold])
  expect([queue.given.length, counting.given.length]).toEqual([10, 10])
  expect(await cursorsOf(village.village)).toEqual([
    ['counting', 41, 1],
    ['queue', 41, 1],
  ])

  const next = createCountingFold({ version: 2 })
  await village.project([known, next.fold])
  expect([queue.given.length, next.given.length]).toEqual([10, 10])
  expect(new Set(next.given)).toEqual(new Set(counting.given))
  expect(await cursorsOf(village.village)).toEqual([
    ['counting', 41, 2],
    ['queue', 41, 1],
  ])
  await village.close()
})

test('what one fold cannot take stays set aside when another one can', async () => {
  const [first, ...more] = queueEntries(5)
  const bad = { ...first, type: 'queue.ticket-taken', data: { ticket: 'x' } } as WireEntry
  const village = await openVillage([bad, ...more])
  const { fold } = createCountingFold()
  await village.send(1, 3)
  await village.project([...folds, fold])
  const aside = () => rows('SELECT fold FROM set_aside WHERE village = $1 ORDER BY fold', village.village)
  expect(await aside()).toEqual([{ fold: 'counting' }, { fold: 'queue' }])
  await village.send(4, 5)
  await village.project([fold])
  expect(await aside()).toEqual([{ fold: 'counting' }, { fold: 'queue' }])
  await village.close()
})

test('no two folds of the hub have one name, and none leaves the entries of another type unlooked at', () => {
  expect(new Set(folds.map(({ room }) => room)).size).toBe(folds.length)
  const types = folds.flatMap((fold) => fold.types)
  expect(new Set(types).size).toBe(types.length)
  expect(types.toSorted()).toEqual(knownTypes.toSorted())
})
