import type { Logger } from 'pino'
import type { Catalogues } from '../../appliance/base/messages/catalogues.ts'
import { addDays, minuteMs } from '../../appliance/base/time.ts'
import { localAt } from '../../appliance/office/hours.ts'
import type { Database } from '../base/database.ts'
import type { Mailer } from './mailer.ts'

const everyMs = 5 * minuteMs
/** A box that was away brings its days later; older ones nobody waits for. */
const mostDays = 6
/** Failures in a row for one village before the console says so. */
const patience = 3

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** IANA */
  zone: string
  /** `18:00`: from when on a day is told. */
  at: string
  mail: Mailer
  catalogues: Catalogues
  regency: string
  /** Those that this hub serves; null: all. */
  districts: readonly string[] | null
}

/** `day`: 2026-11-23. `email`: where villages.csv says that it goes. */
type Due = { village: string; name: string; kind: string; district: string; email: string; day: string }
/** Minutes; null where nobody was called or completed. */
type Figures = {
  taken: number
  completed: number
  no_show: number
  other: number
  wait_p50: number | null
  wait_p90: number | null
  serving_p50: number | null
}
type OfService = Pick<Figures, 'taken' | 'completed' | 'wait_p50'> & { name: string | null }

/**
 * The evening summary of a village: what its day was like, in figures without a name, to the address that villages.csv has for
 * it. A day goes out when it is over and its box has sent everything; of a village whose address is new, from today on.
 */
export function startDaySummaries({ database, log, now, zone, at, mail, catalogues, regency, districts }: Parts) {
  const say = catalogues.speak('id')
  const failures = new Map<string, number>()
  let turn: Promise<void> = Promise.resolve()

  const look = () => {
    turn = turn.then(async () => {
      if (!database.isUp()) return
      try {
        for (const due of await readDue()) await tell(due)
      } catch (error) {
        if (database.isUp()) log.error({ err: error }, 'evening summaries could not be looked for; tried again')
      }
    })
    return turn
  }

  async function readDue(): Promise<Due[]> {
    const { day: today, minute } = localAt(zone, now())
    const [hour = 0, minutes = 0] = at.split(':').map(Number)
    const newest = minute >= hour * 60 + minutes ? today : addDays(today, -1)
    const { rows } = await database.query<Due>(selectDue, [addDays(today, -mostDays), newest, today, districts])
    return rows
  }

  /** The row first: of two hubs one mails a day, and a hub that is killed meanwhile mails it never, which is better than twice. */
  async function tell(due: Due): Promise<void> {
    const of = [due.village, due.day]
    const { rowCount: mine } = await database.query(insertMailed, of)
    if (!mine) return
    // Each village by itself, whatever its entries say: the others' evening comes all the same.
    try {
      const [figures] = (await database.query<Figures>(selectDay, of)).rows
      const { rows: services } = await database.query<OfService>(selectServices, of)
      const [week] = (await database.query<{ usual: number | null }>(selectUsual, of)).rows
      if (!figures) return
      const words = writeSummary(due, { figures, services, usual: week?.usual ?? null, regency, say })
      await mail({ to: [due.email], ...words })
      failures.delete(due.village)
    } catch (error) {
      failures.set(due.village, (failures.get(due.village) ?? 0) + 1)
      // Not to whom: an address is a person's.
      const reason = String(error).replaceAll(due.email, '…').slice(0, 300)
      log.warn({ village: due.village, reason }, 'an evening summary was not mailed; it is tried again')
      await database.query('DELETE FROM summary_mailed WHERE village = $1 AND day = $2', of)
    }
  }

  const timer = setInterval(() => void look(), everyMs)
  return {
    look,
    /** Villages whose summary does not go out. */
    failing: () => [...failures].flatMap(([village, count]) => (count >= patience ? village : [])),
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}

type Said = {
  figures: Figures
  services: readonly OfService[]
  /** Numbers a day in the week before. */
  usual: number | null
  regency: string
  say: ReturnType<Catalogues['speak']>
}

/** The mail as people read it: plain text, a line for each thing. */
export function writeSummary(due: Due, { figures, services, usual, regency, say }: Said) {
  const { taken, completed, no_show: noShow, other, wait_p50: wait, wait_p90: longest, serving_p50: serving } = figures
  const office = `${due.kind === 'desa' ? 'Desa' : 'Kelurahan'} ${due.name}`
  const day = new Intl.DateTimeFormat('id', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(due.day))
  const minutes = (value: number) => Math.round(value)
  const lines = [
    `${office}, ${say('mail.district', { name: due.district })}`,
    day,
    '',
    say('mail.taken', { n: taken }),
    say('mail.ended', { completed, noShow, other }),
    ...(wait === null ? [] : [say('mail.wait', { n: minutes(wait), most: minutes(longest ?? wait) })]),
    ...(serving === null ? [] : [say('mail.serving', { n: minutes(serving) })]),
    ...(usual === null ? [] : [say('mail.usual', { n: Math.round(usual) })]),
    '',
    say('mail.services'),
    ...services.map(({ name, taken: of, completed: done, wait_p50: waited }) =>
      waited === null
        ? say('mail.service-uncalled', { name: name ?? say('mail.unnamed'), taken: of, completed: done })
        : say('mail.service', { name: name ?? say('mail.unnamed'), taken: of, completed: done, n: minutes(waited) }),
    ),
    '',
    say('mail.more'),
    say('mail.stop', { regency }),
  ]
  return { subject: say('mail.subject', { office, day }), text: lines.join('\n') }
}

const selectDue = `
  SELECT w.village, v.name, v.kind, v.district, w.email, to_char(t.day, 'YYYY-MM-DD') AS day
  FROM village_contact w
  JOIN village v ON v.village = w.village AND v.valid_to IS NULL
  JOIN contact c ON c.village = w.village AND c.state = 'connected' AND c.health ->> 'backlog_entries' = '0'
  CROSS JOIN LATERAL (SELECT DISTINCT day FROM ticket WHERE village = w.village AND day BETWEEN $1 AND $2) t
  WHERE w.email <> '' AND ($4::text[] IS NULL OR v.district_code = ANY ($4))
    AND NOT EXISTS (SELECT 1 FROM summary_mailed m WHERE m.village = w.village AND m.day = t.day)
    AND (t.day = $3 OR EXISTS (SELECT 1 FROM summary_mailed m WHERE m.village = w.village AND m.day < t.day))
  ORDER BY t.day, w.village`

const insertMailed = 'INSERT INTO summary_mailed (village, day) VALUES ($1, $2) ON CONFLICT DO NOTHING'

const waited = 'extract(epoch FROM t.called_at - t.taken_at) / 60.0'
const median = (minutes: string) => `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${minutes})::float8`

const selectDay = `
  SELECT count(*)::int AS taken,
    count(*) FILTER (WHERE t.outcome = 'completed')::int AS completed,
    count(*) FILTER (WHERE t.outcome = 'no-show')::int AS no_show,
    count(*) FILTER (WHERE t.outcome IS DISTINCT FROM 'completed' AND t.outcome IS DISTINCT FROM 'no-show')::int AS other,
    ${median(waited)} AS wait_p50,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY ${waited})::float8 AS wait_p90,
    percentile_cont(0.5) WITHIN GROUP (
      ORDER BY CASE WHEN t.outcome = 'completed' THEN extract(epoch FROM t.ended_at - coalesce(t.started_at, t.called_at)) / 60.0 END
    )::float8 AS serving_p50
  FROM ticket t
  WHERE t.village = $1 AND t.day = $2`

const selectServices = `
  SELECT s.name, count(*)::int AS taken, count(*) FILTER (WHERE t.outcome = 'completed')::int AS completed,
    ${median(waited)} AS wait_p50
  FROM ticket t
  LEFT JOIN service s ON s.village = t.village AND s.service = t.service
  WHERE t.village = $1 AND t.day = $2
  GROUP BY t.service, s.name
  ORDER BY count(*) DESC, s.name`

const selectUsual = `
  SELECT avg(n)::float8 AS usual
  FROM (SELECT count(*) AS n FROM ticket WHERE village = $1 AND day BETWEEN $2::date - 7 AND $2::date - 1 GROUP BY day) week`
