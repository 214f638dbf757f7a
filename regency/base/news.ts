import type { Logger } from 'pino'
import type { Database } from './database.ts'

const lookEveryMs = 5_000

/** What there is for villages, how much of it, and how a village gets its own. */
export type Kind = {
  /** For the log. */
  what: string
  /** Answers `newest`, a number that rises with whatever comes for any village. */
  newest: string
  /** Answers `village` of each that something has come for since the number $1. */
  since: string
  send: (village: string) => Promise<void>
}

/**
 * Sends villages what there is for them: after their hello (`greet`), and when something new has come, also by a command
 * line, which is another process. What was there at a start is sent by the hellos that follow it.
 */
export function startNews(
  { database, log, serves }: { database: Database; log: Logger; serves: (village: string) => boolean },
  { what, newest, since, send }: Kind,
) {
  let seen: string | null = null
  // At once: what comes from here on is found by the next look.
  let turn: Promise<void> = look()
  const timer = setInterval(() => {
    turn = turn.then(look)
  }, lookEveryMs)

  async function look(): Promise<void> {
    if (!database.isUp()) return
    try {
      const { rows } = await database.query<{ newest: string | null }>(newest)
      const now = rows[0]?.newest ?? '0'
      if (seen !== null && seen !== now) {
        const { rows: meant } = await database.query<{ village: string }>(since, [seen])
        for (const { village } of meant) if (serves(village)) await sendOne(village)
      }
      seen = now
    } catch (error) {
      if (database.isUp())
        log.error({ err: error, what }, 'what is new could not be looked for; the next look tries again')
    }
  }

  /** Each village by itself: what cannot be sent to one keeps nothing from the others. Its next hello asks again. */
  async function sendOne(village: string): Promise<void> {
    try {
      await send(village)
    } catch (error) {
      if (!database.isUp()) throw error
      log.error({ err: error, village, what }, 'a village was not sent what there is for it')
    }
  }

  return {
    /** After its hello. A failure costs nothing: the box says hello again. */
    greet: (village: string): void => {
      turn = turn.then(() => sendOne(village)).catch(() => {}) // PostgreSQL went: the box says hello again
    },
    look: () => {
      turn = turn.then(look)
      return turn
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await turn
    },
  }
}
