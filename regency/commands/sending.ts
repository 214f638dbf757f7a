import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { Command } from '../../appliance/wire/messages.ts'
import { signDown } from '../../appliance/wire/sign.ts'
import type { Database } from '../base/database.ts'

export type Sending = ReturnType<typeof startSending>

const lookEveryMs = 5_000
/** What a village gets in one go; the next hello brings the next. */
const mostAtOnce = 50

/**
 * SYNC-018: sends each village what it shall do, after its hello and when something new was given (also by `balai hub
 * command`, which is another process): each time all that has no outcome and has not expired, in the order in which it
 * was given, so that none overtakes another that a broker has forgotten.
 */
export function startSending({
  database,
  log,
  now,
  hubKey,
  serves,
  publish,
}: {
  database: Database
  log: Logger
  now: () => number
  hubKey: KeyObject
  /** Whether this hub is the village's. */
  serves: (village: string) => boolean
  publish: (village: string, command: Buffer) => void
}) {
  let seen: string | null = null
  // At once: what is given from here on is found by the next look, what was given before by the hellos of a start.
  let turn: Promise<void> = look()
  const timer = setInterval(() => {
    turn = turn.then(look)
  }, lookEveryMs)

  async function sendTo(village: string): Promise<void> {
    const { rows } = await database.query<{ id: string; type: string; data: Record<string, unknown>; expires: Date }>(
      `SELECT c.id, g.type, g.data, g.expires
       FROM command c
       JOIN command_given g USING (given)
       LEFT JOIN command_outcome o USING (village, id)
       WHERE c.village = $1 AND g.expires > to_timestamp($2 / 1000.0) AND o.outcome IS NULL
       ORDER BY g.given
       LIMIT ${mostAtOnce}`,
      [village, now()],
    )
    for (const { id, type, data, expires } of rows) {
      const command = { id, type, expires: expires.getTime(), data }
      publish(village, packFrame({ ...command, sig: signDown(hubKey, village, command) } satisfies Command))
    }
  }

  /** Villages that were given something since the last look. */
  async function look(): Promise<void> {
    if (!database.isUp()) return
    try {
      const { rows } = await database.query<{ newest: string | null }>('SELECT max(given) AS newest FROM command_given')
      const newest = rows[0]?.newest ?? '0'
      const from = seen
      if (from !== null && from !== newest) {
        const { rows: meant } = await database.query<{ village: string }>(
          'SELECT DISTINCT village FROM command WHERE given > $1 ORDER BY village',
          [from],
        )
        for (const { village } of meant) if (serves(village)) await sendTo(village)
      }
      seen = newest
    } catch (error) {
      if (database.isUp()) log.error({ err: error }, 'new commands could not be looked for; the next look tries again')
    }
  }

  return {
    /** After its hello. A failure costs nothing: the box says hello again. */
    greet: (village: string): void => {
      turn = turn
        .then(() => sendTo(village))
        .catch((error) => {
          if (database.isUp()) log.error({ err: error, village }, 'a village was not sent its commands')
        })
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
