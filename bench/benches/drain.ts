import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import pg from 'pg'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { type Batch, validators } from '../../appliance/wire/messages.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { startBox, startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { countHubEntries, fillJournal, prepareOffice, readBoxPlaces } from '../offices.ts'
import type { Bench } from '../run.ts'
import { median, printTable, quantile, round } from '../statistics.ts'

const village = '3510242008'
const entries = 100_000

/** A long outage's backlog of one box through a real Mosquitto into a real PostgreSQL, against the same bytes through each of the two alone. */
export const bench: Bench = {
  name: 'drain',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-drain-'))
    const boxFolder = join(folder, 'box')
    await prepareOffice(boxFolder, village)
    await fillJournal(boxFolder, village, entries)
    const [broker, postgres] = await Promise.all([
      startMosquitto({ config: 'max_queued_messages 0\nmax_inflight_messages 0' }),
      startPostgres(),
    ])
    const hub = await startHub({
      folder: join(folder, 'hub'),
      brokerUrl: broker.url,
      postgresUrl: postgres.url,
      villages: [village],
    })
    try {
      const watch = await watchDrain(broker.url)
      const box = await startBox({ folder: boxFolder, village, brokerUrl: broker.url })
      const total = readBoxPlaces(boxFolder).length
      const { seconds, batches, answerMs } = await watch(total)
      const stored = await countHubEntries(postgres.url, village)
      if (stored !== total) throw new Error(`The hub has ${stored} of ${total} entries.`)
      await box.stop()
      await hub.stop()

      const perSecond = total / seconds
      const throughBroker = await measureBroker(broker.url, batches, total)
      const intoTable = await measureInserts(postgres.url, batches, total)
      const wireBytes = batches.reduce((sum, batch) => sum + batch.length, 0)
      printTable([
        ['', 'entries/s', 'seconds'],
        ['Balai, box to PostgreSQL and acked', Math.round(perSecond), round(seconds)],
        ['bare mqtt.js QoS 1, the same batches', Math.round(throughBroker), round(total / throughBroker)],
        ['bare inserts by unnest, the same rows', Math.round(intoTable), round(total / intoTable)],
      ])
      console.log(
        `  ${total} entries, ${batches.length} batches, ${round(wireBytes / total, 1)} bytes per entry on the wire`,
      )
      return {
        ratio: round(perSecond / Math.min(throughBroker, intoTable)),
        perSecond: Math.round(perSecond),
        p50Ms: round(median(answerMs)),
        p99Ms: round(quantile(answerMs, 0.99)),
      }
    } finally {
      await broker.stop()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Listens as a third party: from the first hello to the ack of the last entry; keeps the batches for the peers. */
async function watchDrain(url: string) {
  const topics = villageTopics(village)
  const spy = await mqtt.connectAsync(url)
  const batches: Buffer[] = []
  const acks: { at: number; payload: Buffer }[] = []
  const sentAt: number[] = []
  let began = 0
  spy.on('message', (topic, payload) => {
    if (topic === topics.hello) began ||= performance.now()
    else if (topic === topics.up) {
      batches.push(payload)
      sentAt.push(performance.now())
    } else acks.push({ at: performance.now(), payload })
  })
  await spy.subscribeAsync([topics.hello, topics.up, topics.ack], { qos: 0 })
  return async (total: number) => {
    const giveUpAt = performance.now() + 120_000
    for (let read = 0, acked = 0; acked < total - 50; ) {
      if (performance.now() > giveUpAt) throw new Error('The backlog did not drain in two minutes.')
      await new Promise((resolve) => setTimeout(resolve, 20))
      for (; read < acks.length; read++) {
        const ack = unpackFrame(acks[read]?.payload ?? Buffer.alloc(0))
        if (validators.batchAck.Check(ack)) acked = Math.max(acked, ack.seq)
      }
    }
    const seconds = ((acks.at(-1)?.at ?? 0) - began) / 1_000
    await new Promise((resolve) => setTimeout(resolve, 500))
    await spy.endAsync()
    const answerMs = acks.slice(1).map(({ at }, index) => at - (sentAt[index] ?? at))
    return { seconds, batches, answerMs }
  }
}

/** Entries per second when a bare client publishes the same batches and another receives them. */
async function measureBroker(url: string, batches: readonly Buffer[], total: number): Promise<number> {
  const [sender, receiver] = await Promise.all([mqtt.connectAsync(url), mqtt.connectAsync(url)])
  await receiver.subscribeAsync('bench/bare', { qos: 1 })
  const began = performance.now()
  const received = new Promise<void>((resolve) => {
    let count = 0
    receiver.on('message', () => ++count === batches.length && resolve())
  })
  await Promise.all(batches.map((batch) => sender.publishAsync('bench/bare', batch, { qos: 1 })))
  await received
  const seconds = (performance.now() - began) / 1_000
  await Promise.all([sender.endAsync(), receiver.endAsync()])
  return total / seconds
}

/** Entries per second when the same rows go into one table by bare multi-row inserts of 500. */
async function measureInserts(url: string, batches: readonly Buffer[], total: number): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    'CREATE TABLE bare (village text, epoch text, seq bigint, type text, at bigint, clock text, actor text, key text, data json, PRIMARY KEY (village, epoch, seq))',
  )
  const decoded = batches.map((batch) => unpackFrame(batch) as Batch)
  const began = performance.now()
  for (const { epoch, first, entries: rows } of decoded) {
    await client.query({
      name: 'bare',
      text: 'INSERT INTO bare SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::json[]) ON CONFLICT DO NOTHING',
      values: [
        village,
        rows.map(() => epoch),
        rows.map((_, index) => first + index),
        rows.map((row) => row.type),
        rows.map((row) => row.at),
        rows.map((row) => row.clock),
        rows.map((row) => row.actor),
        rows.map((row) => row.key ?? null),
        rows.map((row) => JSON.stringify(row.data)),
      ],
    })
  }
  const seconds = (performance.now() - began) / 1_000
  await client.end()
  return total / seconds
}
