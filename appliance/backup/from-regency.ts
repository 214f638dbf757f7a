import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Alarms } from '../base/alarms.ts'
import type { Journal } from '../base/journal/journal.ts'
import { eraseFile } from '../base/store/erase-folder.ts'
import { syncFolder, writeForService } from '../base/store/whole-file.ts'
import { createPartOpener, type PartOpener } from '../wire/private-parts.ts'
import { readOwn, recipientOf } from './recovery.ts'
import type { Reopening } from './views.ts'
import { readWords } from './words.ts'

/*
 * The private parts of a village's past, which come back from the regency sealed. Somebody types the recovery words; from
 * then on what comes is opened, and what lies here sealed already. The key stays in a file until that is done, so that it
 * goes on after a power cut, and then it goes.
 */

const fileIn = (data: string) => join(data, 'opening.key')

/** Keeps the secret half until everything is opened. */
export const keepOpeningKey = (data: string, key: string): void => writeForService(data, fileIn(data), key)

export const hasOpeningKey = (data: string): boolean => existsSync(fileIn(data))

/** What opens here now: the words that somebody typed, or the box's own pair as long as nobody has seen its words. */
function readOpeningKey(data: string): string | null {
  if (hasOpeningKey(data)) return readFileSync(fileIn(data), 'utf8').trim()
  return readOwn(data)?.key ?? null
}

export type FromRegency = ReturnType<typeof createFromRegency>

type Parts = {
  data: string
  journal: Journal
  alarms: Alarms
  /** The public half, by which typed words are checked; null: a box without a fleet has made its own. */
  recipient: string | null
  history: () => { here: number; missing: number; whole: boolean; isOwner: boolean | null }
  /** What was opened late has to be folded: the box is opened anew. */
  reopen: () => void
  onChange: () => void
  log: { info(details: object, what: string): void; error(details: object, what: string): void }
}

export function createFromRegency({ data, journal, alarms, recipient, history, reopen, onChange, log }: Parts) {
  let opener: Promise<PartOpener> | null = null
  let openerKey: string | null = null
  let running: Promise<void> | null = null
  let stopped = false
  let opened = 0
  let failed = 0
  let finished = false

  /** For what comes with history, as long as a key is here. */
  async function currentOpener(): Promise<PartOpener | null> {
    const key = readOpeningKey(data)
    if (key !== openerKey) {
      openerKey = key
      opener = key === null ? null : createPartOpener(key)
    }
    const open = await opener
    return (
      open &&
      (async (file, p) => {
        const text = await open(file, p)
        if (text !== null) opened++
        return text
      })
    )
  }

  async function opens(key: string): Promise<boolean> {
    if (recipient !== null) return (await recipientOf(key)) === recipient
    const sample = journal.sampleClosed()
    if (!sample) return true
    return (await (await createPartOpener(key))(sample.file, sample.p)) !== null
  }

  function forgetKey(): void {
    if (!eraseFile(fileIn(data))) throw new Error('opening.key does not go')
    syncFolder(data)
    openerKey = null
    opener = null
  }

  /** Opens what lies here once all of the past is in. What the words of this village do not open stays, and is said. */
  async function work(): Promise<void> {
    const open = await currentOpener()
    if (!open) return
    failed = await journal.openAll(open, onChange, () => stopped)
    if (stopped || !history().whole) return
    forgetKey()
    finished = true
    alarms.set('backup.parts-closed', failed > 0, 'warning', { count: failed })
    log.info({ opened, failed }, 'the private parts of the past were opened')
    onChange()
    if (journal.isRefoldDue()) reopen()
  }

  function look(): void {
    if (stopped || running || !hasOpeningKey(data) || !history().whole) return
    running = work()
      .catch((error) => log.error({ err: error }, 'private parts could not be opened; it is tried again'))
      .finally(() => {
        running = null
      })
  }

  const step = (): Reopening['step'] => {
    if (finished && !hasOpeningKey(data)) return 'done'
    if (hasOpeningKey(data)) return history().whole ? 'opening' : 'history'
    if (journal.sampleClosed()) return 'words'
    const held = journal.numbersHeld()
    return held === null || held === 'not-owner' ? 'none' : 'before'
  }

  return {
    opener: currentOpener,
    /** Takes the words (or the key of the QR code). Throws AppError `backup.words-…`, which names the place of what is wrong. */
    async takeWords(text: string): Promise<void> {
      keepOpeningKey(data, await readWords(text, opens))
      finished = false
      look()
      onChange()
    },
    /** Called now and then, and whenever more of the past is in. */
    look,
    view(): Reopening {
      const { here, missing, isOwner } = history()
      return { isOther: isOwner === false, step: step(), here, missing, closed: journal.countClosed(), opened, failed }
    },
    async giveUp(): Promise<void> {
      stopped = true
      await running
    },
  }
}
