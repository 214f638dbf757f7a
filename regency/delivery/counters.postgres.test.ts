import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { createMeters } from './meters.ts'
import { createRefusals } from './refusals.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  opened = await openTestDatabase()
}, 30_000)
afterAll(() => opened.close())

const village = '3510012001'

/** While `work` is on, nothing can be written into the table. */
async function without(table: string, work: () => Promise<void>) {
  await opened.database.query(`ALTER TABLE ${table} RENAME TO ${table}_away`)
  try {
    await work()
  } finally {
    await opened.database.query(`ALTER TABLE ${table}_away RENAME TO ${table}`)
  }
}

test('what a line carried is counted with the next flush when one fails', async () => {
  const meters = createMeters(opened.database, () => 0)
  const hello = { bytes: 100, unpackedBytes: 300, busyMs: 0 }
  meters.spend(village, 'hello', hello)
  await without('meter', meters.flush)
  meters.spend(village, 'hello', hello)
  meters.spend('3510012002', 'up', hello)
  await meters.flush()
  const { rows } = await opened.database.query('SELECT village, hellos, batches, bytes_up FROM meter ORDER BY village')
  expect(rows).toEqual([
    { village, hellos: '2', batches: '0', bytes_up: '200' },
    { village: '3510012002', hellos: '0', batches: '1', bytes_up: '100' },
  ])
  await meters.close()
})

test('refused messages are counted with the next flush when one fails; the newer message stands for all', async () => {
  const refusals = createRefusals(opened.database, quiet)
  refusals.note(village, { code: 'malformed', message: 'first' })
  refusals.note(village, { code: 'too-deep', message: 'deep' })
  await without('refused', refusals.flush)
  refusals.note(village, { code: 'malformed', message: 'second' })
  await refusals.close()
  const { rows } = await opened.database.query('SELECT code, count, message FROM refused ORDER BY code')
  expect(rows).toEqual([
    { code: 'malformed', count: '2', message: 'second' },
    { code: 'too-deep', count: '1', message: 'deep' },
  ])
})
