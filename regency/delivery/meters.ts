import { hourMs } from '../../appliance/base/time.ts'
import type { Database } from '../base/database.ts'

/** What a message cost the hub: bytes on the wire, bytes unpacked, ms of its one thread. */
export type Cost = { bytes: number; unpackedBytes: number; busyMs: number }

/** `file`: bytes of files, which come on `up`; `renew`: any asking for certificates, by whatever road. */
export type Kind = 'hello' | 'up' | 'file' | 'want' | 'renew' | 'presence' | 'health'
type Limit = Cost & { messages: number }

const MiB = 1024 * 1024
const small = { bytes: 32 * MiB, unpackedBytes: 128 * MiB, busyMs: 60_000 }

/**
 * What one village may cost in an hour (rule 16), each kind for itself: far more than any box needs, far less than what
 * hurts the others. A year of a busy office is 100 MiB unpacked; presence and health come once a minute.
 */
export const hourlyLimits = {
  hello: { ...small, messages: 600 },
  up: { messages: 100_000, bytes: 256 * MiB, unpackedBytes: 512 * MiB, busyMs: 300_000 },
  // Some three hundred photos.
  file: { ...small, bytes: 128 * MiB, messages: 10_000 },
  want: { ...small, messages: 5_000 },
  renew: { ...small, messages: 60 },
  presence: { ...small, messages: 1_200 },
  health: { ...small, messages: 1_200 },
} as const satisfies Record<Kind, Limit>

const measures = ['messages', 'bytes', 'unpackedBytes', 'busyMs'] as const
const flushMs = 10_000

/** The columns of `meter` that count messages. */
const columns = { hello: 'hellos', up: 'batches', want: 'wants' } as const
type Hour = Limit & { began: number }
type Day = { bytes_up: number; hellos: number; batches: number; wants: number; dropped: number }
const counted = ['bytes_up', 'hellos', 'batches', 'wants', 'dropped'] as const satisfies (keyof Day)[]
export type Meters = ReturnType<typeof createMeters>

/**
 * Meters what each village costs, by kind of message, once it is known that it was the village's own; what passes the
 * limits of an hour is dropped and counted.
 */
export function createMeters(database: Database, monotonicMs: () => number) {
  const hours = new Map<string, Hour>()
  let days = new Map<string, Day>()
  let turn: Promise<void> = Promise.resolve()
  const timer = setInterval(() => void flush(), flushMs)

  /** Whether another message of this kind may be looked at; one that may not is counted as dropped. */
  function mayPass(village: string, kind: Kind): boolean {
    const hour = hourOf(village, kind)
    const passes = measures.every((what) => hour[what] < hourlyLimits[kind][what])
    if (!passes) dayOf(village).dropped++
    return passes
  }

  /** A message was the village's own, and cost so much. */
  function spend(village: string, kind: Kind, { bytes, unpackedBytes, busyMs }: Cost): void {
    const hour = hourOf(village, kind)
    hour.messages++
    hour.bytes += bytes
    hour.unpackedBytes += unpackedBytes
    hour.busyMs += busyMs
    const day = dayOf(village)
    day.bytes_up += bytes
    if (kind === 'hello' || kind === 'up' || kind === 'want') day[columns[kind]]++
  }

  function dayOf(village: string): Day {
    const day = days.get(village) ?? { bytes_up: 0, hellos: 0, batches: 0, wants: 0, dropped: 0 }
    days.set(village, day)
    return day
  }

  function hourOf(village: string, kind: Kind): Hour {
    const place = `${village} ${kind}`
    const known = hours.get(place)
    if (known && monotonicMs() - known.began < hourMs) return known
    const begun = { began: monotonicMs(), messages: 0, bytes: 0, unpackedBytes: 0, busyMs: 0 }
    hours.set(place, begun)
    return begun
  }

  /** One after the other; what could not be written is counted with the next one. */
  function flush(): Promise<void> {
    turn = turn.then(write)
    return turn
  }

  async function write(): Promise<void> {
    if (days.size === 0 || !database.isUp()) return
    const written = days
    days = new Map()
    const rows = [...written].map(([village, day]) => ({ village, ...day }))
    try {
      await database.query(upsert, [JSON.stringify(rows)])
    } catch {
      for (const [village, day] of written) addTo(dayOf(village), day)
    }
  }

  return {
    mayPass,
    spend,
    flush,
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

const addTo = (day: Day, more: Day): void => {
  for (const what of counted) day[what] += more[what]
}

const upsert = `
  INSERT INTO meter AS m (village, day, bytes_up, hellos, batches, wants, dropped)
  SELECT village, (now() AT TIME ZONE 'UTC')::date, bytes_up, hellos, batches, wants, dropped
  FROM json_to_recordset($1)
    AS given (village text, bytes_up bigint, hellos bigint, batches bigint, wants bigint, dropped bigint)
  ON CONFLICT (village, day) DO UPDATE
  SET bytes_up = m.bytes_up + excluded.bytes_up, hellos = m.hellos + excluded.hellos,
    batches = m.batches + excluded.batches, wants = m.wants + excluded.wants, dropped = m.dropped + excluded.dropped`
