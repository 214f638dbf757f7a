import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { hubItself } from '../base/audit.ts'
import { publish } from '../datasets/publishing.ts'
import { officeFold } from '../folds/office.ts'
import { writeAlarms } from './alarms.ts'
import { findSilent } from './silence.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const [village, other] = ['3510012001', '3510012002']
const zone = 'Asia/Jakarta'
const at = (text: string) => Date.parse(`${text}:00+07:00`)
/** A Monday. */
const since = at('2026-11-23T09:00')

beforeAll(async () => {
  opened = await openTestDatabase()
  for (const code of [village, other])
    await opened.database.query(
      `INSERT INTO village (village, kind, name, district_code, district, valid_from)
       VALUES ($1, 'desa', 'Desa', '351001', 'Pesanggaran', '2020-01-01')`,
      [code],
    )
}, 30_000)
beforeEach(async () => {
  for (const table of ['contact', 'office_hours', 'holiday_waived', 'dataset_offer', 'alarm'])
    await opened.database.query(`DELETE FROM ${table}`)
  await opened.database.query(
    `INSERT INTO contact (village, state, since) VALUES ($1, 'offline', to_timestamp($2 / 1000.0))`,
    [village, since],
  )
})
afterAll(() => opened.close())

const silentAt = async (text: string) =>
  (await findSilent(opened.database, { now: at(text), zone })).map((found) => found.village)

type Said = { type: string; at: number; data: unknown }
async function fold(entries: Said[]) {
  const folded = officeFold.fold(entries.map((entry) => ({ name: Buffer.alloc(32), ...entry })))
  await opened.database.inTransaction((client) => officeFold.write(client, village, folded))
}
const hoursChanged = (from: number, until: number, moment: number, service: string | null = null): Said => ({
  ...{ type: 'queue.hours-changed', at: moment },
  data: { service, week: Array.from({ length: 7 }, () => [{ from: from * 60, until: until * 60 }]) },
})
const publishHolidays = (days: string[]) =>
  opened.database.inTransaction(async (client) => {
    const { rows } = await client.query<{ newest: string | null }>(
      `SELECT max(version) AS newest FROM dataset_version WHERE dataset = 'holidays'`,
    )
    const expected = rows[0]?.newest ? Number(rows[0].newest) : null
    const content = { holidays: days.map((day) => ({ day, name: 'Libur' })) }
    const given = { content, places: 'all', stage: 'all', expected, note: '', now: since } as const
    return publish(client, { dataset: 'holidays', ...given }, hubItself)
  })

test('a box that is away in usual office hours is an alarm since it went, until it is back', async () => {
  expect(await silentAt('2026-11-23T09:10')).toEqual([])
  const found = await findSilent(opened.database, { now: at('2026-11-23T09:20'), zone })
  expect(found).toEqual([{ village, code: 'box.silent', since }])
  const alarm = { village, code: 'box.silent', severity: 'action', since }
  expect(await writeAlarms(opened.database, found)).toMatchObject([alarm])
  expect(await writeAlarms(opened.database, found)).toMatchObject([alarm])
  await opened.database.query(`UPDATE contact SET state = 'connected'`)
  expect(await silentAt('2026-11-23T09:20')).toEqual([])
  expect(await writeAlarms(opened.database, [])).toEqual([])
})

test('the office’s own hours count, the newest of them, and not those of one service', async () => {
  await fold([hoursChanged(18, 21, 20), hoursChanged(13, 14, 10)])
  await fold([hoursChanged(9, 10, 30, 'serviceservi')])
  await fold([hoursChanged(13, 14, 10)])
  expect(await silentAt('2026-11-23T17:00')).toEqual([])
  expect(await silentAt('2026-11-23T18:20')).toEqual([village])
})

test('its own holidays and those of the regency do, unless it waives one', async () => {
  await fold([
    { type: 'queue.holidays-changed', at: 1, data: { holidays: [{ day: '2026-11-23', name: 'Libur desa' }] } },
  ])
  expect(await silentAt('2026-11-23T12:00')).toEqual([])
  expect(await silentAt('2026-11-24T08:20')).toEqual([village])
  await publishHolidays(['2026-11-24'])
  expect(await silentAt('2026-11-24T12:00')).toEqual([])
  const waive = (waived: boolean, moment: number) =>
    fold([{ type: 'queue.holiday-waived', at: moment, data: { day: '2026-11-24', waived } }])
  await waive(true, 20)
  await waive(false, 10)
  expect(await silentAt('2026-11-24T08:20')).toEqual([village])
  await waive(false, 30)
  expect(await silentAt('2026-11-24T12:00')).toEqual([])
})
