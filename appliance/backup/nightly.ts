import type { Alarms } from '../base/alarms.ts'
import type { Clock, ClockTrust } from '../base/clock.ts'
import { dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import { openFacts } from '../base/store/facts.ts'
import { isUnreadable } from '../base/store/failures.ts'
import { createIntegrityCheck } from '../base/store/integrity.ts'
import type { Store } from '../base/store/store.ts'
import { hourMs } from '../base/time.ts'
import { writeBackup } from './backup.ts'
import { backupFolder, isMounted, listBackups, removeOldAsides } from './files.ts'

/** The office sleeps at this hour. */
const nightHour = 2
/** While nobody knows the date: an office day of a box that is switched off at night, and then each day that it runs. */
const firstRunningMs = 6 * hourMs
const nextRunningMs = 24 * hourMs
/** A date that is set to and fro does not fill a folder with backups of one morning. */
const leastBetweenMs = 6 * hourMs

/** How it went with the stick. */
type Stick = 'stick' | 'no-stick' | 'stick-failed'

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  alarms: Alarms
  zone: string
  dataFolder: string
  /** Where a USB stick is mounted, if one is there. */
  stickFolder: string
  /** To whom what goes there is sealed; asked each time, since another pair may be made beside a running box. */
  recipient: () => Promise<string>
  /** Cuts what does not verify. */
  cutDamage: () => void
  log: { info(details: object, what: string): void; error(details: object, what: string): void }
}

/**
 * What a box does once a night: it verifies its whole journal, counts the day for the regency, has SQLite check the
 * file, and writes a backup to its own disk and to a stick. A file that is damaged is not copied over the backups from
 * before. `checkNight` is called twice a minute; a run that fails is tried again an hour later. A box
 * that is off at night does it in the morning; one whose date nobody knows counts the hours that it runs. The date of
 * the last night says only that it is another one now, never that it is later: a date may jump forward and come back.
 */
export function createNightly({
  store,
  journal,
  clock,
  alarms,
  zone,
  dataFolder,
  stickFolder,
  recipient,
  cutDamage,
  log,
}: Parts) {
  const facts = openFacts(store.db)
  const integrity = createIntegrityCheck(store.path)
  let notBefore = 0
  /** Resolves when what runs has ended. */
  let running: Promise<void> | null = null
  let unverified = journal.wasCutShort()
  let hasLooked = false
  let doneMs: number | null = null
  const startedMs = clock.monotonicMs()

  /** The night that is due: the local date of two in the morning. */
  const nightOf = (at: number): string => dateIn(zone, at - nightHour * hourMs)

  function isDue(night: string, trust: ClockTrust): boolean {
    const now = clock.monotonicMs()
    if (now < notBefore) return false
    if (trust === 'doubtful') return now - (doneMs ?? startedMs) >= (doneMs === null ? firstRunningMs : nextRunningMs)
    return facts.read('night') !== night && (doneMs === null || now - doneMs >= leastBetweenMs)
  }

  async function checkNight(): Promise<void> {
    const { at, trust } = clock.read()
    const night = nightOf(at)
    // The first day of a journal has nothing behind it yet.
    if (trust !== 'doubtful' && facts.read('night') === undefined) store.write(() => facts.write('night', night))
    if (running) return
    // Not at the start itself, for which people wait.
    const isNext = hasLooked
    hasLooked = true
    if (!isDue(night, trust)) {
      if (isNext && unverified) await alone(verify)
      return
    }
    await alone(work).catch((error) => {
      notBefore = clock.monotonicMs() + hourMs
      log.error({ err: error }, 'the nightly work failed; it is tried again in an hour')
    })
  }

  /** Null when the box closes meanwhile. */
  async function work(): Promise<Stick | null> {
    const { at } = clock.read()
    const night = nightOf(at)
    try {
      if (!(await verify())) return null
      const damaged = await journal.closeDamaged()
      if (damaged > 0)
        log.error({ count: damaged }, 'private parts on the card were damaged; their sealed copies are whole')
      if (!journal.numbersHeld()) {
        eraseEnded()
        store.write((tx) => journal.totalDay(tx))
      }
      if (!(await integrity.run())) return null
      alarms.set('journal.file-damaged', false)
      await writeBackup(store.db, backupFolder(dataFolder), at, 'data')
      removeOldAsides(store.path, clock.certain())
      // The log holds the pages as they were, also of what was taken away since: notes about tickets that have ended.
      store.db.pragma('wal_checkpoint(TRUNCATE)')
      store.write(() => facts.write('night', night))
      doneMs = clock.monotonicMs()
      alarms.set('backup.failed', false)
      const stick = await writeToStick(at)
      log.info({ night, stick }, 'the journal was verified, the day counted and a backup written')
      return stick
    } catch (error) {
      alarms.set('backup.failed', true)
      if (isUnreadable(error)) alarms.set('journal.file-damaged', true)
      throw error
    }
  }

  /** A date that no source vouches for ends nothing. The pages that are let go leave the log as well. */
  function eraseEnded(): void {
    const count = store.write((tx) => journal.eraseEnded(tx, clock.certain()))
    if (count === 0) return
    store.db.pragma('wal_checkpoint(TRUNCATE)')
    log.info({ count }, 'private parts whose days are over were erased')
  }

  async function alone<T>(one: () => Promise<T>): Promise<T> {
    let end = () => {}
    running = new Promise((resolve) => {
      end = resolve
    })
    try {
      return await one()
    } finally {
      running = null
      end()
    }
  }

  /** False when the box closes meanwhile. */
  async function verify(): Promise<boolean> {
    const found = await journal.verifySlowly()
    if (found === 'broken') cutDamage()
    unverified &&= found === 'given-up'
    return found !== 'given-up'
  }

  /** A stick that is full or pulled out is the stick's trouble, not the night's. */
  async function writeToStick(at: number): Promise<Stick> {
    if (!isMounted(stickFolder)) return 'no-stick'
    try {
      await writeBackup(store.db, stickFolder, at, 'stick', await recipient())
      alarms.set('backup.stick', false)
      return 'stick'
    } catch (error) {
      alarms.set('backup.stick', true, 'warning')
      log.error({ cause: error instanceof AppError ? error.message : String(error) }, 'no backup on the stick')
      return 'stick-failed'
    }
  }

  return {
    checkNight,
    /** The same at once, whatever the hour, after what runs. Throws what went wrong; null when the box closes meanwhile. */
    async backUpNow(): Promise<Stick | null> {
      while (running) await running
      return alone(work)
    },
    /** The box closes: what runs is ended, so that nobody waits for it. */
    async giveUp(): Promise<void> {
      journal.stopVerifying()
      await integrity.giveUp()
    },
    newest: (): string | null => listBackups(backupFolder(dataFolder))[0] ?? null,
  }
}
