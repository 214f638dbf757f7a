import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { districtOf } from '../../appliance/wire/topics.ts'
import { hubSeed } from '../../testing/hub-and-boxes.ts'
import { startNatsCluster } from '../../testing/nats-cluster.ts'
import { startHubWith } from '../../testing/programs.ts'
import { startRabbitmqCluster } from '../../testing/rabbitmq.ts'
import { freePort, startMosquitto, startPostgres, startStandby } from '../../testing/servers.ts'
import { query } from '../offices.ts'
import type { Bench, Figures } from '../run.ts'
import { openSmallBox, villageOf } from '../small-box.ts'
import { printTable, round } from '../statistics.ts'

const boxCount = 20
const entriesEach = 2_000
const drainWithinMs = 600_000

/** Two brokers of their own, at which every hub is; or the nodes of one cluster. */
const brokerKinds = {
  mosquitto: { isCluster: false, start: startTwoMosquittos },
  rabbitmq: { isCluster: true, start: startRabbitmqCluster },
  nats: { isCluster: true, start: startNatsCluster },
}
type BrokerKind = keyof typeof brokerKinds

/**
 * A regency on more than one machine, all of them this one: brokers, round which the boxes go; hubs by district; PostgreSQL
 * with a standby that follows. Twenty boxes drain 2,000 entries each by 1, 2 and 4 hubs; then by four while a broker, a hub
 * and the primary are killed in turn, and the standby is promoted: with two Mosquittos, two nodes of RabbitMQ and three of
 * NATS.
 */
export const bench: Bench = {
  name: 'cluster',
  async run(): Promise<Figures> {
    const rows: (string | number)[][] = []
    const perSecond: Record<string, number> = {}
    for (const hubs of [1, 2, 4]) {
      const run = await drain(hubs, { kills: false, kind: 'mosquitto' })
      perSecond[`hubs${hubs}`] = run.perSecond
      rows.push(['mosquitto', hubs, 0, run.seconds, run.perSecond, run.lost, run.doubled])
    }
    const sum = { lost: 0, doubled: 0, killed: 0 }
    for (const kind of ['mosquitto', 'rabbitmq', 'nats'] as const) {
      const run = await drain(4, { kills: true, kind })
      rows.push([kind, 4, run.killed, run.seconds, run.perSecond, run.lost, run.doubled])
      sum.lost += run.lost
      sum.doubled += run.doubled
      sum.killed += run.killed
    }
    printTable([['brokers', 'hubs', 'killed', 'seconds', 'entries/s', 'lost', 'doubled'], ...rows])
    return { perSecond, ...sum }
  },
}

async function startTwoMosquittos() {
  const nodes = await Promise.all([0, 1].map(() => startMosquitto({ config: 'max_queued_messages 0' })))
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    stop: async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

async function drain(hubCount: number, { kills, kind }: { kills: boolean; kind: BrokerKind }) {
  const folder = mkdtempSync(join(tmpdir(), 'balai-bench-cluster-'))
  const { start, isCluster } = brokerKinds[kind]
  const brokers = await start()
  const { urls } = brokers
  const primary = await startPostgres()
  const standby = await startStandby(primary)
  const villages = Array.from({ length: boxCount }, (_, index) => villageOf(index))
  const districts = [...new Set(villages.map(districtOf))]
  const databases = `postgres://balai@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/balai`
  const hubs = await inTurn(
    Array.from({ length: hubCount }, (_, n) => n),
    (n) =>
      startOneHub(join(folder, `hub-${n + 1}`), {
        ...{ n, urls, isCluster, databases, villages },
        districts: districts.filter((_, index) => index % hubCount === n),
      }),
  )
  const boxes = villages.map((village, index) =>
    openSmallBox(join(folder, `${index}.db`), folder, village, [
      ...urls.slice(index % urls.length),
      ...urls.slice(0, index % urls.length),
    ]),
  )
  try {
    for (const box of boxes) box.fill(entriesEach)
    const total = boxes.reduce((sum, box) => sum + box.places(), 0)
    const began = performance.now()
    for (const box of boxes) box.relay.start()
    const waiting = () => boxes.reduce((sum, box) => sum + box.relay.view().waiting, 0)
    const until = async (most: number) => {
      while (waiting() > most) {
        if (performance.now() - began > drainWithinMs) throw new Error(`${waiting()} entries wait after ten minutes.`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    let killed = 0
    if (kills) {
      // Each in the middle of what is left.
      await until(total * 0.8)
      await brokers.nodes[0]?.kill()
      // NATS lets nobody new in while one of three is down.
      if (kind === 'nats') await new Promise((resolve) => setTimeout(resolve, 5_000))
      else await until(total * 0.6)
      await hubs[1]?.kill()
      await brokers.nodes[0]?.restart()
      await hubs[1]?.restart()
      await until(total * 0.4)
      await primary.kill()
      await standby.promote()
      killed = 3
    }
    await until(0)
    const seconds = (performance.now() - began) / 1_000
    const living = kills ? standby.url : primary.url
    const [row] = await query<{ names: string; rows: string }>(
      living,
      'SELECT count(DISTINCT (village, name)) AS names, count(*) AS rows FROM entry',
    )
    return {
      ...{ killed, seconds: round(seconds), perSecond: Math.round(total / seconds) },
      ...{ lost: total - Number(row?.names), doubled: Number(row?.rows) - Number(row?.names) },
    }
  } finally {
    for (const box of boxes) await box.close()
    await Promise.all(hubs.map((hub) => hub.stop()))
    await Promise.all([brokers.stop(), standby.stop(), primary.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

type HubPlace = {
  n: number
  urls: string[]
  isCluster: boolean
  databases: string
  villages: string[]
  districts: string[]
}

async function startOneHub(folder: string, { n, urls, isCluster, databases, villages, districts }: HubPlace) {
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'data', 'hub-key.pem'), hubSeed, { mode: 0o600 })
  const rows = villages.map((village) => `${village},desa,Uji,${districtOf(village)},Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
  const port = await freePort()
  const config = join(folder, 'hub.toml')
  const [url, ...others] = urls
  writeFileSync(
    config,
    [
      `name = "Kabupaten Uji"\ndata = "${folder}/data"\nvillages = "${folder}/villages.csv"\nlog = "silent"`,
      `districts = ${JSON.stringify(districts)}`,
      `[mqtt]\nurl = "${url}"\nother_urls = ${JSON.stringify(others)}\nclient_id = "hub-${n + 1}"`,
      `cluster = ${isCluster}`,
      `[postgres]\nurl = "${databases}"\n[console]\nport = ${port}`,
    ].join('\n'),
  )
  return await startHubWith(config, `http://127.0.0.1:${port}`)
}

/** One after the other: the first makes the tables. */
async function inTurn<T, R>(all: readonly T[], start: (one: T) => Promise<R>): Promise<R[]> {
  const started: R[] = []
  for (const one of all) started.push(await start(one))
  return started
}
