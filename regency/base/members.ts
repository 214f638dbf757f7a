import type { Logger } from 'pino'
import type { Database } from './database.ts'

/** An unknown village makes the hub read the table anew, but not more often than this. */
const restMs = 5_000

/**
 * The villages that this regency has: those of the code table, also of earlier days (their boxes may still have something
 * to send), and those for which a box was enrolled. What comes in another one's name is dropped and leaves no row.
 */
export async function openMembers(database: Database, log: Logger, monotonicMs: () => number) {
  let known = await read(database)
  let readAt = monotonicMs()
  let reading: Promise<void> | null = null

  function readAgain(): void {
    if (reading || !database.isUp() || monotonicMs() - readAt < restMs) return
    reading = readOnce().finally(() => {
      readAt = monotonicMs()
      reading = null
    })
  }

  async function readOnce(): Promise<void> {
    try {
      known = await read(database)
    } catch (error) {
      if (database.isUp()) log.error({ err: error }, 'the villages could not be read; the next message tries again')
    }
  }

  return {
    /** Whether a village is one of them. One that was enrolled a moment ago is known when its box asks again. */
    has(village: string): boolean {
      if (known.has(village)) return true
      readAgain()
      return false
    },
    /** Resolves when nothing is being read any more. */
    settle: async () => void (await reading),
  }
}

async function read(database: Database): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ village: string }>(`
    SELECT village FROM village
    UNION SELECT village FROM enrolment
    UNION SELECT village FROM signing_key WHERE enrolled`)
  return new Set(rows.map(({ village }) => village))
}
