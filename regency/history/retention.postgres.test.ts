import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../appliance/base/time.ts'
import { filledVillage, fillRegency } from '../../testing/fill-regency.ts'
import { openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { hubItself } from '../base/audit.ts'
import type { Retention } from '../base/config.ts'
import { agedTables, applyRetention, measureAged, startRetention } from './retention.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const zone = 'Asia/Jakarta'
const now = Date.now()
const village = filledVillage(0)
/** As short as hub.toml takes them. */
const shortest: Retention = { nightly: true, health_days: 92, alarm_days: 30, meter_days: 30, command_days: 90 }

beforeAll(async () => {
  opened = await openTestDatabase()
  await fillRegency(opened.server.url, { villages: 2, days: 120, ticketsADay: 2, zone: 'UTC', now })
  const name = `(SELECT name FROM entry WHERE village = '${village}' LIMIT 1)`
  for (const text of [
    `INSERT INTO sealed (village, name, file) VALUES ('${village}', ${name}, 'age')`,
    `INSERT INTO erased (village, name) VALUES ('${village}', ${name})`,
    `INSERT INTO command_given (key, type, data, created_at, expires, doer) VALUES ('wipe', 'wipe', '{}', '2020-01-01', '2020-02-01', 'Rina')`,
    `INSERT INTO command (village, id, given) SELECT '${village}', 'wipe', given FROM command_given WHERE type = 'wipe'`,
    `INSERT INTO planned_work (place, begins, ends, reason, account, name) VALUES ('', '2020-01-01', '2020-01-02', 'PLN', 'a', 'Rina')`,
  ])
    await opened.database.query(text)
}, 60_000)
afterAll(() => opened.close())

/** Every table with its rows. */
async function countAll(): Promise<Record<string, number>> {
  const { rows } = await opened.database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of rows)
    counts[name] = Number((await opened.database.query(`SELECT count(*) AS n FROM ${name}`)).rows[0]?.n)
  return counts
}

test('a dry run counts what goes and changes nothing; the run removes just that, and says so in the audit', async () => {
  const before = await countAll()
  const said = await opened.database.withClient((client) => measureAged(client, shortest, now))
  expect(await countAll()).toEqual(before)
  const gone = Object.fromEntries(said.map(({ table, rows }) => [table, rows]))
  expect(gone).toMatchObject({ meter: 2 * 89, planned_work: 1, health_day: 2 * 9 })
  expect(said.find(({ table }) => table === 'meter')?.bytes).toBeGreaterThan(1_000)

  expect(await applyRetention(opened.database, { retention: shortest, now, by: hubItself })).toEqual(said)
  const after = await countAll()
  for (const { table, rows } of said) expect([table, after[table]]).toEqual([table, (before[table] ?? 0) - rows])
  const { rows } = await opened.database.query('SELECT actor, data FROM audit ORDER BY id DESC LIMIT 1')
  expect(rows).toMatchObject([{ actor: 'hub', data: { rows: said.reduce((sum, one) => sum + one.rows, 0) } }])
  expect(rows[0]?.data.tables).toContain(`meter ${gone.meter}`)

  await applyRetention(opened.database, { retention: shortest, now, by: hubItself })
  expect((await countAll()).audit).toBe(after.audit)
})

test('a century later entries, places, private parts, tickets, orders to wipe and the audit are still there', async () => {
  const before = await countAll()
  await applyRetention(opened.database, { retention: shortest, now: now + 100 * 365 * dayMs, by: hubItself })
  const after = await countAll()
  expect(before).toMatchObject({ entry: 2 * 120 * 11, place: 2 * 120 * 11, sealed: 1, erased: 1, ticket: 2 * 120 * 2 })
  const changed = Object.keys(before).filter((table) => after[table] !== before[table])
  expect(changed.filter((table) => !agedTables.includes(table))).toEqual(['audit'])
  expect(after).toMatchObject({ meter: 0, trouble: 0, notified: 0, health_day: 0, command_given: 1, command: 1 })
})

test('the hub does it by itself once a night, if it shall, and by no clock that another one contradicts (R3)', async () => {
  const { database } = opened
  const due = Date.parse('2126-06-01T02:30:00+07:00')
  const rows = async () => (await countAll()).meter
  const old = () => database.query(`INSERT INTO meter (village, day) VALUES ($1, '2020-01-01')`, [village])
  await old()
  let at = due - dayMs / 2
  const never = startRetention({
    database,
    log: quiet,
    now: () => due,
    zone,
    retention: { ...shortest, nightly: false },
  })
  await never.look()
  await never.stop()
  let doubted = false
  const nightly = startRetention({
    ...{ database, log: quiet, now: () => at, zone, retention: shortest },
    isClockDoubted: () => doubted,
  })
  await nightly.look()
  expect(await rows()).toBe(1)
  at = due
  doubted = true
  await nightly.look()
  expect(await rows()).toBe(1)
  doubted = false
  await nightly.look()
  expect(await rows()).toBe(0)
  await old()
  await nightly.look()
  expect(await rows()).toBe(1)
  at = due + dayMs
  await nightly.look()
  expect(await rows()).toBe(0)
  await nightly.stop()
})
