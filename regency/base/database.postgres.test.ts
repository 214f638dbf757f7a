import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt from 'mqtt'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import type { BatchAck } from '../../appliance/wire/messages.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { makeTestFolder, quiet, until } from '../../testing/hub-parts.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { openHub } from '../hub.ts'
import { type Client, isLoss, openDatabase, sqlState } from './database.ts'

let server: Awaited<ReturnType<typeof startPostgres>>
let broker: Awaited<ReturnType<typeof startMosquitto>>
const { folder, remove } = makeTestFolder('database')
const villages = ['3510012001', '3510012002', '3510012003', '3510012004']

beforeAll(async () => {
  ;[server, broker] = await Promise.all([startPostgres({ settings: { fsync: 'off' } }), startMosquitto()])
  const rows = villages.map((village) => `${village},desa,Uji,351001,Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows, ''].join('\n'))
}, 30_000)
afterAll(async () => {
  await server.stop()
  await broker.stop()
  remove()
})

/** A log whose sentences are kept. */
function openKeptLog() {
  const said: string[] = []
  const log = pino({ level: 'info' }, { write: (line) => said.push((JSON.parse(line) as { msg: string }).msg) })
  return { log, said }
}

/** One statement by a connection of the test's own. */
async function administer(text: string) {
  const client = new pg.Client({ connectionString: server.url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<{ pid: number }>(text)).rows
  } finally {
    await client.end()
  }
}

/** All processes of the server stand still for a moment, as on a machine whose disk hangs. */
async function freeze() {
  const children = await administer('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()')
  const pids = [server.pid() ?? 0, ...children.map(({ pid }) => pid)]
  signal(pids, 'SIGSTOP')
  await sleep(300)
  signal(pids, 'SIGCONT')
}

function signal(pids: readonly number[], name: NodeJS.Signals) {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // a connection that was closed meanwhile
    }
  }
}

const disturbances = [
  () => server.restart(),
  () => server.kill().then(() => server.restart()),
  freeze,
  // Those that work just now above all: a client in somebody's hands.
  () =>
    administer(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'balai hub' AND state <> 'idle'`,
    ),
  () =>
    administer(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'balai hub' LIMIT 1`,
    ),
]

/** A box as the hub sees one: says hello, sends batch after batch, and says it again when no answer comes. */
async function startBusyBox(village: string) {
  const box = createTestBox({ village, entries: queueEntries(40_000) })
  const topics = villageTopics(village)
  const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, clientId: village })
  let acked = 0
  let heard = () => {}
  client.on('message', (_topic, payload) => {
    const ack = unpackFrame(payload) as BatchAck
    if (ack.epoch === box.epoch) acked = Math.max(acked, ack.seq)
    heard()
  })
  await client.subscribeAsync(topics.ack, { qos: 1 })
  let stopped = false
  const working = (async () => {
    while (!stopped && acked < 40_000) {
      const answered = new Promise<void>((resolve) => {
        heard = resolve
      })
      if (acked === 0) await client.publishAsync(topics.hello, JSON.stringify(box.hello()), { qos: 1 })
      await client.publishAsync(topics.up, box.packBatch(acked + 1, Math.min(acked + 10, 40_000)), { qos: 1 })
      await Promise.race([answered, sleep(250)])
    }
  })()
  return {
    box,
    acked: () => acked,
    async stop() {
      stopped = true
      await working
      await client.endAsync()
    },
  }
}

test('the hub lives through fifty losses of PostgreSQL under load, and nothing is lost or doubled', async () => {
  const { log, said } = openKeptLog()
  const hub = await openHub(
    {
      ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), log: 'silent' },
      villages: join(folder, 'villages.csv'),
      mqtt: { url: broker.url, client_id: 'hub' },
      postgres: { url: server.url, pool: 4 },
      console: { host: '127.0.0.1', port: 0 },
    },
    { log },
  )
  await until(() => hub.linkState() === 'connected')
  const boxes = await Promise.all(villages.map(startBusyBox))
  const total = () => boxes.reduce((sum, { acked }) => sum + acked(), 0)
  for (let round = 0; round < 50; round++) {
    await disturbances[round % disturbances.length]?.()
    const before = total()
    await until(() => total() > before, 20_000)
  }
  for (const { stop } of boxes) await stop()
  expect(said).toContain('PostgreSQL is back')
  for (const { box, acked } of boxes) {
    const { rows } = await hub.database.query<{ seq: string; hash: Buffer; entries: string; gone: string }>(
      `SELECT c.seq, c.hash, count(e.name) AS entries, c.seq - count(DISTINCT p.seq) AS gone
       FROM epoch_cursor c
       JOIN place p USING (village, epoch)
       LEFT JOIN entry e ON e.village = p.village AND e.name = p.name
       WHERE c.village = $1
       GROUP BY c.seq, c.hash`,
      [box.village],
    )
    const seq = Number(rows[0]?.seq)
    expect(rows).toMatchObject([{ hash: box.hashAt(seq), entries: String(seq), gone: '0' }])
    expect(seq).toBeGreaterThanOrEqual(acked())
  }
  await hub.close()
}, 150_000)

test('a start waits for its database, says so once, and is let go when nobody wants it any more', async () => {
  await server.pause()
  const { log, said } = openKeptLog()
  const opening = openDatabase({ url: server.url, connections: 1, log, waitUntil: new AbortController().signal })
  await until(() => said.length > 0)
  await server.restart()
  await (await opening).close()
  expect(said).toEqual(['the hub waits for PostgreSQL'])

  const unwanted = AbortSignal.timeout(300)
  await expect(
    openDatabase({ url: 'postgres://me@127.0.0.1:1/none', connections: 1, log: quiet, waitUntil: unwanted }),
  ).rejects.toMatchObject({ code: 'hub.database-unreachable' })
})

test.each([
  ['a database that is not there', (url: string) => `${url}-none`],
  ['a user that is not there', (url: string) => url.replace('balai@', 'nobody@')],
])('%s is a failure by name, not something to wait for', async (_what, change) => {
  const opening = openDatabase({
    ...{ url: change(server.url), connections: 1, log: quiet },
    waitUntil: new AbortController().signal,
  })
  await expect(opening).rejects.toMatchObject({ code: 'hub.database-refused' })
})

test('a statement that takes too long is not taken for the loss of PostgreSQL', async () => {
  const { log, said } = openKeptLog()
  const database = await openDatabase({ url: server.url, connections: 1, log })
  let recovered = 0
  database.onRecovered(() => recovered++)
  const slow = { text: 'SELECT pg_sleep(60)', query_timeout: 200 }
  await expect(database.query(slow)).rejects.toThrow('Query read timeout')
  await database.query('SELECT 1')
  expect([database.isUp(), recovered, said]).toEqual([true, 0, []])
  await database.close()
})

test.each([
  ['57014', 'SET LOCAL statement_timeout = 50', 'SELECT pg_sleep(60)'],
  ['55P03', 'SET LOCAL lock_timeout = 50', 'SELECT pg_advisory_xact_lock(1)'],
])(
  'a statement that the server gives up (%s) loses nothing but itself: nobody is told that PostgreSQL is back',
  async (state, limit, text) => {
    const { log, said } = openKeptLog()
    const database = await openDatabase({ url: server.url, connections: 2, log })
    let recovered = 0
    database.onRecovered(() => recovered++)
    const idOf = async (client: Client) =>
      (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid
    await database.inTransaction(async (holder) => {
      await holder.query('SELECT pg_advisory_xact_lock(1)')
      let pid: number | undefined
      const slow = database.inTransaction(async (client) => {
        pid = await idOf(client)
        await client.query(limit)
        await client.query(text)
      })
      const error = await slow.catch((reason: unknown) => reason)
      expect([sqlState(error), isLoss(error)]).toEqual([state, false])
      // The same connection goes on.
      expect(await database.withClient(idOf)).toBe(pid)
    })
    expect([database.isUp(), recovered, said]).toEqual([true, 0, []])
    await database.close()
  },
)

test('the server ends a statement before the hub gives its connection up', async () => {
  const database = await openDatabase({ url: server.url, connections: 1, log: quiet })
  const limits = `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`
  expect((await database.query(limits)).rows).toEqual([{ statement: '50s', lock: '40s' }])
  await database.close()
})
