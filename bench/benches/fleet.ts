import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createAlarms } from '../../appliance/base/alarms.ts'
import { openIdentity } from '../../appliance/base/broker/identity.ts'
import { createClock, systemClock } from '../../appliance/base/clock.ts'
import { newId } from '../../appliance/base/ids.ts'
import { createFolding } from '../../appliance/base/journal/folding.ts'
import { createJournal } from '../../appliance/base/journal/journal.ts'
import { eventsOf } from '../../appliance/base/rooms/room.ts'
import { openStore } from '../../appliance/base/store/store.ts'
import { createRelay } from '../../appliance/relay/relay.ts'
import { rooms } from '../../appliance/rooms.ts'
import { penOf } from '../../testing/pen-of.ts'
import { startHub } from '../../testing/programs.ts'
import { rethrow } from '../../testing/rethrow.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { query } from '../offices.ts'
import type { Bench, Figures } from '../run.ts'
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

const quiet = pino({ level: 'silent' })
const villageOf = (index: number): string =>
  `3510${String(index % 25).padStart(2, '0')}${String(2_000 + Math.floor(index / 25)).padStart(4, '0')}`

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
  const boxes = villages.map((village, index) => openSmallBox(join(folder, `${index}.db`), folder, village, broker.url))
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

function openSmallBox(path: string, folder: string, village: string, url: string) {
  const clock = createClock(systemClock)
  clock.setNtp(true)
  const store = openStore(path, clock, rethrow)
  const journal = createJournal(store, village, createFolding(eventsOf(rooms), []))
  const hardware = { serial: village, card: 'bench' }
  journal.open(hardware)
  const relay = createRelay(
    {
      brokers: () => [url],
      clientId: village,
      credentials: () => ({}),
      time: () => ({ doubtful: true, floor: 0, now: 0 }),
    },
    {
      store,
      journal,
      clock,
      alarms: createAlarms(clock.monotonicMs, clock.monotonicMs, rethrow),
      log: quiet,
      identity: openIdentity(folder, hardware),
      version: 'bench',
      hubKey: null,
      certificates: null,
      health: () => ({
        at: clock.read().at,
        clock: 'synced',
        queue: { waiting: 0, serving: 0, taken_today: 0, completed_today: 0, median_wait_minutes: null },
        disk_free_bytes: null,
        database_bytes: 0,
        wal_bytes: 0,
        temperature_c: null,
        undervoltage: null,
        printer: null,
        certificate_days_left: null,
      }),
      onChange: () => {},
      datasets: null,
      files: null,
      onCommand: () => {},
      onTime: () => {},
    },
  )
  return {
    relay,
    places: () => journal.head().seq,
    /** Untimed: tickets taken and served, as in an office. */
    fill(entries: number): void {
      store.db.pragma('synchronous = OFF')
      const [service, counter] = [newId(), newId()]
      store.write((tx) => {
        for (let number = 1; journal.head().seq < entries; number = (number % 999) + 1) {
          const ticket = newId()
          const label = `A${String(number).padStart(3, '0')}`
          const key = newId()
          penOf(journal).append(tx, {
            type: 'queue.ticket-taken',
            actor: 'kiosk:1',
            key,
            data: { ticket, service, day: '2026-11-23', number, label },
          })
          penOf(journal).append(tx, {
            type: 'queue.ticket-called',
            actor: counter,
            key: newId(),
            data: { ticket, counter, call: newId() },
          })
          penOf(journal).append(tx, {
            type: 'queue.serving-started',
            actor: counter,
            key: newId(),
            data: { ticket, counter },
          })
          penOf(journal).append(tx, {
            type: 'queue.ticket-completed',
            actor: counter,
            key: newId(),
            data: { ticket, counter, result: 'done' },
          })
        }
      })
      store.db.pragma('synchronous = FULL')
    },
    async close(): Promise<void> {
      await relay.stop()
      store.close()
    },
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
