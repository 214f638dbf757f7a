import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { boxHealth } from '../../testing/box-health.ts'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { writeAlarms } from './alarms.ts'
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
