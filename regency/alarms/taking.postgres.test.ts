import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { boxHealth } from '../../testing/box-health.ts'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { writeAlarms } from './alarms.ts'
import { endWork, planWork, readPlannedWork, workAt } from './planned-work.ts'
import { releaseAlarm, takeAlarm } from './taking.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const village = '3510242008'
const [rina, tono] = [
  { account: 'rrrrrrrrrrrr', actor: 'Rina' },
  { account: 'tttttttttttt', actor: 'Tono' },
]
const ofHub = { village: '', code: 'hub.backup.old' }
const ofBox = { village, code: 'printer.offline' }

beforeAll(async () => {
  opened = await openTestDatabase()
})
beforeEach(async () => {
  await opened.database.query('DELETE FROM alarm_taken')
  await writeAlarms(opened.database, [{ village: '', code: 'backup.old', details: { hours: 72 } }])
  await sayHealth(['printer.offline'])
})
afterAll(() => opened.close())

/** What the village's box says now. */
async function sayHealth(codes: string[]) {
  await opened.database.query(
    `INSERT INTO contact (village, state, since, health) VALUES ($1, 'connected', now(), $2)
     ON CONFLICT (village) DO UPDATE SET health = excluded.health`,
    [village, JSON.stringify(boxHealth(codes))],
  )
}

const take = (alarm: typeof ofHub, by = rina, from: string | null = null, note = '') =>
  takeAlarm(opened.database, { ...alarm, note, from }, by)
const taken = async () =>
  (await opened.database.query('SELECT village, code, name, note FROM alarm_taken ORDER BY village')).rows

test('an alarm is taken with a note, of the hub or of a box, and the note may change', async () => {
  await take(ofHub, rina, null, 'Disk penuh')
  await take(ofBox, tono)
  await take(ofHub, rina, rina.account, 'Disk baru dipesan')
  expect(await taken()).toEqual([
    { ...ofHub, name: 'Rina', note: 'Disk baru dipesan' },
    { ...ofBox, name: 'Tono', note: '' },
  ])
})

test('who mends it, and until when it is taken, are said and told to the audit', async () => {
  const until = Date.UTC(2026, 10, 24)
  await takeAlarm(opened.database, { ...ofBox, note: 'Kartu dipesan', owner: 'Pak Budi', until, from: null }, rina)
  const { rows } = await opened.database.query('SELECT owner, until FROM alarm_taken WHERE village = $1', [village])
  expect(rows).toEqual([{ owner: 'Pak Budi', until: new Date(until) }])
  const { rows: told } = await opened.database.query('SELECT actor, data FROM audit ORDER BY id DESC LIMIT 1')
  expect(told).toEqual([{ actor: 'Rina', data: { code: ofBox.code, note: 'Kartu dipesan', owner: 'Pak Budi' } }])
})

test('planned work is at a village, in a district or everywhere, while it lasts; ending it leaves a row of its own', async () => {
  const [begins, ends] = [1_000, 5_000]
  for (const place of [village, village.slice(0, 6), ''])
    await planWork(opened.database, { place, begins, ends, reason: `di ${place}` }, rina)
  const all = await opened.database.withClient((client) => readPlannedWork(client, 2_000))
  expect(all).toMatchObject([{ place: village, begins, ends, name: 'Rina' }, {}, { place: '' }])
  const at = (code: string, now: number) => workAt(all, code, now)?.place ?? null
  expect([at(village, 2_000), at(village, 999), at(village, 5_000)]).toEqual([village, null, null])
  expect([at('3510242001', 2_000), at('3510012001', 2_000), at('', 2_000)]).toEqual([village.slice(0, 6), '', null])
  await endWork(opened.database, all[0]?.work ?? '', 3_000, tono)
  await expect(endWork(opened.database, all[0]?.work ?? '', 3_000, tono)).rejects.toMatchObject({
    code: 'hub.work-ended',
  })
  await expect(endWork(opened.database, all[1]?.work ?? '', 6_000, tono)).rejects.toMatchObject({
    code: 'hub.work-ended',
  })
  const { rows } = await opened.database.query(
    `SELECT actor, action, village FROM audit WHERE action LIKE 'work.%' ORDER BY id`,
  )
  expect(rows).toEqual([
    ...[village, null, null].map((where) => ({ actor: 'Rina', action: 'work.planned', village: where })),
    { actor: 'Tono', action: 'work.ended', village },
  ])
})

test('what somebody took meanwhile is not taken from him unseen, and is when it is meant', async () => {
  await take(ofHub)
  await expect(take(ofHub, tono)).rejects.toMatchObject({ code: 'hub.alarm-taken', details: { name: 'Rina' } })
  await expect(releaseAlarm(opened.database, ofHub, tono)).rejects.toMatchObject({ code: 'hub.alarm-taken' })
  await take(ofHub, tono, rina.account)
  expect(await taken()).toMatchObject([{ name: 'Tono' }])
  await releaseAlarm(opened.database, ofHub, tono)
  await releaseAlarm(opened.database, ofHub, tono)
  expect(await taken()).toEqual([])
})

test('an alarm that is none, or is over, cannot be taken', async () => {
  const over = { kind: 'not-found', code: 'hub.alarm-ended' }
  await expect(take({ village, code: 'hub.totals.differ' })).rejects.toMatchObject(over)
  await sayHealth([])
  await expect(take(ofBox)).rejects.toMatchObject(over)
  expect(await taken()).toEqual([])
})

test('who works on an alarm goes with it', async () => {
  await take(ofHub)
  await take(ofBox)
  await writeAlarms(opened.database, [])
  expect(await taken()).toMatchObject([{ village }])
  await sayHealth(['disk.low'])
  await writeAlarms(opened.database, [])
  expect(await taken()).toEqual([])
})
