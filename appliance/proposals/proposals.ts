import { type Clock, dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Say } from '../base/messages/catalogues.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { tidyText } from '../base/tidy-text.ts'
import { isDay } from '../base/time.ts'
import type { People } from '../people/people.ts'
import type { Erased } from '../residents/erase.ts'
import type { Person } from '../residents/person.ts'
import type { Residents } from '../residents/residents.ts'
import type { CommandData } from '../wire/commands.ts'
import { describeAnswer } from './describe-answer.ts'
import { proposalEvents } from './events.ts'
import { asks, changedBy, type Kind, kinds, type Proposable, proposable } from './kinds.ts'
import { createProposalTables, type StoredProposal } from './tables.ts'
import type { Changes, Proposal, ProposalLine, ProposalsNow, ProposalsView } from './views.ts'
import { findWrongField } from './wrong-field.ts'

export type Proposals = ReturnType<typeof createProposals>

type Make = Command & {
  kind: Kind
  resident: string | null
  on: string
  fields: Partial<Record<Proposable, string | number>>
  place: string
  other: string
  note: string
  papers: string[]
  instead: string | null
}

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  /** An IANA time zone. */
  zone: string
  people: People
  residents: Residents
  /** A sentence in the office's language. */
  say: Say
}

const page = 100
const shownMonths = 12
const fewest = 5

/** Life events and corrections, as the office proposes them to whoever keeps the register. */
export function createProposals({ store, journal, clock, zone, people, residents, say }: Parts) {
  const pen = journal.pen(proposalEvents)
  const tables = createProposalTables(store.db)
  const today = (): string => dateIn(zone, clock.read().at)

  function known(proposal: string): StoredProposal {
    const found = tables.byId(proposal)
    if (!found) throw new AppError('not-found', 'proposals.unknown', 'There is no such proposal.')
    return found
  }

  function toLine(stored: StoredProposal, names: ReadonlyMap<string, string>): ProposalLine {
    const { ordinal, actor, resident: _whose, papers, ...line } = stored
    return {
      ...line,
      papers: JSON.parse(papers) as string[],
      name: pen.partOf(ordinal, 'proposals.made')?.name ?? null,
      by: names.get(actor) ?? actor,
    }
  }

  /** What is typed, as it may stand in a record. Throws `proposals.wrong-field`, `proposals.field-needed`. */
  function readFields(kind: Kind, typed: Make['fields'], person: Person | null): Changes {
    const { fields, needs } = asks[kind]
    const changes: Record<string, string | number> = {}
    for (const field of fields) {
      const value = typed[field]
      const said = typeof value === 'string' ? tidyText(value).replaceAll(/\s+/g, ' ') : value
      if (said !== undefined && said !== '' && said !== person?.[field]) changes[field] = said
      else if (needs.includes(field))
        throw new AppError('invalid', 'proposals.field-needed', `${field} is missing.`, { field })
    }
    const wrong = findWrongField(changes, today())
    if (wrong)
      throw new AppError('invalid', 'proposals.wrong-field', `${wrong} is not as it has to be.`, { field: wrong })
    if (kind === 'corrected' && Object.keys(changes).length === 0)
      throw new AppError('invalid', 'proposals.nothing', 'Nothing differs from the record.', { field: 'fields' })
    return changes as Changes
  }

  return {
    /**
     * Records what happened and sends it, sealed to village and regency. The record that it begins from is open for this
     * person: throws `residents.not-open`, `proposals.record-needed`, `proposals.future`, `proposals.papers-needed`,
     * `proposals.place-needed`, `proposals.other-needed` and what `readFields` throws.
     */
    async make({ kind, resident, on, fields, place, other, note, papers, instead, actor, key }: Make) {
      const asked = asks[kind]
      if (pen.wasDone(key, ['proposals.made'])) return
      const person = resident === null ? null : residents.opened(resident, actor)
      if (asked.person === 'known' && !person)
        throw new AppError('invalid', 'proposals.record-needed', 'Open the record of the person first.')
      if (!isDay(on) || on > today())
        throw new AppError('invalid', 'proposals.future', 'That day has not come yet, or is none.', { field: 'on' })
      const seen = asked.papers.filter((paper) => papers.includes(paper))
      if (seen.length === 0)
        throw new AppError('invalid', 'proposals.papers-needed', 'At least one paper is needed.', { field: 'papers' })
      const [where, whom, words] = [tidyText(place), tidyText(other), tidyText(note)]
      if (asked.place === 'needed' && where === '')
        throw new AppError('invalid', 'proposals.place-needed', 'From where, or where to?', { field: 'place' })
      if (asked.other && whom === '')
        throw new AppError('invalid', 'proposals.other-needed', 'Whom?', { field: 'other' })
      const own = asked.person === 'known' ? person : null
      const typed = readFields(kind, fields, own)
      const changes: Changes = { ...changedBy(kind, on), ...typed }
      const about = own ?? { name: typed.name ?? '', nik: typed.nik, kk: typed.kk ?? person?.kk }
      const before = Object.fromEntries(
        Object.keys(changes).flatMap((field) => {
          const value = own?.[field as keyof Changes]
          return value === undefined ? [] : [[field, value]]
        }),
      )
      const part = await pen.seal('proposals.made', {
        ...{ name: about.name, changes, before },
        ...(about.nik ? { nik: about.nik } : {}),
        ...(about.kk ? { kk: about.kk } : {}),
        ...(where && asked.place ? { place: where } : {}),
        ...(whom && asked.other ? { other: whom } : {}),
        ...(words ? { note: words } : {}),
      })
      store.write((tx) => {
        if (pen.entryByKey(key, 'proposals.made')) return
        if (instead !== null && known(instead).state !== 'papers')
          throw new AppError('conflict', 'proposals.not-asked', 'The regency asks for no more papers of that one.')
        const named = proposable.filter((field) => field in typed)
        const data = { proposal: newId(), kind, resident, on, fields: named, papers: seen, instead }
        pen.append(tx, { type: 'proposals.made', actor, key, data, private: part })
      })
    },

    /** Takes one back that was not answered. Throws `proposals.unknown`, `proposals.answered`. */
    withdraw({ proposal, actor, key }: Command & { proposal: string }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'proposals.withdrawn')) return
        const { state } = known(proposal)
        if (state !== 'sent' && state !== 'papers')
          throw new AppError('conflict', 'proposals.answered', 'The regency has answered it already.')
        pen.append(tx, { type: 'proposals.withdrawn', actor, key, data: { proposal } })
      })
    },

    /**
     * What the regency answers: the sentence for the desks, and what keeps it, in the caller's transaction. Null: this office
     * never made that one, or took it back.
     */
    takeAnswer({ proposal, answer, text }: CommandData<'answer'>): { say: string; keep: () => void } | null {
      const found = tables.byId(proposal)
      if (!found || found.state === 'withdrawn' || found.state === 'replaced') return null
      const { kind, on } = found
      return {
        say: describeAnswer({ kind, on, answer, text }, say),
        keep: () =>
          store.write((tx) => {
            const data = { proposal, answer, ...(text ? { text } : {}) }
            pen.append(tx, { type: 'proposals.answered', actor: 'hub', data })
          }),
      }
    },

    /**
     * Somebody is erased: what is private goes, here and at the regency, of each proposal from their record or of them, also
     * of those who were proposed and had none.
     */
    forget(tx: Tx, { residents: erased, isNamed }: Erased): void {
      const theirs = tables.all().filter((one) => {
        if (one.resident !== null && erased.has(one.resident)) return true
        const part = pen.partOf(one.ordinal, 'proposals.made')
        return part !== null && isNamed({ ...part.changes, name: part.name, ...(part.nik ? { nik: part.nik } : {}) })
      })
      journal.eraseParts(
        tx,
        theirs.map(({ ordinal }) => ordinal),
      )
    },

    /** Those that were made before `before` (an ordinal; null: the newest), and what each month brought. */
    view(before: string | null): ProposalsView {
      const rows = tables.newest({ before: before === null ? null : known(before).ordinal, limit: page + 1 })
      const names = people.names()
      const counted = tables.perMonth(shownMonths)
      return {
        proposals: rows.slice(0, page).map((row) => toLine(row, names)),
        more: rows.length > page,
        months: [...new Set(counted.map(({ month }) => month))].map((month) => ({
          month,
          counts: Object.fromEntries(
            kinds.map((kind) => {
              const n = counted.find((one) => one.month === month && one.kind === kind)?.n ?? 0
              return [kind, n > 0 && n < fewest ? 'few' : n]
            }),
          ) as ProposalsView['months'][number]['counts'],
        })),
      }
    },

    now(): ProposalsNow {
      const counted = tables.perState()
      const answeredAt = Math.max(0, ...counted.map((one) => one.answeredAt ?? 0))
      return {
        states: Object.fromEntries(counted.map(({ state, n }) => [state, n])),
        answeredAt: answeredAt === 0 ? null : answeredAt,
      }
    },

    /** Those that began from one record, whole, for who has it open. Throws `residents.not-open`. */
    of(resident: string, actor: string): Proposal[] {
      residents.opened(resident, actor)
      const names = people.names()
      return tables.ofResident(resident).map((row) => {
        const { changes = {}, before = {}, place, other, note } = pen.partOf(row.ordinal, 'proposals.made') ?? {}
        return {
          ...toLine(row, names),
          ...{ changes, before, place: place ?? null, other: other ?? null, note: note ?? null },
        }
      })
    },
  }
}
