import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { lanEvents, lanLate } from '../../devices/events.ts'
import { healthEvents, healthLate } from '../../health/events.ts'
import { peopleEvents, peopleLate } from '../../people/events.ts'
import { printEvents, printLate } from '../../print/events.ts'
import { queueEvents, queueLate } from '../../queue/events.ts'
import { voiceEvents, voiceLate } from '../../voice/events.ts'
import type { Origin } from '../../wire/hash.ts'
import type { ClockTrust } from '../clock.ts'
import { journalEvents, journalLate } from './events.ts'

/** Every event type this program knows, with the schema of its `data`. Each is declared beside its feature. */
export const eventSchemas = {
  ...journalEvents,
  ...queueEvents,
  ...peopleEvents,
  ...lanEvents,
  ...voiceEvents,
  ...printEvents,
  ...healthEvents,
}

export type EventType = keyof typeof eventSchemas

/**
 * What happens to an entry that comes back from the regency when this box has written on already: `record` for
 * registers and statistics, `ignore` for live state and settings, which have moved on since (F57). Declared beside each
 * type; the live queue never changes by it.
 */
const lateRules: Record<EventType, 'record' | 'ignore'> = {
  ...journalLate,
  ...queueLate,
  ...peopleLate,
  ...lanLate,
  ...voiceLate,
  ...printLate,
  ...healthLate,
}
export const isRecordedLate = (type: EventType): boolean => lateRules[type] === 'record'

export type DataOf<T extends EventType> = Static<(typeof eventSchemas)[T]>

/** What a command hands to `journal.append`: the journal adds place, time and hash. */
export type Event = {
  [T in EventType]: { type: T; actor: string; key?: string | null; data: DataOf<T>; private?: object }
}[EventType]

/** An entry as `apply` gets it. `late`: it came back after this box had written on; only registers take it. */
export type Entry<T extends EventType = EventType> = {
  [K in T]: {
    row: number
    type: K
    at: number
    clock: ClockTrust
    actor: string
    key: string | null
    late: boolean
    data: DataOf<K>
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

const validators = new Map<string, Validator>(
  Object.entries<TSchema>(eventSchemas).map(([type, schema]) => [type, Compile(schema)]),
)

/** Why `data` is not of its type, or null when it is. Unknown types are nobody's business here: null. */
export function describeMismatch(type: string, data: unknown): string | null {
  const validator = validators.get(type)
  if (!validator || validator.Check(data)) return null
  return validator
    .Errors(data)
    .map((error) => `${error.instancePath || '/'} ${error.message}`)
    .join('; ')
}

export const isKnownType = (type: string): type is EventType => type in eventSchemas
