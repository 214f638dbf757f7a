import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { makeTestFolder, quiet, until } from '../../testing/hub-parts.ts'
import { startMosquitto, startPostgres, startStandby } from '../../testing/servers.ts'
import { furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { openHub } from '../hub.ts'
import { openDatabase } from './database.ts'
import { hostsOf, withPassword } from './database-hosts.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('a connection string with several hosts is one for each, and takes a password', () => {
  const many = 'postgresql://balai@db-1:5432,db-2,[::1]:6000/balai?sslmode=require'
  expect(hostsOf(many)).toEqual([
    'postgresql://balai@db-1:5432/balai?sslmode=require',
    'postgresql://balai@db-2/balai?sslmode=require',
    'postgresql://balai@[::1]:6000/balai?sslmode=require',
  ])
  expect(hostsOf('postgres://localhost/balai?host=/run/postgresql')).toEqual([
    'postgres://localhost/balai?host=/run/postgresql',
  ])
  expect(withPassword(many, 'ge:h@im')).toBe(
    'postgresql://balai:ge%3Ah%40im@db-1:5432,db-2,[::1]:6000/balai?sslmode=require',
  )
})

test('F21: boxes drain through the death of the primary and a standby that lagged behind it, and nothing is lost or twice', async () => {
  const [broker, primary] = await Promise.all([startMosquitto(), startPostgres({ settings: { fsync: 'off' } })])
  closers.push(broker.stop, primary.stop)
  const standby = await startStandby(primary)
  closers.push(standby.stop)
  const { folder, remove } = makeTestFolder('failover')
  closers.push(remove)
  const villages = Array.from({ length: 4 }, (_, n) => `35102420${String(n + 1).padStart(2, '0')}`)
  const rows = villages.map((village) => `${village},desa,Uji,351024,Licin`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
  // The standby is asked first, and is not taken while it follows.
  const url = `postgres://balai@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/balai`
  const hub = await openHub(
    {
      ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), log: 'silent' },
      ...{ villages: join(folder, 'villages.csv'), mqtt: { url: broker.url, client_id: 'hub' } },
      ...{ postgres: { url, pool: 4 }, console: { host: '127.0.0.1', port: 0 } },
    },
    { log: quiet },
  )
  closers.push(hub.close)
  await until(() => hub.linkState() === 'connected')
  const offices = await Promise.all(
    villages.map(async (village) => {
      const box = await openTestBox({ village, mqtt: { url: broker.url, keepalive_s: 30 }, system: systemClock })
      closers.push(box.remove)
      const { services } = await furnish(box)
      const take = (count: number) => {
        for (let n = 0; n < count; n++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
      }
      return { box, take }
    }),
  )
  const isDrained = ({ relay }: TestBox) => relay.view().sentAsOf !== null && relay.view().waiting === 0
  for (const { take } of offices) take(100)
  await until(() => offices.every(({ box }) => isDrained(box)), 30_000)
  // What is confirmed from here on the standby does not have.
  await standby.lag()
  for (const { take } of offices) take(200)
  await until(() => offices.every(({ box }) => isDrained(box)), 30_000)
  const [whole, lagging] = [primary.url, standby.url].map((one) => new pg.Client({ connectionString: one }))
  const confirmed = await countIn(whole)
  expect(await countIn(lagging)).toBeLessThan(confirmed - 500)
  await primary.kill()
  for (const { take } of offices) take(50)
  await standby.promote()
  await until(() => offices.every(({ box }) => isDrained(box)), 90_000)

  const after = await openDatabase({ url: standby.url, connections: 1, log: quiet })
  closers.push(after.close)
  const own = offices.reduce((sum, { box }) => sum + countOwn(box), 0)
  await until(async () => (await countPlaces(after)) === own, 30_000)
  expect(await countPlaces(after)).toBeGreaterThan(confirmed)
  const doubled = await after.query('SELECT FROM place GROUP BY village, name HAVING count(*) > 1')
  expect(doubled.rows).toEqual([])
}, 240_000)

const counted = 'SELECT count(*) FROM place'
async function countPlaces(database: Awaited<ReturnType<typeof openDatabase>>): Promise<number> {
  return Number((await database.query<{ count: string }>(counted)).rows[0]?.count)
}
/** On a connection of its own: a standby takes no schema. */
async function countIn(client: pg.Client | undefined): Promise<number> {
  if (!client) return 0
  await client.connect()
  const { rows } = await client.query<{ count: string }>(counted)
  await client.end()
  return Number(rows[0]?.count)
}
const countOwn = ({ store }: TestBox) => store.db.prepare<[], number>('SELECT count(*) FROM place').pluck().get() ?? 0
