import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareOffice, query, readBoxPlaces, readHubPlaces, verifyHubChain } from '../../bench/offices.ts'
import { createRandom } from '../../bench/simulate/random.ts'
import { openKiosk, startBox, startHub } from '../../testing/programs.ts'
import { startProxy } from '../../testing/proxy.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'

/** 20 here; BALAI_KILLS=200 by hand (bench/README.md). */
const cycles = Number(process.env.BALAI_KILLS ?? 20)
const village = '3510242008'

test(
  'F01, F02, F04, F06, F22: kill -9 of box, hub and broker and a bad line at random moments lose and double nothing',
  async () => {
    const random = createRandom(20_261_124)
    const folder = mkdtempSync(join(tmpdir(), 'balai-kills-'))
    // A service has 999 numbers a day, 200 cycles take more.
    const services = await prepareOffice(folder, village)
    const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres({ settings: { fsync: 'off' } })])
    const proxy = await startProxy(broker.port)
    const hub = await startHub({
      folder: join(folder, 'hub'),
      brokerUrl: broker.url,
      postgresUrl: postgres.url,
      villages: [village],
    })
    const box = await startBox({ folder, village, brokerUrl: proxy.url, keepaliveS: 2 })
    const answered = new Set<string>()
    try {
      for (let cycle = 0; cycle < cycles; cycle++) {
        const kiosk = await openKiosk(box.url)
        let stop = false
        const taking = (async () => {
          while (!stop) {
            try {
              const service = services[answered.size % services.length] ?? ''
              answered.add((await kiosk.take(service)).ticket)
            } catch (error) {
              if (/^\d/.test((error as Error).message)) throw error
              return
            }
          }
        })()
        await sleep(random.between(20, 400))
        const what = random.pick(['box', 'box', 'hub', 'broker', 'cut', 'freeze'] as const)
        if (what === 'box') await box.kill()
        if (what === 'hub') await hub.kill()
        if (what === 'broker') await broker.kill()
        if (what === 'cut') proxy.cut()
        if (what === 'freeze') proxy.freeze(true)
        await sleep(random.between(20, 200))
        stop = true
        await taking
        proxy.freeze(false)
        if (what === 'freeze') proxy.cut()
        if (what === 'box') await box.restart()
        if (what === 'hub') await hub.restart()
        if (what === 'broker') await broker.restart()
      }
      const giveUpAt = performance.now() + 150_000
      for (;;) {
        const [there, here] = [await readHubPlaces(postgres.url, village), readBoxPlaces(folder)]
        if (JSON.stringify(there) === JSON.stringify(here)) break
        if (performance.now() > giveUpAt) expect(there).toEqual(here)
        await sleep(500)
      }
      expect(await verifyHubChain(postgres.url, village)).toBe(readBoxPlaces(folder).length)
      const rows = await query<{ ticket: string }>(
        postgres.url,
        `SELECT data->>'ticket' AS ticket FROM entry WHERE village = $1 AND type = 'queue.ticket-taken'`,
        [village],
      )
      const stored = rows.map(({ ticket }) => ticket)
      expect(new Set(stored).size).toBe(stored.length)
      expect([...answered].filter((ticket) => !stored.includes(ticket))).toEqual([])
      expect(answered.size).toBeGreaterThan(cycles)
    } finally {
      await Promise.all([box.pause(), hub.pause()])
      await proxy.stop()
      await Promise.all([broker.stop(), postgres.stop()])
      rmSync(folder, { recursive: true, force: true })
    }
  },
  300_000 + cycles * 15_000,
)

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
