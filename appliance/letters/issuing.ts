import { AppError } from '../base/errors.ts'
import type { Command } from '../base/schemas.ts'
import type { Tx } from '../base/store/store.ts'
import { tidyText } from '../base/tidy-text.ts'
import type { LetterRole, LetterRoom } from './letters.ts'
import { parseNumberFormat, writeNumber, yearOf } from './number-format.ts'
import { draftContent } from './papers.ts'
import { signedCode } from './signed-code.ts'
import { assertSigns, signsAsHead, signsOn } from './signing.ts'
import type { StoredLetter } from './tables.ts'
import { readReason } from './typed-fields.ts'

type Issue = Command & { letter: string; as: LetterRole }

/** Numbers: given once, in order, without a hole, whatever becomes of the letter. */
export function createIssuing(room: LetterRoom) {
  const { store, journal, clock, pen, tables, electronic, templates, settings, signatory } = room
  const { today, thisYear, known, waiting } = room

  /** It went by mail, and is not collected as well. */
  function wasSent(letter: string): boolean {
    const numbered = tables.numberOf(letter)
    return numbered !== null && tables.sentOn(numbered) !== null
  }

  /** Throws `letters.numbers-held`, `letters.date-doubtful`. */
  function assertMayNumber(): void {
    const held = journal.numbersHeld('letters')
    if (held)
      throw new AppError(
        'unavailable',
        'letters.numbers-held',
        `Numbers are held (${held}) until the regency was heard.`,
      )
    if (clock.read().trust === 'doubtful')
      throw new AppError('conflict', 'letters.date-doubtful', 'Nobody has said what day it is.')
  }

  /** The next number of its row, as it stands on paper. Throws `letters.number-repeats`. */
  function nextNumber(classification: string, day: string, kind: 'letter' | 'mail') {
    const { format, numbering, villageMark } = settings()
    const series = seriesOf(numbering, kind, classification)
    const year = yearOf(day)
    const number = tables.lastNumber({ series, year }) + 1
    const parsed = parseNumberFormat(format, { perCode: false })
    const written = writeNumber(parsed, { number, classification, villageMark, day })
    if (tables.isWritten(written))
      throw new AppError('conflict', 'letters.number-repeats', `${written} was given before.`, { number: written })
    return { series, year, number, written }
  }

  /** Throws `letters.may-not-approve`, `letters.not-reviewed`, `letters.signatory-not-now`, `letters.head-signs`. */
  function assertMayIssue(stored: StoredLetter, { as, actor }: Issue, day: string): void {
    const { approval } = settings()
    const signs = signatory(stored.signatory)
    if (!signsOn(signs, day))
      throw new AppError('conflict', 'letters.signatory-not-now', `${signs.name} does not sign today.`, {
        name: signs.name,
      })
    if (templates.ofLetter(stored).signing?.headOnly && !signsAsHead(signs))
      throw new AppError('conflict', 'letters.head-signs', `${signs.name} signs on behalf of the head.`)
    if (approval === 'none' || as === 'head') return
    assertSigns(signs, { as, actor })
    if (approval === 'secretary-head' && stored.state === 'waiting' && as !== 'secretary')
      throw new AppError('conflict', 'letters.not-reviewed', 'The secretary has not seen it.')
  }

  /** Whether it waits for an electronic signature. Where others sign besides, all do so on one paper. */
  function signsElectronically(stored: StoredLetter): boolean {
    const alone = (templates.ofLetter(stored).signing?.others ?? []).length === 0
    return alone && (electronic.set()?.signers.includes(stored.signatory) ?? false)
  }

  return {
    /**
     * Approves a letter, which gives it number and date, once; answers the number as it stands on paper. Throws
     * `letters.unknown`, `letters.not-waiting`, `letters.erased` and what the assertions above throw.
     */
    async issue(command: Issue): Promise<string> {
      const { letter, actor, key } = command
      const before = pen.entryByKey(key, 'letters.issued')
      if (before) return before.data.written
      const day = today()
      const content = draftContent(room, known(letter), day)
      if (!content) throw new AppError('conflict', 'letters.erased', 'What it was about has been erased.')
      const part = await pen.seal('letters.issued', { content })
      return store.write((tx) => {
        const given = pen.entryByKey(key, 'letters.issued')
        if (given) return given.data.written
        const stored = waiting(letter)
        assertMayNumber()
        assertMayIssue(stored, command, day)
        const { approval, classification: table } = settings()
        const classification = templates.ofLetter(stored).classification[table]
        const numbered = nextNumber(classification, day, 'letter')
        const name = pen.partOf(stored.requestedRow, 'letters.requested')?.person.name
        const waits = approval !== 'none' && signsElectronically(stored)
        // A QR says that somebody answers for the letter: one that nobody has approved here is signed by pen alone.
        const code =
          approval === 'none' || waits || name === undefined
            ? null
            : signedCode(room, { letter, template: stored.template, number: numbered.written, content, name })
        const data = {
          ...{ letter, ...numbered, classification, on: day, title: content.title, code },
          ...(waits ? ({ signing: 'electronic' } as const) : {}),
        }
        pen.append(tx, { type: 'letters.issued', actor, key, data, private: part })
        return numbered.written
      })
    },

    /** It counts no more; the number keeps its place, with the reason. Throws `letters.reason-needed`, `letters.not-issued`. */
    async makeVoid({ letter, reason, actor, key }: Command & { letter: string; reason: string }): Promise<void> {
      const part = await pen.seal('letters.voided', { reason: readReason(reason) })
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.voided')) return
        const stored = known(letter)
        if (stored.state !== 'unsigned') assertIssued(stored)
        pen.append(tx, { type: 'letters.voided', actor, key, data: { letter }, private: part })
      })
    },

    /** The citizen has it; `at`: since before now, ms since 1970 UTC. */
    collect({ letter, at, actor, key }: Command & { letter: string; at?: number }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.collected')) return
        const stored = known(letter)
        assertIssued(stored)
        if (stored.collectedAt === null && !wasSent(letter))
          pen.append(tx, {
            type: 'letters.collected',
            actor,
            key,
            data: { letter, ...(at === undefined ? {} : { at }) },
          })
      })
    },

    /** The same in another village, `at` by its box: whatever became of the letter since, it was handed out. */
    collectElsewhere(tx: Tx, data: { letter: string; village: string; at: number }): void {
      if (tables.letter(data.letter)?.collectedAt === null)
        pen.append(tx, { type: 'letters.collected', actor: 'hub', data })
    },

    /** A number for mail that was written elsewhere; answers it as it stands on paper. */
    async useNumber({
      classification,
      subject,
      to,
      actor,
      key,
    }: Command & { classification: string; subject: string; to: string }): Promise<string> {
      const [about, whom] = [tidyText(subject), tidyText(to)]
      if (about === '')
        throw new AppError('invalid', 'letters.field-needed', 'What is it about?', {
          field: 'subject',
          label: 'Perihal',
        })
      const part = await pen.seal('letters.number-used', { subject: about, to: whom })
      return store.write((tx) => {
        const given = pen.entryByKey(key, 'letters.number-used')
        if (given) return given.data.written
        assertMayNumber()
        const day = today()
        const numbered = nextNumber(classification, day, 'mail')
        pen.append(tx, { type: 'letters.number-used', actor, key, data: { ...numbered, on: day }, private: part })
        return numbered.written
      })
    },

    /**
     * The last number of a row that paper has, when an office begins with the box in the middle of a year. Throws
     * `letters.number-behind` where the box has given a higher one.
     */
    setLastNumber({ series, number, actor, key }: Command & { series: string; number: number }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.last-number-set')) return
        const year = thisYear()
        const last = tables.lastNumber({ series, year })
        if (number <= last)
          throw new AppError('conflict', 'letters.number-behind', `${last} was given already.`, {
            ...{ field: 'number', last },
          })
        pen.append(tx, { type: 'letters.last-number-set', actor, key, data: { series, year, number } })
      })
    },

    /**
     * After a restore, before the regency was heard: a person says the last number of each row in the book, and numbers go
     * on behind it (rule 10). One that is lower than the box's own changes nothing. Does nothing when none are held.
     */
    confirmNumbers({ last, actor, key }: Command & { last: readonly (readonly [string, number])[] }): void {
      store.write((tx) => {
        const held = journal.numbersHeld('letters')
        if (held === null || held === 'not-owner' || pen.entryByKey(key, 'letters.numbers-confirmed')) return
        if (clock.read().trust === 'doubtful')
          throw new AppError('conflict', 'letters.date-doubtful', 'Nobody has said what day it is.')
        const year = thisYear()
        for (const [series, number] of last)
          if (number > tables.lastNumber({ series, year }))
            pen.append(tx, { type: 'letters.last-number-set', actor, data: { series, year, number } })
        pen.append(tx, { type: 'letters.numbers-confirmed', actor, key, data: { year } })
        journal.releaseNumbers(tx, ['letters'])
      })
    },
  }
}

function assertIssued({ state }: StoredLetter): void {
  if (state !== 'issued') throw new AppError('conflict', 'letters.not-issued', `It is ${state}.`)
}

/** The row of numbers that a letter's is of. Letters of one classification share one: two would bear the same number. */
const seriesOf = (
  numbering: 'per-code' | 'one' | 'with-mail',
  kind: 'letter' | 'mail',
  classification: string,
): string => {
  if (numbering === 'with-mail') return 'all'
  if (numbering === 'per-code') return classification
  return kind === 'letter' ? 'letters' : 'mail'
}
