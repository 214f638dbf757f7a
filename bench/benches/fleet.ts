import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { query } from '../offices.ts'
import type { Bench, Figures } from '../run.ts'
import { openSmallBox, villageOf } from '../small-box.ts'
import { printTable, round } from '../statistics.ts'

type Size = { boxes: number; entries: number }
type Run = Size & { seconds: number; entriesPerSecond: number; lost: number; doubled: number }

const regency: Size = { boxes: 217, entries: 5_000 }
const largest: Size = { boxes: 1_000, entries: 500 }

/**
 * A regency whose line was down for twelve days: 217 boxes with 5,000 entries each come back at once. Then a thousand
 * with 500. Boxes are real journals and relays in this process, a SQLite file each, without pages.
 */
export const bench: Bench = {
  name: 'fleet',
  async run(): Promise<Figures> {
    const first = await runFleet(regency)
    await runFleet(largest)
    const { boxes, entries, seconds, entriesPerSecond, lost, doubled } = first
    return { boxes, entries, seconds, entriesPerSecond, lost, doubled }
  },
}

async function runFleet({ boxes: count, entries }: Size): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'balai-bench-fleet-'))
  const [broker, postgres] = await Promise.all([startMosquitto({ config: 'max_queued_messages 0' }), startPostgres()])
  const villages = Array.from({ length: count }, (_, index) => villageOf(index))
  const hub = await startHub({
    folder: join(folder, 'hub'),
    brokerUrl: broker.url,
    postgresUrl: postgres.url,
    villages,
  })
  const boxes = villages.map((village, index) =>
    openSmallBox(join(folder, `${index}.db`), folder, village, [broker.url]),
  )
  try {
    for (const box of boxes) box.fill(entries)
    const total = boxes.reduce((sum, box) => sum + box.places(), 0)
    const cpuBefore = { hub: cpuSeconds(hub.pid()), broker: cpuSeconds(broker.pid()), own: process.cpuUsage() }
    const began = performance.now()
    for (const box of boxes) box.relay.start()
    while (boxes.some((box) => box.relay.view().waiting > 0)) {
      if (performance.now() - began > 600_000) throw new Error('The fleet did not drain in ten minutes.')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    const seconds = (performance.now() - began) / 1_000
    const own = process.cpuUsage(cpuBefore.own)
    const [row] = await query<{ places: string; entries: string }>(
      postgres.url,
      'SELECT (SELECT count(*) FROM place) AS places, (SELECT count(*) FROM entry) AS entries',
    )
    const run = {
      boxes: count,
      entries: total,
      seconds: round(seconds),
      entriesPerSecond: Math.round(total / seconds),
      lost: total - Number(row?.entries),
      doubled: Math.max(0, Number(row?.entries) - total),
    }
    printTable([
      [
        'boxes',
        'entries',
        'seconds',
        'entries/s',
        'lost',
        'doubled',
        'hub CPU s',
        'broker CPU s',
        'load CPU s',
        'hub MiB',
        'broker MiB',
      ],
      [
        count,
        total,
        run.seconds,
        run.entriesPerSecond,
        run.lost,
        run.doubled,
        round(cpuSeconds(hub.pid()) - cpuBefore.hub, 1),
        round(cpuSeconds(broker.pid()) - cpuBefore.broker, 1),
        round((own.user + own.system) / 1_000_000, 1),
        residentMiB(hub.pid()),
        residentMiB(broker.pid()),
      ],
    ])
    return run
  } finally {
    for (const box of boxes) await box.close()
    await hub.stop()
    await Promise.all([broker.stop(), postgres.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** User and system time of a process so far; fields 14 and 15 of /proc/<pid>/stat, in hundredths. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function residentMiB(pid: number | undefined): number {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(line) / 1_024)
}
