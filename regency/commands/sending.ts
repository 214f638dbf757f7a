import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { Command } from '../../appliance/wire/messages.ts'
import { signDown } from '../../appliance/wire/sign.ts'
import type { Database } from '../base/database.ts'
import { startNews } from '../base/news.ts'

export type Sending = ReturnType<typeof startSending>

/** What a village gets in one go; the next hello brings the next. */
export const mostAtOnce = 50

/**
 * SYNC-018: sends each village what it shall do, after its hello and when something new was given: each time all that has
 * no outcome and has not expired, in the order in which it was given, so that none overtakes another that a broker has
 * forgotten.
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
    for (const { expires, ...row } of rows)
      publish(village, packCommand(hubKey, village, { ...row, expires: expires.getTime() }))
  }

  return startNews(
    { database, log, serves },
    {
      what: 'commands',
      newest: 'SELECT max(given) AS newest FROM command_given',
      since: 'SELECT DISTINCT village FROM command WHERE given > $1 ORDER BY village',
      send: sendTo,
    },
  )
}

/** What goes on `command`. */
export const packCommand = (hubKey: KeyObject, village: string, command: Omit<Command, 'sig'>): Buffer =>
  packFrame({ ...command, sig: signDown(hubKey, village, command) } satisfies Command)
