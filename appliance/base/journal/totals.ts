import { openFacts } from '../store/facts.ts'
import type { Db, Tx } from '../store/store.ts'
import type { createChainIndex } from './chain-index.ts'
import type { Writer } from './writer.ts'

/** Places of one epoch, both ends included. */
type Range = [epoch: string, from: number, to: number]

/** The most epochs in one count: a village begins twenty a day at most. */
const mostRanges = 40

/** The daily count (rule 15): a second, independent proof that all arrived. */
export function createTotals(db: Db, places: ReturnType<typeof createChainIndex>, writer: Writer) {
  const facts = openFacts(db)
  const selectOwnEpochs = db.prepare<[], string>('SELECT epoch FROM epoch WHERE here = 1 ORDER BY ordinal').pluck()
  const countTypes = db.prepare<{ epoch: string; from: number; to: number }, { type: string; n: number }>(`
    SELECT type, count(*) AS n
    FROM place JOIN entry USING (row)
    WHERE epoch = @epoch AND seq BETWEEN @from AND @to
    GROUP BY type`)

  /** Writes the count and remembers up to where it goes. Nothing new: nothing is written. */
  function totalDay(tx: Tx): void {
    const ranges = rangesSince(JSON.parse(facts.read('totalled') ?? 'null') as [string, number] | null)
    const counts: Record<string, number> = {}
    for (const [epoch, from, to] of ranges)
      for (const { type, n } of countTypes.all({ epoch, from, to })) counts[type] = (counts[type] ?? 0) + n
    if (Object.keys(counts).every((type) => type === 'journal.day-totalled')) return
    const { epoch, seq } = writer.head()
    writer.setFact(tx, 'totalled', JSON.stringify([epoch, seq]))
    writer.append(tx, { type: 'journal.day-totalled', actor: 'box', data: { places: ranges, counts } })
  }

  function rangesSince(before: [string, number] | null): Range[] {
    const own = selectOwnEpochs.all()
    const first = before ? Math.max(0, own.indexOf(before[0])) : 0
    return own
      .slice(first)
      .flatMap((epoch): Range[] => {
        const from = before && epoch === before[0] ? before[1] + 1 : 1
        const to = places.last(epoch)?.seq ?? 0
        return to >= from ? [[epoch, from, to]] : []
      })
      .slice(-mostRanges)
  }

  return { totalDay }
}
