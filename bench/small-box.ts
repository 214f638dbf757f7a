import { pino } from 'pino'
import { createAlarms } from '../appliance/base/alarms.ts'
import { openIdentity } from '../appliance/base/broker/identity.ts'
import { createClock, systemClock } from '../appliance/base/clock.ts'
import { newId } from '../appliance/base/ids.ts'
import { createFolding } from '../appliance/base/journal/folding.ts'
import { createJournal } from '../appliance/base/journal/journal.ts'
import { eventsOf } from '../appliance/base/rooms/room.ts'
import { openStore } from '../appliance/base/store/store.ts'
import { createRelay } from '../appliance/relay/relay.ts'
import { rooms } from '../appliance/rooms.ts'
import { penOf } from '../testing/pen-of.ts'
import { rethrow } from '../testing/rethrow.ts'

const quiet = pino({ level: 'silent' })

/** Of one of 25 districts. */
export const villageOf = (index: number): string =>
  `3510${String(index % 25).padStart(2, '0')}${String(2_000 + Math.floor(index / 25)).padStart(4, '0')}`

/** A real journal and relay in this process, a SQLite file each, without pages. `urls`: its brokers, the preferred one first. */
export function openSmallBox(path: string, folder: string, village: string, urls: readonly string[]) {
  const clock = createClock(systemClock)
  clock.setNtp(true)
  const store = openStore(path, clock, rethrow)
  const journal = createJournal(store, village, createFolding(eventsOf(rooms), []))
  const hardware = { serial: village, card: 'bench' }
  journal.open(hardware)
  const relay = createRelay(
    {
      brokers: () => urls,
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
