import { Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { eventsOf } from '../../appliance/base/rooms/room.ts'
import { isDay } from '../../appliance/base/time.ts'
import { rooms } from '../../appliance/rooms.ts'

/*
 * What the regency reads out of entries. A village is trusted with its own journal, not with what others see: an entry
 * whose values are not what its type says is kept, set aside with the reason, and read by nobody.
 */

const mostEntriesADay = 1_000_000
const Place = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** What a box counted of itself (rule 15), within what any box can have written. */
const DayTotal = Type.Object({
  places: Type.Array(Type.Tuple([Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' }), Place, Place]), { maxItems: 100 }),
  counts: Type.Record(
    Type.String({ pattern: '^[a-z]+\\.[a-z-]+$', maxLength: 60 }),
    Type.Integer({ minimum: 0, maximum: mostEntriesADay }),
    { maxProperties: 200, additionalProperties: false },
  ),
})

export const dayTotalled = 'journal.day-totalled'
export type DayTotal = { places: [epoch: string, first: number, last: number][]; counts: Record<string, number> }

const validators = new Map<string, Validator>(
  Object.entries(eventsOf(rooms)).map(([type, { schema }]) => [
    type,
    Compile(type === dayTotalled ? DayTotal : schema),
  ]),
)

/** The types whose data this program can check. */
export const knownTypes: readonly string[] = [...validators.keys()]

/** 31 December 9999. */
const lastTime = 253_402_300_799_999

/** Why the data of an entry cannot be read; null: it can, or its type is none that this program knows. */
export function whyUnreadable(type: string, at: number, data: unknown): string | null {
  const validator = validators.get(type)
  if (!validator) return null
  const [error] = validator.Check(data) ? [] : validator.Errors(data)
  if (error) return `${error.instancePath || '/'} ${error.message}`
  if (at < 0 || at > lastTime) return `at is ${at}, which is no time that a calendar has`
  const { day } = data as { day?: string }
  if (day && !isDay(day)) return `day ${day} is in no calendar`
  if (type === dayTotalled && countPlaces(data as DayTotal) > mostEntriesADay)
    return 'counts more places than a box can have written'
  return findUnstorable(data)
}

const countPlaces = ({ places }: DayTotal): number =>
  places.reduce((sum, [, first, last]) => sum + Math.max(0, last - first + 1), 0)

/** Why a value from outside may neither go into a table's columns nor onto a page, wherever in it that stands. */
export function findUnstorable(value: unknown): string | null {
  if (typeof value === 'number') return Math.abs(value) <= lastTime ? null : `holds the number ${value}`
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'holds the character U+0000, which PostgreSQL does not store'
    return value.isWellFormed() ? null : 'holds half a character'
  }
  if (typeof value !== 'object' || value === null) return null
  for (const [name, member] of Object.entries(value)) {
    const reason = findUnstorable(name) ?? findUnstorable(member)
    if (reason) return reason
  }
  return null
}
