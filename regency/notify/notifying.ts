import type { Logger } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import type { Catalogues } from '../../appliance/base/messages/catalogues.ts'
import { readPlannedWork, workAt } from '../alarms/planned-work.ts'
import type { Client, Database } from '../base/database.ts'
import { type Notice, type Told, type Way, wordsOf } from './notice.ts'

const everyMs = 60_000
/** Any number, the same in every hub: two of them tell no alarm twice. */
const notifyLock = 3_510_002
/** Of one notice; what is more comes with the next. */
const mostAtOnce = 100
/** Failures in a row before the console says so. */
const patience = 3

type Parts = {
  database: Database
  log: Logger
  now: () => number
  ways: readonly Way[]
  catalogues: Catalogues
  regency: string
  link: string | null
  /** Those that this hub serves; null: all. */
  districts: readonly string[] | null
}

export type Notifying = ReturnType<typeof startNotifying>

/**
 * Tells alarms to who is not at the console: each once by each way, and once when it has been over for ten minutes, for in
 * those it may come back as the same one. What begins together is told together. What somebody works on, and what belongs to
 * planned work, is not told. A way that fails is tried again each minute.
 */
export function startNotifying({ database, log, now, ways, catalogues, regency, link, districts }: Parts) {
  let turn: Promise<void> = Promise.resolve()
  const states = new Map(ways.map(({ name }) => [name, { sentAt: null as number | null, error: '', failures: 0 }]))
  const say = catalogues.speak('id')
  const look = () => {
    turn = turn.then(async () => {
      for (const way of ways)
        try {
          if (database.isUp()) await tell(way)
        } catch (error) {
          if (database.isUp())
            log.error({ err: error, way: way.name }, 'alarms could not be told; the next look tries again')
        }
    })
    return turn
  }
  const timer = setInterval(() => void look(), everyMs)

  async function tell(way: Way): Promise<void> {
    await database.inTransaction(async (client) => {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
        notifyLock,
      ])
      if (!rows[0]?.mine) return
      const notice = { regency, link, ...(await readDue(client, way)) }
      if (notice.began.length + notice.ended.length === 0) return
      if (!(await send(way, notice))) return
      await client.query(insertTold, [way.name, ...pairsOf(notice.began)])
      await client.query(updateEnded, [way.name, ...pairsOf(notice.ended)])
    })
  }

  async function send(way: Way, notice: Notice): Promise<boolean> {
    const state = states.get(way.name)
    if (!state) return false
    try {
      await way.send(notice)
      Object.assign(state, { sentAt: now(), error: '', failures: 0 })
      return true
    } catch (error) {
      state.error = error instanceof Error ? error.message.slice(0, 300) : String(error)
      state.failures++
      log.warn({ way: way.name, reason: state.error }, 'an alarm could not be told')
      return false
    }
  }

  async function readDue(client: Client, way: Way): Promise<Pick<Notice, 'began' | 'ended'>> {
    const least = way.least === 'warning' ? ['warning', 'action'] : ['action']
    const began = await client.query<Row>(selectBegan, [way.name, least, districts, new Date(now()), mostAtOnce])
    const ended = await client.query<Row>(selectEnded, [way.name, districts, mostAtOnce])
    const work = await readPlannedWork(client, now())
    return {
      began: began.rows.filter(({ village }) => !workAt(work, village, now())).map(toTold),
      ended: ended.rows.map(toTold),
    }
  }

  const toTold = ({ details, ended_at, since, ...row }: Row): Told => ({
    ...row,
    ...wordsOf(say, { code: row.code, details }),
    since: since.getTime(),
    endedAt: ended_at?.getTime() ?? null,
  })

  return {
    look,
    list: () =>
      ways.map(({ name, target }) => {
        const { sentAt = null, error = '' } = states.get(name) ?? {}
        return { name, target, sentAt, error }
      }),
    /** Names of those that have failed for some time. */
    failing: () => ways.flatMap(({ name }) => ((states.get(name)?.failures ?? 0) >= patience ? name : [])),
    /** Sends a test; AppError `notify.none` where hub.toml has no such way, `notify.failed` with why when it did not go out. */
    async test(name: string): Promise<void> {
      const way = ways.find((one) => one.name === name)
      if (!way) throw new AppError('not-found', 'notify.none', `hub.toml has no table [${name}].`, { way: name })
      if (await send(way, { regency, link, began: [], ended: [] })) return
      const reason = states.get(way.name)?.error ?? ''
      throw new AppError('unavailable', 'notify.failed', `${name} did not take it: ${reason}`, { reason })
    },
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}

type Row = Omit<Told, 'title' | 'remedy' | 'since' | 'endedAt'> & {
  details: Record<string, string | number>
  since: Date
  ended_at: Date | null
}

const columns = `t.trouble, t.village, coalesce(v.name, t.village) AS name, coalesce(v.district, left(t.village, 6)) AS district,
  t.code, t.severity, t.details, t.since, t.ended_at`

const selectBegan = `
  SELECT ${columns}
  FROM trouble t
  LEFT JOIN village v ON v.village = t.village AND v.valid_to IS NULL
  WHERE t.ended_at IS NULL AND t.severity = ANY ($2)
    AND (t.village = '' OR $3::text[] IS NULL OR left(t.village, 6) = ANY ($3))
    AND NOT EXISTS (SELECT 1 FROM notified n WHERE n.way = $1 AND n.village = t.village AND n.trouble = t.trouble)
    AND NOT EXISTS (
      SELECT 1
      FROM alarm_taken a
      WHERE a.village = t.village AND a.code = t.code AND (a.until IS NULL OR a.until > $4)
    )
  ORDER BY t.since, t.trouble
  LIMIT $5`

const selectEnded = `
  SELECT ${columns}
  FROM notified n
  JOIN trouble t ON t.village = n.village AND t.trouble = n.trouble AND t.ended_at < now() - interval '10 minutes'
  LEFT JOIN village v ON v.village = t.village AND v.valid_to IS NULL
  WHERE n.way = $1 AND n.ended_at IS NULL AND (t.village = '' OR $2::text[] IS NULL OR left(t.village, 6) = ANY ($2))
  ORDER BY t.ended_at, t.trouble
  LIMIT $3`

const insertTold = `
  INSERT INTO notified (way, village, trouble)
  SELECT $1, told.village, told.trouble
  FROM unnest($2::text[], $3::bigint[]) AS told (village, trouble)
  ON CONFLICT DO NOTHING`

const updateEnded = `
  UPDATE notified n
  SET ended_at = now()
  FROM unnest($2::text[], $3::bigint[]) AS told (village, trouble)
  WHERE n.way = $1 AND n.village = told.village AND n.trouble = told.trouble`

const pairsOf = (told: readonly Told[]) => [told.map(({ village }) => village), told.map(({ trouble }) => trouble)]
