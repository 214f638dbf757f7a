import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../appliance/base/clock.ts'
import { readHardware } from '../../appliance/health/readings.ts'
import { openCaller } from '../../testing/office-by-http.ts'
import { startBox, startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { furnish, openTestBox, testPin } from '../../testing/test-box.ts'
import { fillJournal } from '../offices.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'

const village = '3510242008'
const years = 100_000
const visitors = 220
/** A kiosk gives twenty numbers in a row and not more. */
const perKiosk = 18
/** An office of 300 visitors takes a step every 27 seconds. */
const paced = { visitors: 4, stepMs: 12_000 }
/** Longer than Linux keeps back what nobody has flushed. */
const writtenBackMs = 45_000

/**
 * What a box's process writes for one visitor who takes a number, is called, served and leaves, by the kernel's count
 * (`write_bytes`), with a hub that answers; the file system's own is not in it. All at once in a new box and in one of 100,000
 * entries, with their share of checkpoints; and as slowly as in life, where what SQLite shares between processes is written
 * with nearly every step unless the kernel waits (`vm.dirty_expire_centisecs`).
 */
export const bench: Bench = {
  name: 'card',
  async run() {
    const kb = {
      visitorKb: await measure(0, { visitors, stepMs: 0 }),
      visitorAgedKb: await measure(years, { visitors, stepMs: 0 }),
      visitorPacedKb: await measure(0, paced),
    }
    printTable([['a visitor', 'kB'], ...Object.entries(kb)])
    return kb
  },
}

async function measure(entries: number, pace: typeof paced): Promise<number> {
  // Not in memory, where nothing is written.
  const folder = mkdtempSync('/var/tmp/balai-bench-card-')
  const data = join(folder, 'box')
  const prepared = await openTestBox({ folder: data, village, system: systemClock, hardware: readHardware() })
  const { services, counters, clerks } = await furnish(prepared)
  await prepared.close()
  if (entries > 0) await fillJournal(data, village, entries)
  const [broker, postgres] = await Promise.all([startMosquitto({ config: '' }), startPostgres()])
  const hub = await startHub({
    ...{ folder: join(folder, 'hub'), brokerUrl: broker.url, postgresUrl: postgres.url, villages: [village] },
  })
  const box = await startBox({ folder: data, village, brokerUrl: broker.url })
  try {
    const clerk = openCaller(box.url)
    await clerk.send('POST', '/api/session', { account: clerks[0], pin: testPin })
    await clerk.call('POST', '/api/desk/sit', { counter: counters[0] })
    let kiosk = openCaller(box.url)
    await sleep(writtenBackMs)
    const before = writtenBy(box.pid())
    for (let visitor = 0; visitor < pace.visitors; visitor++) {
      if (visitor % perKiosk === 0) {
        kiosk = openCaller(box.url)
        await kiosk.send('POST', '/api/device', { kind: 'kiosk' })
      }
      await kiosk.call('POST', '/api/tickets', { service: services[0] })
      await sleep(pace.stepMs)
      const { ticket } = await clerk.call('POST', '/api/desk/next', { counter: counters[0] })
      await sleep(pace.stepMs)
      await clerk.call('POST', '/api/desk/start', { ticket })
      await sleep(pace.stepMs)
      await clerk.call('POST', '/api/desk/complete', { ticket, result: 'done' })
      await sleep(pace.stepMs)
    }
    await sleep(writtenBackMs)
    return round((writtenBy(box.pid()) - before) / pace.visitors / 1_000, 1)
  } finally {
    await box.stop()
    await hub.stop()
    await broker.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const writtenBy = (pid: number | undefined): number =>
  Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])
