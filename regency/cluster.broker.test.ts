import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../appliance/base/clock.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from '../testing/hub-parts.ts'
import { startNatsCluster } from '../testing/nats-cluster.ts'
import { startRabbitmqCluster } from '../testing/rabbitmq.ts'
import { furnish, openTestBox, type TestBox } from '../testing/test-box.ts'
import { openHub } from './hub.ts'

/** One here; BALAI_CLUSTER_KILLS=3 by hand: each takes a minute until the cluster has a leader again. */
const kills = Number(process.env.BALAI_CLUSTER_KILLS ?? 1)

/*
 * While one of three is down, Debian's nats-server 2.9 lets nobody new subscribe: making a consumer of JetStream times out,
 * with one replica and with three. Boxes and hub wait, and go on when it is back. RabbitMQ's other node goes on alone.
 */
test.each([
  { brokers: 'three NATS servers', start: startNatsCluster, goesOn: false },
  { brokers: 'two nodes of RabbitMQ', start: startRabbitmqCluster, goesOn: true },
])(
  'boxes drain through $brokers, of which one after the other is killed and comes back, and nothing is lost or twice',
  async ({ start, goesOn }) => {
    const cluster = await start()
    const opened = await openTestDatabase()
    const { folder, remove } = makeTestFolder('cluster')
    mkdirSync(join(folder, 'data'))
    const villages = Array.from({ length: 4 }, (_, n) => `35102420${String(n + 1).padStart(2, '0')}`)
    const rows = villages.map((village) => `${village},desa,Uji,351024,Licin`)
    writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
    const [url = '', ...others] = cluster.urls
    const hub = await openHub(
      {
        ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), log: 'silent' },
        villages: join(folder, 'villages.csv'),
        mqtt: { url, other_urls: others, cluster: true, client_id: 'hub' },
        ...{ postgres: { url: opened.server.url, pool: 4 }, console: { host: '127.0.0.1', port: 0 } },
      },
      { log: quiet },
    )
    const offices = await Promise.all(
      villages.map(async (village, index) => {
        const nodes = [
          ...cluster.urls.slice(index % cluster.urls.length),
          ...cluster.urls.slice(0, index % cluster.urls.length),
        ]
        const mqtt = { url: nodes[0] ?? '', fallback_urls: nodes.slice(1), keepalive_s: 2 }
        const box = await openTestBox({ village, mqtt, system: systemClock })
        const { services } = await furnish(box)
        const take = (count: number) => {
          for (let n = 0; n < count; n++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
        }
        return { box, take }
      }),
    )
    const isDrained = ({ relay }: TestBox) => relay.view().sentAsOf !== null && relay.view().waiting === 0
    try {
      await until(() => hub.linkState() === 'connected', 30_000)
      await until(() => offices.every(({ box }) => isDrained(box)), 60_000)
      for (const node of cluster.nodes.slice(0, kills)) {
        for (const { take } of offices) take(100)
        await node.kill()
        for (const { take } of offices) take(100)
        if (goesOn) await until(() => offices.every(({ box }) => isDrained(box)), 150_000)
        await node.restart()
        for (const { take } of offices) take(100)
        await until(() => offices.every(({ box }) => isDrained(box)), 150_000)
      }
      const own = offices.reduce((sum, { box }) => sum + countOwn(box), 0)
      const { rows: found } = await opened.database.query<{ places: string; names: string }>(
        'SELECT count(*) AS places, count(DISTINCT (village, name)) AS names FROM place',
      )
      expect(found).toEqual([{ places: String(own), names: String(own) }])
    } finally {
      for (const { box } of offices) await box.remove()
      await hub.close()
      await opened.close()
      await cluster.stop()
      remove()
    }
  },
  480_000,
)

const countOwn = ({ store }: TestBox) => store.db.prepare<[], number>('SELECT count(*) FROM place').pluck().get() ?? 0
