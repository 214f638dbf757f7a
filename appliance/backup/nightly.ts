import type { Clock } from '../clock.ts'
import { dateIn } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Alarms } from '../health/alarms.ts'
import type { Journal } from '../journal/journal.ts'
import type { Store } from '../store/store.ts'
import { backupFolder, isMounted, listBackups, writeBackup } from './backup.ts'

/** The office sleeps at this hour. */
const nightHour = 2

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  alarms: Alarms
  zone: string
  dataFolder: string
  /** Where a USB stick is mounted, if one is there. */
  stickFolder: string
  /** Verifies the journal and cuts what does not hold. */
  verify: () => void
  log: { info(details: object, what: string): void; error(details: object, what: string): void }
}

/**
 * What a box does once a night: it verifies its whole journal, counts the day for the regency, and writes a backup to
 * its own disk and to a stick. `look` is called twice a minute; a run that fails is tried again at the next look but
 * one hour. A box that is off at night does it in the morning.
 */
export function createNightly({ store, journal, clock, alarms, zone, dataFolder, stickFolder, verify, log }: Parts) {
  const selectFact = store.db.prepare<[], string>(`SELECT value FROM fact WHERE name = 'night'`).pluck()
  const upsertFact = store.db.prepare(
    `INSERT INTO fact (name, value) VALUES ('night', @night) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
  let notBefore = 0
  let running = false

  /** The night that is due: the local date of two in the morning. */
  const nightOf = (at: number): string => dateIn(zone, at - nightHour * 3_600_000)

  async function look(): Promise<void> {
    const { at, trust } = clock.read()
    if (running || trust === 'doubtful' || clock.monotonicMs() < notBefore) return
    const night = nightOf(at)
    const done = selectFact.get()
    // The first day of a journal has nothing behind it yet.
    if (done === undefined) store.write(() => upsertFact.run({ night }))
    if (done === undefined || done === night) return
    running = true
    try {
      verify()
      if (!journal.numbersHeld()) store.write((tx) => journal.totalDay(tx))
      await writeBackup(store.db, backupFolder(dataFolder), at, 'data')
      store.write(() => upsertFact.run({ night }))
      alarms.set('backup.failed', false)
      await writeToStick(at)
      log.info({ night }, 'the journal was verified, the day counted and a backup written')
    } catch (error) {
      notBefore = clock.monotonicMs() + 3_600_000
      alarms.set('backup.failed', true)
      log.error({ err: error }, 'the nightly work failed; it is tried again in an hour')
    } finally {
      running = false
    }
  }

  /** A stick that is full or pulled out is the stick's trouble, not the night's. */
  async function writeToStick(at: number): Promise<void> {
    if (!isMounted(stickFolder)) return
    try {
      await writeBackup(store.db, stickFolder, at, 'stick')
      alarms.set('backup.stick', false)
    } catch (error) {
      alarms.set('backup.stick', true, 'warning')
      log.error({ cause: error instanceof AppError ? error.message : String(error) }, 'no backup on the stick')
    }
  }

  return {
    look,
    newest: (): string | null => listBackups(backupFolder(dataFolder))[0] ?? null,
  }
}
