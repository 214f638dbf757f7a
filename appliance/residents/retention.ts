import { type Clock, dateIn } from '../base/clock.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import { openFacts } from '../base/store/facts.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { dayMs, hourMs } from '../base/time.ts'
import type { Erasure } from './erase.ts'
import { residentEvents } from './events.ts'
import { type RetentionDays, type RetentionKind, type RetentionView, usualDays } from './retention-rules.ts'

export type Retention = ReturnType<typeof createRetention>

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  zone: string
  erasure: Pick<Erasure, 'letGo'>
  changed: () => void
}

/** One kind of thing that goes. `before`: ms since 1970 UTC; what is from before then goes. */
type Ending = {
  count: (before: number) => number
  /** A slice of it; answers how many, 0 when nothing is left. */
  remove: (tx: Tx, before: number) => number
  /** After the commits. */
  after?: () => void
}

/** After the office's day has ended, and before the night's backup. */
const nightHour = 2
const nightFact = 'residents-night'
const soonDays = 30
/** People in one transaction: less than half a second of a small box. */
const slice = 10
const kinds = ['dead', 'moved', 'openings', 'staged', 'problems', 'photos'] as const satisfies readonly RetentionKind[]
const statusOf = { dead: 2, moved: 3 } as const

/** What has been kept long enough goes by itself, once a night, and an entry says how many of which kind. */
export function createRetention({ store, journal, clock, zone, erasure, changed }: Parts) {
  const { db } = store
  const pen = journal.pen(residentEvents)
  const facts = openFacts(db)
  const selectDays = db.prepare<[], string>('SELECT days FROM resident_retention').pluck()
  const from = `
    FROM resident_now JOIN resident_import ON number = since
    WHERE person ->> 'status' = @status AND at < @before`
  const countPeople = db.prepare<{ status: number; before: number }, number>(`SELECT count(*) ${from}`).pluck()
  const selectPeople = db
    .prepare<{ status: number; before: number }, string>(`SELECT resident ${from} LIMIT ${slice}`)
    .pluck()
  const countOpenings = db
    .prepare<{ from: number; before: number }, number>(
      'SELECT count(*) FROM resident_opened WHERE at >= @from AND at < @before',
    )
    .pluck()

  const people = (status: number): Ending => ({
    count: (before) => countPeople.get({ status, before }) ?? 0,
    remove: (tx, before) => erasure.letGo(tx, selectPeople.all({ status, before })),
    after: changed,
  })
  const endings = new Map<RetentionKind, Ending>([
    ['dead', people(statusOf.dead)],
    ['moved', people(statusOf.moved)],
  ])

  const days = (): RetentionDays => {
    const text = selectDays.get()
    return text === undefined ? usualDays : { ...usualDays, ...(JSON.parse(text) as Partial<RetentionDays>) }
  }
  const nightOf = (at: number): string => dateIn(zone, at - nightHour * hourMs)

  /** A slice in each transaction: between two of them a number is given. */
  async function letGo(kind: RetentionKind, ending: Ending, at: number): Promise<void> {
    const kept = days()[kind]
    if (kept === null) return
    const before = at - kept * dayMs
    if (ending.count(before) === 0) return
    for (let more = true; more; await new Promise((resolve) => setImmediate(resolve)))
      more = store.write((tx) => {
        const count = ending.remove(tx, before)
        if (count > 0) pen.append(tx, { type: 'residents.let-go', actor: 'box', key: null, data: { kind, count } })
        return count > 0
      })
    ending.after?.()
  }

  return {
    /** Another room's tables. */
    addEnding: (kind: RetentionKind, ending: Ending): void => void endings.set(kind, ending),

    /** Since when openings are shown, ms since 1970 UTC. */
    openingsSince(): number {
      const kept = days().openings
      return kept === null ? 0 : clock.read().at - kept * dayMs
    },

    view(): RetentionView {
      const { at } = clock.read()
      const kept = days()
      const next = Object.fromEntries(
        kinds.map((kind) => {
          const limit = kept[kind]
          if (limit === null) return [kind, 0]
          const before = at + (soonDays - limit) * dayMs
          if (kind === 'openings') return [kind, countOpenings.get({ from: at - limit * dayMs, before }) ?? 0]
          return [kind, endings.get(kind)?.count(before) ?? 0]
        }),
      ) as RetentionView['next']
      return { days: kept, next }
    },

    set({ days: wanted, actor, key }: Command & { days: RetentionDays }): void {
      store.write((tx) => {
        if (key !== null && pen.entryByKey(key, 'residents.retention-set')) return
        pen.append(tx, { type: 'residents.retention-set', actor, key, data: wanted })
      })
    },

    /**
     * Called now and then: does the night's work once. A date that no source vouches for ends nothing: whom it took would
     * come back with another file only.
     */
    async look(): Promise<void> {
      const certain = clock.certain()
      const night = nightOf(certain)
      if (facts.read(nightFact) === night) return
      for (const [kind, ending] of endings) await letGo(kind, ending, certain)
      store.write(() => facts.write(nightFact, night))
    },
  }
}
