import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { Origin } from '../../wire/hash.ts'
import type { ClockTrust } from '../clock.ts'

/**
 * What happens to an entry that comes back from the regency when this box has written on already: `record` for
 * registers and statistics, `ignore` for live state and settings, which have moved on since (F57). The live queue never
 * changes by it.
 */
export type LateRule = 'record' | 'ignore'

/** One event type: the schema of its `data`, and what becomes of it when it comes late. */
export type EventDeclaration<S extends TSchema = TSchema> = { late: LateRule; schema: S }

/** Declares an event type, in its room's `events.ts`. */
export const event = <S extends TSchema>(late: LateRule, schema: S): EventDeclaration<S> => ({ late, schema })

/** Event types by name: `queue.ticket-taken`. */
export type Events = Readonly<Record<string, EventDeclaration>>

export type EventType<E extends Events> = keyof E & string

export type DataOf<E extends Events, T extends EventType<E>> = Static<E[T]['schema']>

/** What a command hands to its pen: the journal adds place, time and hash. */
export type Event<E extends Events = Events, T extends EventType<E> = EventType<E>> = {
  [K in T]: { type: K; actor: string; key?: string | null; data: DataOf<E, K>; private?: object }
}[T]

/** An entry as `apply` gets it. `late`: it came back after this box had written on; only registers take it. */
export type Entry<E extends Events = Events, T extends EventType<E> = EventType<E>> = {
  [K in T]: {
    row: number
    type: K
    at: number
    clock: ClockTrust
    actor: string
    key: string | null
    late: boolean
    data: DataOf<E, K>
  }
}[T]

/** A stored entry at one of its places, with all that its hash needs. `data` is canonical JSON. */
export type PlacedEntry = {
  row: number
  epoch: string
  seq: number
  hash: Buffer
  name: Buffer
  type: string
  at: number
  clock: ClockTrust
  actor: string
  key: string | null
  data: string
  private: string | null
  p: Buffer | null
  origin: Origin | null
  late: number
}

export type EventRegistry = ReturnType<typeof createEventRegistry>

/** Every event type that this program knows. An entry of any other type is kept, and folded by nobody. */
export function createEventRegistry(events: Events) {
  const validators = new Map<string, Validator>()
  /** Made when it is first needed: most types are not written in an hour. */
  function validatorOf(type: string): Validator | null {
    const declared = Object.hasOwn(events, type) ? events[type] : undefined
    if (!declared) return null
    const validator = validators.get(type) ?? Compile(declared.schema)
    validators.set(type, validator)
    return validator
  }

  return {
    isKnown: (type: string): boolean => Object.hasOwn(events, type),
    isRecordedLate: (type: string): boolean => Object.hasOwn(events, type) && events[type]?.late === 'record',

    /** Why `data` is not of its type, or null when it is. Unknown types are nobody's business here: null. */
    describeMismatch(type: string, data: unknown): string | null {
      const validator = validatorOf(type)
      if (!validator || validator.Check(data)) return null
      return validator
        .Errors(data)
        .map((error) => `${error.instancePath || '/'} ${error.message}`)
        .join('; ')
    },
  }
}
