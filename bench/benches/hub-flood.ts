import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import mqtt from 'mqtt'
import { packFrame, unpackFrame } from '../../appliance/wire/frame.ts'
import { type BatchAck, limits } from '../../appliance/wire/messages.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import type { Bench } from '../run.ts'
import { median, printTable, quantile, round } from '../statistics.ts'

const loud = '3510242008'
const calm = '3510242009'
const bodies = 8_000
const batches = 60
const entriesPerBatch = 20

/**
 * One village sends 8,000 messages that unpack to 1 MiB each, as fast as its line takes them: what that does to another
 * one's batches, to the metrics, and to the hub's memory.
 */
export const bench: Bench = {
  name: 'hub-flood',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-hub-flood-'))
    const [broker, postgres] = await Promise.all([
      startMosquitto({ config: 'max_queued_messages 0\nmax_inflight_messages 0' }),
      startPostgres(),
    ])
    const hub = await startHub({
      folder: join(folder, 'hub'),
      brokerUrl: broker.url,
      postgresUrl: postgres.url,
      villages: [loud, calm],
    })
    try {
      const line = await openLine(broker.url)
      const alone = await line.sendBatches()
      const flood = await startFlood(broker.url)
      const metrics = watchMetrics(hub.url)
      const beside = await line.sendBatches()
      await flood.sent
      const metricsMs = await metrics.stop()
      await line.close()
      const hubRssMiB = peakMemoryMiB(hub.pid())
      printTable([
        ['', 'p50 ms', 'p99 ms', 'worst ms'],
        ['batches of a village alone', ...rowOf(alone)],
        [`the same beside ${bodies} bodies of 1 MiB`, ...rowOf(beside)],
        ['/metrics meanwhile', ...rowOf(metricsMs)],
      ])
      console.log(`  ${round(flood.wireBytes / 1e6, 1)} MB on the wire; the hub held ${hubRssMiB} MiB at most`)
      return { othersP99Ms: round(quantile(beside, 0.99)), hubRssMiB }
    } finally {
      await hub.stop()
      await broker.stop()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const rowOf = (ms: readonly number[]) => [round(median(ms), 1), round(quantile(ms, 0.99), 1), round(Math.max(...ms), 1)]

/** A box of the calm village that sends one batch after the other, and how long each answer took. */
async function openLine(url: string) {
  const box = createTestBox({ village: calm, entries: queueEntries(2 * batches * entriesPerBatch) })
  const topics = villageTopics(calm)
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, clientId: 'calm' })
  let heard = (_ack: BatchAck) => {}
  client.on('message', (_topic, payload) => heard(unpackFrame(payload) as BatchAck))
  await client.subscribeAsync(topics.ack, { qos: 1 })
  /** Asks again every five seconds, as a box does: a hub that the broker has dropped misses what was sent meanwhile. */
  const ask = (topic: string, payload: Buffer) =>
    new Promise<BatchAck>((resolve) => {
      const send = () => client.publish(topic, payload, { qos: 1 })
      const again = setInterval(send, 5_000)
      heard = (ack) => {
        clearInterval(again)
        resolve(ack)
      }
      send()
    })
  await ask(topics.hello, packFrame(box.hello()))
  let seq = 0
  return {
    async sendBatches(): Promise<number[]> {
      const samplesMs: number[] = []
      while (samplesMs.length < batches) {
        const began = performance.now()
        const ack = await ask(topics.up, box.packBatch(seq + 1, seq + entriesPerBatch))
        samplesMs.push(performance.now() - began)
        seq += entriesPerBatch
        if (ack.seq < seq) throw new Error(`The hub stands at ${ack.seq} instead of ${seq}.`)
      }
      return samplesMs
    },
    close: () => client.endAsync(),
  }
}

/** Publishes all bodies without waiting; resolves when the first hundred are with the broker. */
async function startFlood(url: string) {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, clientId: 'loud' })
  // Many small members, which cost more to read than one long text; each body is another one.
  const head = (n: number) => `{"village":"${loud}","n":${n},"entries":[],"filling":[`
  const members = Math.floor(limits.unpackedBytes / 2) - 100
  const rest = gzipSync(`${Array(members).fill(0).join()}]}`)
  // gzip takes several members one after the other as one text.
  const payloads = Array.from({ length: bodies }, (_, n) => Buffer.concat([gzipSync(head(n + 1)), rest]))
  const sending = payloads.map((payload) => client.publishAsync(villageTopics(loud).up, payload, { qos: 1 }))
  await Promise.all(sending.slice(0, 100))
  return {
    wireBytes: payloads.reduce((sum, payload) => sum + payload.length, 0),
    sent: Promise.all(sending).then(() => client.endAsync()),
  }
}

function watchMetrics(url: string) {
  const samplesMs: number[] = []
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      const began = performance.now()
      await (await fetch(`${url}/metrics`)).text()
      samplesMs.push(performance.now() - began)
      await sleep(100)
    }
  })()
  return {
    async stop(): Promise<number[]> {
      stopped = true
      await watching
      return samplesMs
    },
  }
}

/** The most that a process ever held in memory. */
function peakMemoryMiB(pid: number | undefined): number {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kib) / 1024)
}
