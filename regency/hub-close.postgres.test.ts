import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTestFolder, openTestDatabase, until } from '../testing/hub-parts.ts'
import { freePort } from '../testing/servers.ts'
import { openHub } from './hub.ts'

/* What runs when a hub is closed is awaited: nothing asks PostgreSQL after its connections have gone. */

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('hub-close')

beforeAll(async () => {
  opened = await openTestDatabase()
  writeFileSync(join(folder, 'villages.csv'), 'code,kind,name,district_code,district\n3510012001,desa,Uji,351001,Uji\n')
}, 30_000)
afterAll(async () => {
  await opened.close()
  remove()
})

const waitingOn = async () => {
  const { rows } = await opened.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  )
  return rows[0]?.n ?? 0
}

test.each([
  ['the look for alarms', 'alarm'],
  ['the look for entries to fold', 'projection_cursor'],
  ['the comparing of day counts', 'day_total'],
])('a close waits for %s', async (_what, table) => {
  const said: string[] = []
  const log = pino({ level: 'warn' }, { write: (line) => said.push(line) })
  let isClosed = false
  let closing: Promise<void> = Promise.resolve()
  await opened.database.inTransaction(async (client) => {
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    const hub = await openHub(
      {
        ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), log: 'silent' },
        villages: join(folder, 'villages.csv'),
        mqtt: { url: `mqtt://127.0.0.1:${await freePort()}`, client_id: 'hub' },
        postgres: { url: opened.server.url, pool: 4 },
        console: { host: '127.0.0.1', port: 0 },
      },
      { log },
    )
    await until(async () => (await waitingOn()) > 0)
    closing = hub.close().then(() => {
      isClosed = true
    })
    await sleep(300)
    expect(isClosed).toBe(false)
  })
  await closing
  // The line to a broker that is not there may have said so.
  expect(said.filter((line) => !line.includes('the line to the broker'))).toEqual([])
})
