import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { queueEvents } from './events.ts'

/** Rules 10 and 12: a number that may stand on paper already is not given again. */
export function assertNumbersFree(journal: Journal): void {
  const held = journal.numbersHeld()
  if (held === 'not-owner')
    throw new AppError('unavailable', 'queue.not-owner', 'Another box gives this village’s numbers now.')
  if (held)
    throw new AppError('unavailable', 'queue.numbers-held', `Numbers are held (${held}) until the regency was heard.`)
}

/** How held numbers come free by a person's word. `keepDay` begins the office day that is due. */
export function createNumbers(
  store: Store,
  journal: Journal,
  pen: Pen<typeof queueEvents>,
  office: OfficeRoom,
  keepDay: (tx: Tx) => string | null,
) {
  return {
    numbersHeld: () => journal.numbersHeld('tickets'),

    /**
     * After a restore, before the regency was heard: a person says the last number of each service that stands on
     * paper, and numbers go on behind it (rule 10). Does nothing when none are held.
     */
    confirmNumbers({ last, actor, key }: Command & { last: readonly (readonly [string, number])[] }): void {
      store.write((tx) => {
        const held = journal.numbersHeld()
        if (held === null || held === 'not-owner' || pen.entryByKey(key, 'queue.numbers-confirmed')) return
        journal.releaseNumbers(tx, ['tickets'])
        const day = keepDay(tx)
        if (!day) throw new AppError('unavailable', 'queue.no-day', 'No office day has begun: confirm the clock first.')
        for (const [service] of last) office.service(service)
        const data = { day, last: last.map(([service, number]): [string, number] => [service, number]) }
        pen.append(tx, { type: 'queue.numbers-confirmed', actor, key, data })
      })
    },
  }
}
