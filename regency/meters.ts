import type { Database } from './database.ts'

/** What one village may do in an hour (rule 16): far more than any box needs, far less than what hurts the others. */
export const hourlyLimits = { bytes: 256 * 1024 * 1024, hellos: 600, wants: 5_000, renews: 60 } as const

const hourMs = 3_600_000
const flushMs = 10_000

/** `renew`: any asking for certificates, by whatever road. */
type Kind = 'hello' | 'up' | 'want' | 'renew'
type Hour = { began: number; bytes: number; hellos: number; wants: number; renews: number }
type Day = { bytes_up: number; hellos: number; batches: number; wants: number; dropped: number }

/** Meters bytes and questions per village; what passes the limits of an hour is dropped and counted. */
export function createMeters(database: Database, monotonicMs: () => number) {
  const hours = new Map<string, Hour>()
  let days = new Map<string, Day>()
  const timer = setInterval(flush, flushMs)

  /** Counts a message, and answers whether it may pass. */
  function mayPass(village: string, kind: Kind, bytes: number): boolean {
    const hour = hourOf(village)
    hour.bytes += bytes
    if (kind === 'hello') hour.hellos++
    if (kind === 'want') hour.wants++
    if (kind === 'renew') hour.renews++
    const passes = (['bytes', 'hellos', 'wants', 'renews'] as const).every((what) => hour[what] <= hourlyLimits[what])
    const day = days.get(village) ?? { bytes_up: 0, hellos: 0, batches: 0, wants: 0, dropped: 0 }
    days.set(village, day)
    day.bytes_up += bytes
    if (kind !== 'renew') day[({ hello: 'hellos', up: 'batches', want: 'wants' } as const)[kind]]++
    if (!passes) day.dropped++
    return passes
  }

  function hourOf(village: string): Hour {
    const known = hours.get(village)
    if (known && monotonicMs() - known.began < hourMs) return known
    const begun = { began: monotonicMs(), bytes: 0, hellos: 0, wants: 0, renews: 0 }
    hours.set(village, begun)
    return begun
  }

  async function flush(): Promise<void> {
    if (days.size === 0 || !database.isUp()) return
    const rows = [...days].map(([village, day]) => ({ village, ...day }))
    days = new Map()
    await database.query(upsert, [JSON.stringify(rows)]).catch(() => {}) // a meter that misses ten seconds harms nobody
  }

  return {
    mayPass,
    flush,
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

const upsert = `
  INSERT INTO meter AS m (village, day, bytes_up, hellos, batches, wants, dropped)
  SELECT village, (now() AT TIME ZONE 'UTC')::date, bytes_up, hellos, batches, wants, dropped
  FROM json_to_recordset($1)
    AS given (village text, bytes_up bigint, hellos bigint, batches bigint, wants bigint, dropped bigint)
  ON CONFLICT (village, day) DO UPDATE
  SET bytes_up = m.bytes_up + excluded.bytes_up, hellos = m.hellos + excluded.hellos,
    batches = m.batches + excluded.batches, wants = m.wants + excluded.wants, dropped = m.dropped + excluded.dropped`
