import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import { hourMs } from '../base/time.ts'
import type { Person } from './person.ts'

export type Records = ReturnType<typeof createRecords>

/** A record as it counts now. `person`: JSON. */
export type StoredRecord = { row: number; resident: string; person: string }

/** For so long a record is open for whoever opened it, ms. */
const openMs = hourMs

export const personIn = ({ person }: Pick<StoredRecord, 'person'>): Person => JSON.parse(person) as Person

/** The record of one resident, and who has it open. */
export function createRecords(db: Db, clock: Clock) {
  const select = db.prepare<{ resident: string }, StoredRecord>(
    'SELECT row, resident, person FROM resident_now WHERE resident = @resident',
  )
  const selectOpenedSince = db
    .prepare<{ resident: string; actor: string; since: number }, number>(
      'SELECT 1 FROM resident_opened WHERE resident = @resident AND actor = @actor AND at >= @since LIMIT 1',
    )
    .pluck()

  /** Throws `residents.unknown`. */
  function known(resident: string): Person {
    const found = select.get({ resident })
    if (!found) throw new AppError('not-found', 'residents.unknown', 'There is no such resident.')
    return personIn(found)
  }

  const isOpen = (resident: string, actor: string): boolean =>
    selectOpenedSince.get({ resident, actor, since: clock.read().at - openMs }) !== undefined

  return {
    known,
    /** Whether this reader has it open. */
    isOpen,
    isKnown: (resident: string): boolean => select.get({ resident }) !== undefined,
    /** Whose record this reader has open. Throws `residents.unknown`, and `residents.not-open` where that is over. */
    opened(resident: string, actor: string): Person {
      const person = known(resident)
      if (!isOpen(resident, actor)) throw new AppError('forbidden', 'residents.not-open', 'Open the record first.')
      return person
    },
  }
}
