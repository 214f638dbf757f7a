import { dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Command } from '../base/schemas.ts'
import { tidyText } from '../base/tidy-text.ts'
import { dayMs, isDay } from '../base/time.ts'
import type { DispatchesView, DispatchLine } from './dispatches-view.ts'
import type { LetterRoom } from './letters.ts'
import { yearOf } from './number-format.ts'
import type { StoredDispatch } from './tables.ts'

const page = 100

type Send = Command & { row: number; on: string; to: string; note: string }

/** The book of dispatched letters (Permendagri 47/2016, buku ekspedisi): fills itself from what was collected or sent. */
export function createDispatches({ store, pen, tables, zone, today, thisYear }: LetterRoom) {
  const dayOf = ({ sentOn, sentAt }: StoredDispatch): string => sentOn ?? dateIn(zone, sentAt)

  /** Of a year in the village's time, the first that left first. */
  function ofYear(year: number): (StoredDispatch & { day: string })[] {
    const from = Date.UTC(year, 0, 1)
    return tables
      .dispatches({ from: from - dayMs, until: Date.UTC(year + 1, 0, 1) + dayMs, year })
      .map((one) => ({ ...one, day: dayOf(one) }))
      .filter(({ day }) => yearOf(day) === year)
      .sort((one, other) => (one.day === other.day ? one.sentAt - other.sentAt : one.day < other.day ? -1 : 1))
  }

  function toLine(one: StoredDispatch & { day: string }, index: number): DispatchLine {
    const { dispatchRow, how, written, on, title, letter, row } = one
    const stored = letter === null ? null : tables.letter(letter)
    const mail = letter === null ? pen.partOf(row, 'letters.number-used') : null
    const sent = how === 'sent' ? pen.partOf(dispatchRow, 'letters.sent') : null
    const name = stored
      ? (pen.partOf(stored.requestedRow, 'letters.requested')?.person.name ?? null)
      : (mail?.to ?? null)
    return {
      village: how === 'collected' ? (stored?.collectedVillage ?? null) : null,
      ...{ n: index + 1, day: one.day, how, written: written ?? '', on: on ?? '' },
      subject: letter === null ? (mail?.subject ?? null) : title,
      to: sent?.to || name,
      note: sent?.note ?? '',
      void: stored?.state === 'void',
    }
  }

  return {
    /** The newest first; `before`: those before this number of the book. */
    dispatches({ year, before }: { year: number | null; before: number | null }): DispatchesView {
      const of = year ?? thisYear()
      const lines = ofYear(of)
      const end = before === null ? lines.length : Math.max(0, Math.min(lines.length, before - 1))
      const start = Math.max(0, end - page)
      return {
        year: of,
        years: [...new Set([thisYear(), of, ...tables.years()])].sort((one, other) => other - one),
        lines: lines
          .slice(start, end)
          .map((one, index) => toLine(one, start + index))
          .reverse(),
        more: start > 0,
      }
    },

    /** All of a year, the first that left first. */
    dispatchesOfYear: (year: number): DispatchLine[] => ofYear(year).map(toLine),

    /**
     * A letter or other mail was sent. `row`: its line in the register. Throws `letters.unknown`, `letters.not-issued`,
     * `letters.gone-already`, `letters.sent-day`.
     */
    async noteSent({ row, on, to, note, actor, key }: Send): Promise<void> {
      const part = await pen.seal('letters.sent', { to: tidyText(to), note: tidyText(note) })
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.sent')) return
        const found = tables.numbered(row)
        if (!found) throw new AppError('not-found', 'letters.unknown', 'There is no such number.')
        const { series, year, number, letter, on: written } = found
        const stored = letter === null ? null : tables.letter(letter)
        if (stored && stored.state !== 'issued')
          throw new AppError('conflict', 'letters.not-issued', `It is ${stored.state}.`)
        if ((stored && stored.collectedAt !== null) || tables.sentOn({ series, year, number }) !== null)
          throw new AppError('conflict', 'letters.gone-already', 'It has left the office already.')
        // A letter that was dated while the clock was wrong may be of a later day than today.
        const latest = written !== null && written > today() ? written : today()
        if (!isDay(on) || on > latest || (written !== null && on < written))
          throw new AppError('invalid', 'letters.sent-day', `${on} is before the letter, or not yet.`, { field: 'on' })
        pen.append(tx, { type: 'letters.sent', actor, key, data: { series, year, number, on }, private: part })
      })
    },
  }
}
