import type { TSchema } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClock } from '../../appliance/base/clock.ts'
import { newId } from '../../appliance/base/ids.ts'
import { eventsOf } from '../../appliance/base/rooms/room.ts'
import { rooms } from '../../appliance/rooms.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { Health, WireEntry } from '../../appliance/wire/messages.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { openTestReceiver, quiet } from '../../testing/hub-parts.ts'
import { startPostgres } from '../../testing/servers.ts'
import { writeAlarms } from '../alarms/alarms.ts'
import { type Database, openDatabase } from '../base/database.ts'
import { whyUnreadable } from '../base/known-entries.ts'
import { migrate } from '../base/migrate.ts'
import { loadVillages } from '../base/villages.ts'
import { readVillageFacts } from '../console/metric-facts.ts'
import { formatMetrics } from '../console/metrics.ts'
import { readOverview } from '../console/overview.ts'
import { projectVillage } from '../folds/folding.ts'
import { folds } from '../folds.ts'
import { compareDayTotals } from './day-totals.ts'
import { readBatch } from './message.ts'
import { createPresenceTable } from './presence-table.ts'

/* One enrolled village among three says what it likes, through the real receiver into a real PostgreSQL. */

let server: Awaited<ReturnType<typeof startPostgres>>
let untouched: Database
let poisoned: Database
const [first, second, evil] = ['3510012001', '3510012002', '3510012666'] as const
const now = Date.UTC(2026, 10, 23, 5)

beforeAll(async () => {
  server = await startPostgres({ settings: { fsync: 'off' } })
  ;[untouched, poisoned] = await Promise.all([openHubDatabase('untouched'), openHubDatabase('poisoned')])
}, 60_000)
afterAll(async () => {
  await untouched.close()
  await poisoned.close()
  await server.stop()
})

async function openHubDatabase(name: string): Promise<Database> {
  const database = await openDatabase({ url: await server.createDatabase(name), connections: 4, log: quiet })
  await migrate(database)
  const rows = [first, second, evil].map((village) => ({
    ...{ village, kind: 'desa' as const, name: `Uji ${village}` },
    ...{ district_code: '351001', district: 'Uji' },
  }))
  await loadVillages(database, rows, '2026-01-01')
  return database
}

const weapons: unknown[] = [
  ...[
    null,
    true,
    -1,
    0.5,
    1e300,
    -1e300,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [[]],
    [null],
    '',
    'constructor',
    '__proto__',
  ],
  ...['\0', 'restored\0', 'a\0b', '\u202e', 'x'.repeat(15_000), '9999-99-99', '0001-01-01'],
  JSON.parse('{"__proto__": 1, "constructor": 1}'),
  [['\0', 1, 1]],
  [['aaaaaaaaaaaa', 1, 1e15]],
  { constructor: 1 },
  { 'queue.ticket-taken': 1e300 },
]
const refusedWeapons = ['\ud800', 'x'.repeat(64 * 1024)]

/** Some value that a schema may take: what stands beside the poison. */
function sample(schema: TSchema): unknown {
  const { const: literal, type, anyOf, properties, items } = schema as Record<string, never>
  if (literal !== undefined) return literal
  if (anyOf) return sample(anyOf[0])
  switch (type as unknown as string) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties ?? {}).map(([name, member]) => [name, sample(member as TSchema)]),
      )
    case 'array':
      return Array.isArray(items) ? (items as TSchema[]).map(sample) : []
    case 'integer':
    case 'number':
      return 1
    case 'boolean':
      return true
    default:
      return 'aaaaaaaaaaaa'
  }
}

const entry = (type: string, data: unknown, at = now): WireEntry => ({
  ...{ type, at, clock: 'synced', actor: 'box', key: newId() },
  data: data as WireEntry['data'],
})

/** Each type with each of its members replaced, by whatever a batch may hold at all. */
function* poisonEntries(): Generator<WireEntry> {
  for (const [type, { schema }] of Object.entries({
    ...eventsOf(rooms),
    'queue.teleported': { schema: {} as TSchema },
  })) {
    const data = sample({ ...schema, type: 'object' } as TSchema) as Record<string, unknown>
    for (const weapon of weapons) {
      for (const name of Object.keys(data)) yield entry(type, { ...data, [name]: weapon })
      yield entry(type, { ...data, extra: weapon })
    }
    yield entry(type, {})
    for (const at of [-1, 0, 8.64e15, Number.MAX_SAFE_INTEGER]) yield entry(type, data, at)
    yield entry(type, JSON.parse('{"__proto__": {"ticket": "aaaaaaaaaaaa"}, "constructor": 1}'))
  }
  yield entry('journal.epoch-began', { serial: 's', card: 'c', continues: null, why: 'restored\0' })
  yield entry('journal.day-totalled', { places: [], counts: { constructor: 1 } })
  yield entry('journal.day-totalled', { places: [['aaaaaaaaaaaa', 1, 1]], counts: { 'a.constructor': 1 } })
}

const calm = [first, second].map((village) => {
  const entries = queueEntries(41)
  const epoch = village === first ? 'epochFirst01' : 'epochSecond1'
  const counts: Record<string, number> = {}
  for (const { type } of entries) counts[type] = (counts[type] ?? 0) + 1
  // The second one miscounts: an alarm that stays whatever the third does.
  if (village === second) counts['queue.ticket-taken'] = 99
  const total = entry('journal.day-totalled', { places: [[epoch, 1, 41]], counts })
  return createTestBox({ village, epoch, entries: [...entries, total] })
})

const health = (changes: object = {}): Health & object => ({
  ...{ session: 'a'.repeat(16), at: 1, clock: 'synced', backlog_entries: 7, disk_free_bytes: null },
  queue: { waiting: 3, serving: 1, taken_today: 9, completed_today: 5, median_wait_minutes: 4 },
  ...{ database_bytes: 1, wal_bytes: 1, temperature_c: null, undervoltage: null, printer: null },
  ...{ certificate_days_left: null, alarms: [{ code: 'disk.low', since: 5 }] },
  ...changes,
})

async function openRegency(database: Database) {
  const line = openTestReceiver(database, { free: true })
  const clock = createClock({ wall: () => now, monotonic: () => 0 })
  const { meters, strangers } = line
  const contacts = createPresenceTable({
    ...{ database, clock, log: quiet, meters, strangers, onChanged: () => {} },
    onRefused: (village, refused) => line.receiver.noteRefused(village, refused),
  })
  for (const box of calm) {
    await line.ask(box.village, 'hello', packFrame(box.hello()))
    await line.ask(box.village, 'up', box.packBatch(1, 42))
    const { session, village } = box
    const online = { state: 'online', session, box: box.box, version: '1' }
    contacts.takePresence(village, packFrame(online))
    contacts.takeHealth(village, packFrame(health({ session })), { retained: false })
  }
  return { ...line, contacts }
}

/** All that walks villages, in the order in which the hub does it. */
async function runJobs(database: Database) {
  for (const village of [evil, first, second]) while (await projectVillage(database, village, folds));
  for (let i = 0; i < 3; i++) await compareDayTotals(database)
  const alarms = await writeAlarms(database, [])
  const overview = await readOverview(database, { name: 'Uji', zone: 'Asia/Jakarta', now, districts: null })
  const totals = { hellos: 0, wants: 0, batches: 0, entries: 0, refused: 0, dropped: 0, failed: 0, waiting: 0 }
  const metrics = formatMetrics({
    ...{ totals, overview, alarms },
    databaseUp: true,
    linkUp: true,
    backupAgeSeconds: null,
    clockOffsetMs: 0,
    facts: await readVillageFacts(database, null),
    ownEnds: [],
  })
  const others = <T extends { village: string }>(rows: readonly T[]) => rows.filter(({ village }) => village !== evil)
  return {
    alarms,
    ofOthers: {
      alarms: others(alarms).map(({ village, code, details }) => ({ village, code, details })),
      villages: others(overview.villages).map((row) => ({ ...row, alarms: row.alarms.map(({ code }) => code) })),
      counts: others(overview.dayCounts.differ),
      aside: others(overview.setAside),
      median: overview.medianWaitMinutes,
      metrics: metrics.split('\n').filter((text) => text.includes(first) || text.includes(second)),
    },
  }
}

test('whatever one village sends, the others’ figures are what they are without it, and an alarm names it', async () => {
  const calmOnly = await openRegency(untouched)
  await calmOnly.contacts.settle()
  const expected = await runJobs(untouched)
  expect(expected.ofOthers.villages).toMatchObject([{ ticketsToday: 10, waiting: 3 }, { ticketsToday: 10 }])
  expect(expected.ofOthers.alarms).toEqual([{ village: second, code: 'totals.differ', details: { days: 1 } }])

  const hub = await openRegency(poisoned)
  const candidates = [...poisonEntries()]
  const probe = createTestBox({ village: evil, entries: queueEntries(1) })
  const isTaken = (one: WireEntry) => 'batch' in readBatch(packFrame({ ...probe.batch(1, 1), entries: [one] }))
  const stored = candidates.filter(isTaken)
  expect(stored.length).toBeGreaterThan(2_000)
  const box = createTestBox({ village: evil, entries: stored })
  await hub.ask(evil, 'hello', packFrame(box.hello()))
  for (let from = 1; from <= stored.length; from += 40) {
    const to = Math.min(from + 39, stored.length)
    expect(await hub.ask(evil, 'up', packFrame(box.batch(from, to)))).toMatchObject({ seq: to })
  }
  for (const text of refusedWeapons)
    hub.receiver.take(evil, 'up', packFrame({ ...box.batch(1, 1), entries: [entry('queue.x', { text })] }))
  hub.receiver.take(evil, 'up', packFrame({ ...box.batch(1, 1), entries: [entry('queue.x', {}, 1e300)] }))
  for (const weapon of [...weapons, ...refusedWeapons, 'x'.repeat(1_000_000)]) {
    for (const name of Object.keys(health())) sendHealth(hub, health({ [name]: weapon }))
    sendHealth(hub, health({ alarms: [{ code: weapon, since: weapon }] }))
    sendHealth(hub, health({ extra: weapon, queue: weapon }))
    for (const name of ['state', 'session', 'box', 'version']) {
      const online = { state: 'online', session: 'b'.repeat(16), box: 'b'.repeat(22), version: '1', [name]: weapon }
      hub.contacts.takePresence(evil, packFrame(online))
    }
    for (const name of ['session', 'n', 'box', 'key', 'epochs'])
      hub.receiver.take(evil, 'hello', packFrame({ ...box.hello(), [name]: weapon }))
    await hub.receiver.settle()
  }
  await hub.contacts.settle()
  await hub.receiver.close()

  const found = await runJobs(poisoned)
  expect(found.ofOthers).toEqual(expected.ofOthers)
  expect(found.alarms.filter(({ village }) => village === evil).map(({ code }) => code)).toEqual(
    expect.arrayContaining(['entries.set-aside', 'messages.refused']),
  )
  const { rows } = await poisoned.query<{ n: number; unexplained: number }>(
    `SELECT count(*)::int AS n, count(*) FILTER (WHERE reason = '')::int AS unexplained FROM set_aside WHERE village = $1`,
    [evil],
  )
  const unreadable = stored.filter(({ type, at, data }) => whyUnreadable(type, at, data) !== null)
  expect(rows).toEqual([{ n: unreadable.length, unexplained: 0 }])
  await calmOnly.receiver.close()
}, 120_000)

function sendHealth({ contacts }: Awaited<ReturnType<typeof openRegency>>, message: object) {
  contacts.takeHealth(evil, packFrame(message), { retained: false })
}

test('one village with all kinds of entries set aside does not push another one out of the list', async () => {
  await poisoned.query(
    `INSERT INTO set_aside (village, name, type, reason) VALUES ($1, '\\x01', 'queue.ticket-taken', 'of another village')`,
    [second],
  )
  const { setAside } = await readOverview(poisoned, { name: '', zone: 'Asia/Jakarta', now, districts: null })
  expect(setAside).toHaveLength(50)
  expect(setAside.filter(({ village }) => village === second)).toMatchObject([{ reason: 'of another village' }])
})

test('what an older program has stored of a village does not blank the others', async () => {
  await poisoned.query(`UPDATE contact SET health = '{"alarms": 7, "backlog_entries": {}}' WHERE village = $1`, [evil])
  await poisoned.query(
    `INSERT INTO day_total (village, name, at, counted, differs, checked_at)
     VALUES ($1, '\\x01', now(), 1, '{"constructor": [1, null], "__proto__": 3, "queue.x": [1, 2]}', now())`,
    [evil],
  )
  const overview = await readOverview(poisoned, { name: '', zone: 'Asia/Jakarta', now, districts: null })
  expect(overview.villages.map(({ village }) => village)).toEqual([first, second, evil])
  expect(overview.dayCounts.differ.find(({ village }) => village === evil)?.types).toEqual([['queue.x', 1, 2]])
})
