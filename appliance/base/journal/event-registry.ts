import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { Origin } from '../../wire/hash.ts'
import type { SealedText } from '../../wire/private-parts.ts'
import type { ClockTrust } from '../clock.ts'

/**
 * What happens to an entry that comes back from the regency when this box has written on already: `record` for
 * registers and statistics, `ignore` for live state and settings, which have moved on since (F57). The live queue never
 * changes by it.
 */
export type LateRule = 'record' | 'ignore'

/** What nobody on the way may read of an entry (wire SYNC-019). */
export type PrivateDeclaration<P extends TSchema = TSchema> = {
  schema: P
  /**
   * Who can open it besides the box: whoever has the village’s recovery words; `regency`: the regency as well; `named`:
   * whoever is named when it is sealed, and not the regency.
   */
  reader: 'village' | 'regency' | 'named'
  /** So many days after `at` it is erased; absent: never. */
  keepDays?: number
}

/** One event type: the schema of its `data`, what is private of it, and what becomes of it when it comes late. */
export type EventDeclaration<S extends TSchema = TSchema, P extends TSchema = TSchema> = {
  late: LateRule
  schema: S
  private?: PrivateDeclaration<P>
}

/** Declares an event type, in its room's `events.ts`. */
export function event<S extends TSchema>(late: LateRule, schema: S): { late: LateRule; schema: S }
export function event<S extends TSchema, P extends TSchema>(
  late: LateRule,
  schema: S,
  part: PrivateDeclaration<P>,
): { late: LateRule; schema: S; private: PrivateDeclaration<P> }
export function event(late: LateRule, schema: TSchema, part?: PrivateDeclaration): EventDeclaration {
  return part ? { late, schema, private: part } : { late, schema }
}

/** Event types by name: `queue.ticket-taken`. */
export type Events = Readonly<Record<string, EventDeclaration>>

export type EventType<E extends Events> = keyof E & string

export type DataOf<E extends Events, T extends EventType<E>> = Static<E[T]['schema']>

/** What is private of an entry of this type; `never` for a type that declares nothing. */
export type PrivateOf<E extends Events, T extends EventType<E>> = E[T] extends { private: PrivateDeclaration<infer P> }
  ? Static<P>
  : never

/** A private part of an entry of one type, sealed before the transaction that writes it: `pen.seal` makes it. */
export type SealedPart<T extends string = string> = SealedText & { type: T; recipients: readonly string[] }

/** What a command hands to its pen: the journal adds place, time and hash. */
export type Event<E extends Events = Events, T extends EventType<E> = EventType<E>> = {
  [K in T]: { type: K; actor: string; key?: string | null; data: DataOf<E, K>; private?: SealedPart<K> }
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
    /** Null: it has none, it was erased, or this box cannot open it. */
    private: PrivateOf<E, K> | null
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
  /** The private part as an age file; null where there is none, or it was erased. */
  sealed: Buffer | null
}

export type EventRegistry = ReturnType<typeof createEventRegistry>

/** Every event type that this program knows. An entry of any other type is kept, and folded by nobody. */
export function createEventRegistry(events: Events) {
  const validators = new Map<TSchema, Validator>()
  const declared = (type: string): EventDeclaration | undefined =>
    Object.hasOwn(events, type) ? events[type] : undefined

  /** Made when it is first needed: most types are not written in an hour. */
  function validatorOf(schema: TSchema): Validator {
    const validator = validators.get(schema) ?? Compile(schema)
    validators.set(schema, validator)
    return validator
  }

  function describe(schema: TSchema | undefined, value: unknown): string | null {
    if (!schema || validatorOf(schema).Check(value)) return null
    return validatorOf(schema)
      .Errors(value)
      .map((error) => `${error.instancePath || '/'} ${error.message}`)
      .join('; ')
  }

  return {
    isKnown: (type: string): boolean => declared(type) !== undefined,
    isRecordedLate: (type: string): boolean => declared(type)?.late === 'record',
    /** What is private of a type; undefined: nothing is. */
    privateOf: (type: string): PrivateDeclaration | undefined => declared(type)?.private,
    privateTypes: Object.entries(events).flatMap(([type, { private: part }]) =>
      part ? [{ type, declared: part }] : [],
    ),
    /** Types whose private part ends, and after how many days. */
    kept: Object.entries(events).flatMap(([type, { private: part }]) =>
      part?.keepDays === undefined ? [] : [{ type, days: part.keepDays }],
    ),

    /** Why `data` is not of its type, or null when it is. Unknown types are nobody's business here: null. */
    describeMismatch: (type: string, data: unknown): string | null => describe(declared(type)?.schema, data),
    /** The same for a private part. */
    describePrivateMismatch: (type: string, part: unknown): string | null =>
      describe(declared(type)?.private?.schema, part),
  }
}
