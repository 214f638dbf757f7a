import { type Clock, dateIn } from '../base/clock.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { hourMs } from '../base/time.ts'
import { residentEvents } from './events.ts'
import type { Residents } from './residents.ts'
import type { FiguresView } from './views.ts'

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  zone: string
  residents: Pick<Residents, 'view' | 'figures'>
}

/** A file that was taken in so lately may still be taken back. */
const settledMs = 12 * hourMs
/** An entry holds 16 KiB; a village of very many RT leaves its places out. */
const mostBytes = 12_000

/**
 * Once a month the regency gets the village in figures, never more often: what differs between two counts of one day is one
 * person.
 */
export function createMonthlyFigures({ store, journal, clock, zone, residents }: Parts) {
  const pen = journal.pen(residentEvents)
  const selectMonth = store.db
    .prepare<{ month: string }, number>('SELECT 1 FROM resident_counted WHERE month = @month')
    .pluck()

  return {
    /** Called now and then. A date that nobody vouches for has no month. */
    async look(): Promise<void> {
      const { at, trust } = clock.read()
      const month = dateIn(zone, at).slice(0, 7)
      if (trust === 'doubtful' || selectMonth.get({ month }) !== undefined) return
      const { count, newest } = residents.view()
      if (count === 0 || (newest && newest.at > at - settledMs)) return
      const { total, groups } = toEntry(await residents.figures())
      store.write((tx) => {
        if (selectMonth.get({ month }) !== undefined) return
        const data = { month, asOf: newest?.asOf ?? null, total, groups }
        pen.append(tx, { type: 'residents.counted', actor: 'box', key: null, data })
      })
    },
  }
}

/** Without words, which each reader has: codes, places and ages as they are told apart. */
function toEntry({ total, groups, pyramid }: FiguresView) {
  const all = [
    ...groups.map(({ name, cells }) => ({ name, cells: cells.map(({ key, n }) => ({ key, n })) })),
    ...(['male', 'female'] as const).map((sex) => ({
      name: sex,
      cells: pyramid.map(({ label, [sex]: n }) => ({ key: label, n })),
    })),
  ]
  const fits = Buffer.byteLength(JSON.stringify(all)) <= mostBytes
  return { total, groups: fits ? all : all.filter(({ name }) => name !== 'place') }
}
