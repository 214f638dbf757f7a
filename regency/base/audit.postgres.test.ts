import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { testPinCost } from '../../testing/test-box.ts'
import { releaseAlarm, takeAlarm } from '../alarms/taking.ts'
import { setOwner } from '../delivery/box-ownership.ts'
import { createAccounts } from './accounts.ts'
import { audit } from './audit.ts'
import { loadVillages } from './villages.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  opened = await openTestDatabase()
})
afterAll(() => opened.close())

const village = '3510242008'
const by = { account: 'rrrrrrrrrrrr', actor: 'Rina' }
const alarm = { village, code: 'hub.totals.differ' }
const box = 'b'.repeat(22)
const offices = [
  { village, kind: 'desa' as const, name: 'Tamansari', district_code: village.slice(0, 6), district: 'Licin' },
]
const tables = ['account', 'alarm_taken', 'stream', 'signing_key', 'village', 'audit']

const snapshot = async () =>
  JSON.stringify(
    await Promise.all(tables.map(async (table) => (await opened.database.query(`SELECT * FROM ${table}`)).rows)),
  )

test('what is done and its row are there both, or neither', async () => {
  const { database } = opened
  const accounts = createAccounts(database, () => 0, { pinCost: testPinCost })
  const [pin, newPin] = ['605138', '824601']
  await accounts.add({ name: 'Dewi', pin, role: 'administrator' }, by)
  const { account } = await accounts.add({ name: 'Tono', pin, role: 'reader' }, by)
  await database.query('INSERT INTO alarm (village, code) VALUES ($1, $2)', [village, 'totals.differ'])
  await database.query('INSERT INTO stream (village) VALUES ($1)', [village])
  await database.query(`INSERT INTO known_box (village, box, key) VALUES ($1, $2, 'k')`, [village, box])
  const deeds: [string, () => Promise<unknown>][] = [
    ['account.added', () => accounts.add({ name: 'Sari', pin, role: 'reader' }, by)],
    ['account.role-changed', () => accounts.setRole(account, 'operator', by)],
    ['account.pin-changed', () => accounts.setPin(account, newPin, by)],
    ['account.logged-in', () => accounts.logIn({ account, pin: newPin }, '10.0.0.1')],
    ['account.closed', () => accounts.close(account, by)],
    ['alarm.taken', () => takeAlarm(database, { ...alarm, note: 'Saya telepon', from: null }, by)],
    ['alarm.released', () => releaseAlarm(database, alarm, by)],
    ['box.owner-changed', () => setOwner(database, village, box, by)],
    ['villages.changed', () => loadVillages(database, offices, '2026-01-01', { by })],
  ]
  for (const [action, deed] of deeds) {
    await database.query('ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (id < 0) NOT VALID')
    const before = await snapshot()
    await expect(deed(), action).rejects.toThrow('full_disk')
    expect(await snapshot(), action).toBe(before)
    await database.query('ALTER TABLE audit DROP CONSTRAINT full_disk')
    await deed()
    const { rows } = await database.query('SELECT actor, action FROM audit ORDER BY id DESC LIMIT 1')
    expect(rows).toEqual([{ actor: action === 'account.logged-in' ? 'Tono' : 'Rina', action }])
  }
})

test('a row stays as it was written, even for who owns the table', async () => {
  await opened.database.withClient((client) => audit(client, { ...by, action: 'village.replayed', village }))
  for (const change of ["UPDATE audit SET actor = 'Tono'", 'DELETE FROM audit', 'TRUNCATE audit'])
    await expect(opened.database.query(change), change).rejects.toThrow(/stay as they were written/)
})
