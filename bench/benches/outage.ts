import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { type Health, validators } from '../../appliance/wire/messages.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { startBox, startHub } from '../../testing/programs.ts'
import { freePort, startMosquitto, startPostgres } from '../../testing/servers.ts'
import { fillJournal, prepareOffice, query, readBoxPlaces } from '../offices.ts'
import type { Bench, Figures } from '../run.ts'
import { printTable, round } from '../statistics.ts'
import { startThinLine } from '../thin-line.ts'

const village = '3510242008'
const cutOffEntries = 20_000
const monthEntries = 12_000

type Run = { lost: number; doubled: number; seconds: number; bytesPerEntry: number }

/**
 * A village is cut off, writes 20,000 entries, loses power once and comes back: Balai beside Mosquitto's own bridge with
 * persistence and QoS 1, same machine, same payloads. Then Balai alone through 64 kbit/s and 600 ms.
 */
export const bench: Bench = {
  name: 'outage',
  async run(): Promise<Figures> {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-outage-'))
    try {
      const { run, payloads } = await runBalai(join(folder, 'balai'), cutOffEntries)
      const bridge = await runBridge(payloads)
      const thin = await runThin(join(folder, 'thin'))
      printTable([
        ['', 'lost', 'doubled', 'seconds', 'bytes per entry'],
        ['Balai', run.lost, run.doubled, round(run.seconds), round(run.bytesPerEntry, 1)],
        [
          'Mosquitto’s bridge, persistence, QoS 1',
          bridge.lost,
          bridge.doubled,
          round(bridge.seconds),
          round(bridge.bytesPerEntry, 1),
        ],
      ])
      console.log(
        `  a month (${monthEntries} entries) through 64 kbit/s and 600 ms: ${round(thin.seconds)} s, live state after ${round(thin.liveSeconds)} s`,
      )
      return { ...rounded(run), mosquittoBridge: rounded(bridge), thin }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const rounded = ({ lost, doubled, seconds, bytesPerEntry }: Run): Record<string, number> => ({
  lost,
  doubled,
  seconds: round(seconds),
  bytesPerEntry: round(bytesPerEntry, 1),
})

/** The journal is written while the line is down, the box is killed once, and then everything comes back at once. */
async function runBalai(folder: string, entries: number): Promise<{ run: Run; payloads: Buffer[] }> {
  await prepareOffice(folder, village)
  await fillJournal(folder, village, entries)
  const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres()])
  const hub = await startHub({
    folder: join(folder, 'hub'),
    brokerUrl: broker.url,
    postgresUrl: postgres.url,
    villages: [village],
  })
  const spy = await mqtt.connectAsync(broker.url)
  const topics = villageTopics(village)
  let wireBytes = 0
  spy.on('message', (topic, payload) => {
    wireBytes += payload.length + topic.length + 5
  })
  await spy.subscribeAsync([topics.up, topics.hello], { qos: 1 })
  const before = await startBox({ folder, village, brokerUrl: `mqtt://127.0.0.1:${await freePort()}` })
  await before.kill()
  const began = performance.now()
  const box = await startBox({ folder, village, brokerUrl: broker.url })
  try {
    const total = await untilDrained(postgres.url, folder, 120_000)
    const seconds = (performance.now() - began) / 1_000
    await box.pause()
    const places = readBoxPlaces(folder)
    const rows = await query<{ name: Buffer }>(postgres.url, 'SELECT name FROM entry WHERE village = $1', [village])
    const stored = new Set(rows.map(({ name }) => name.toString('base64url')))
    const lost = places.filter(({ name }) => !stored.has(name)).length
    const data = await query<{ data: unknown }>(postgres.url, 'SELECT data FROM entry WHERE village = $1', [village])
    const payloads = data.map((row) => Buffer.from(JSON.stringify(row.data)))
    return { run: { lost, doubled: rows.length - stored.size, seconds, bytesPerEntry: wireBytes / total }, payloads }
  } finally {
    await spy.endAsync()
    await box.pause()
    await hub.stop()
    await Promise.all([broker.stop(), postgres.stop()])
  }
}

async function untilDrained(url: string, folder: string, patienceMs: number): Promise<number> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const [row] = await query<{ n: string }>(
      url,
      'SELECT coalesce(sum(seq), 0) AS n FROM epoch_cursor WHERE village = $1',
      [village],
    )
    const total = readBoxPlaces(folder).length
    if (Number(row?.n) >= total) return total
    if (performance.now() > giveUpAt) throw new Error(`The backlog of ${total} did not drain: ${row?.n}.`)
  }
}

/** The village's broker keeps messages for the regency's by a bridge; it is killed once while it is cut off. */
async function runBridge(payloads: readonly Buffer[]): Promise<Run> {
  const regencyPort = await freePort()
  const bridge = [
    'persistence true',
    'autosave_interval 1',
    'max_queued_messages 0',
    'max_inflight_messages 100',
    `connection up`,
    `address 127.0.0.1:${regencyPort}`,
    'topic village/# out 1',
    'cleansession false',
    'restart_timeout 1',
  ].join('\n')
  const local = await startMosquitto({ config: bridge })
  const sender = await mqtt.connectAsync(local.url, { clean: false, clientId: 'village' })
  const numbered = payloads.map((payload, index) => Buffer.concat([Buffer.from(`${index} `), payload]))
  await Promise.all(
    numbered.slice(0, numbered.length / 2).map((payload) => sender.publishAsync('village/up', payload, { qos: 1 })),
  )
  await sender.endAsync(true)
  await local.kill()
  await local.restart()
  const again = await mqtt.connectAsync(local.url, { clean: false, clientId: 'village' })
  await Promise.all(
    numbered.slice(numbered.length / 2).map((payload) => again.publishAsync('village/up', payload, { qos: 1 })),
  )
  const regency = await startMosquitto({ port: regencyPort, config: 'max_queued_messages 0' })
  const began = performance.now()
  const seen = new Map<string, number>()
  let bytes = 0
  let lastAt = began
  const receiver = await mqtt.connectAsync(regency.url)
  receiver.on('message', (topic, payload) => {
    const number = payload.subarray(0, payload.indexOf(0x20)).toString()
    seen.set(number, (seen.get(number) ?? 0) + 1)
    bytes += payload.length + topic.length + 5
    lastAt = performance.now()
  })
  await receiver.subscribeAsync('village/#', { qos: 1 })
  while (seen.size < payloads.length && performance.now() - Math.max(lastAt, began) < 8_000)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const doubled = [...seen.values()].reduce((sum, times) => sum + times - 1, 0)
  await Promise.all([again.endAsync(true), receiver.endAsync(true)])
  await Promise.all([local.stop(), regency.stop()])
  return {
    lost: payloads.length - seen.size,
    doubled,
    seconds: (lastAt - began) / 1_000,
    bytesPerEntry: bytes / Math.max(1, seen.size),
  }
}

/** A month over a line that carries 64 kbit/s each way and takes 300 ms each way. */
async function runThin(folder: string): Promise<{ seconds: number; liveSeconds: number }> {
  await prepareOffice(folder, village)
  await fillJournal(folder, village, monthEntries)
  const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres()])
  const line = await startThinLine({ targetPort: broker.port, bytesPerSecond: 8_000, delayMs: 300 })
  const hub = await startHub({
    folder: join(folder, 'hub'),
    brokerUrl: broker.url,
    postgresUrl: postgres.url,
    villages: [village],
  })
  const spy = await mqtt.connectAsync(broker.url)
  const topics = villageTopics(village)
  const began = performance.now()
  let liveAt = 0
  spy.on('message', (topic, payload) => {
    if (topic === topics.health && validators.health.Check(JSON.parse(payload.toString()) as Health))
      liveAt ||= performance.now()
  })
  await spy.subscribeAsync(topics.health, { qos: 1 })
  const box = await startBox({ folder, village, brokerUrl: line.url })
  try {
    await untilDrained(postgres.url, folder, 300_000)
    return { seconds: round((performance.now() - began) / 1_000), liveSeconds: round((liveAt - began) / 1_000) }
  } finally {
    await spy.endAsync()
    await box.stop()
    await hub.stop()
    await line.stop()
    await Promise.all([broker.stop(), postgres.stop()])
  }
}
