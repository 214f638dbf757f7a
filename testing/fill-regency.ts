import pg from 'pg'
import { folds } from '../regency/folds.ts'

/** As a busy office writes them: five entries of each ticket, and the day's count. `now`: ms since 1970 UTC. */
export type Filling = { villages: number; days: number; ticketsADay: number; zone: string; now: number }

export const entriesADay = (ticketsADay: number): number => 5 * ticketsADay + 1
export const filledVillage = (index: number): string =>
  String(3_510_010_000 + Math.floor(index / 10) * 10_000 + 2_001 + (index % 10))
export const filledEpoch = 'filledepoch0'

/**
 * Fills the hub's tables with what so many days up to today of so many villages leave there, folded and compared, and has
 * PostgreSQL look at it. The chain's hashes are none that a box would take: this is for how long statements take.
 */
export async function fillRegency(url: string, filling: Filling): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const text of statementsFor(filling)) await client.query(text)
    // Vacuumed, as a database is that has run for long: only then an index alone may answer.
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

/** Of what is kept of a box's health: enough of each for a plan, not two days of minutes. */
const grains = { minute: 300, hour: 200, day: 100 } as const

function statementsFor({ villages, days, ticketsADay, zone, now }: Filling): string[] {
  const perDay = entriesADay(ticketsADay)
  const codes = Array.from({ length: villages }, (_, index) => filledVillage(index))
  const today = `(to_timestamp(${now} / 1000.0) AT TIME ZONE '${zone}')::date`
  const everyVillage = `unnest(ARRAY['${codes.join("','")}']) AS v (village)`
  const everyDay = `generate_series(${days} - 1, 0, -1) AS d (ago)`
  const ticketOf = "left(md5(concat_ws('-', village, ago, n)), 12)"
  const nameOf = (seq: string) => `sha256(concat_ws('-', village, ${seq})::bytea)`
  const seqOf = `((${days} - 1 - ago) * ${perDay} + i)`
  const openedAt = `(extract(epoch FROM (${today} - ago + time '08:00') AT TIME ZONE '${zone}') * 1000)::bigint`
  const kinds = ['ticket-taken', 'ticket-called', 'serving-started', 'ticket-completed', 'survey-answered']
  const data = `json_build_object('ticket', left(md5(concat_ws('-', village, ago, i / 5)), 12), 'counter', 'countercount', 'label', 'A014')`
  return [
    `INSERT INTO village (village, kind, name, district_code, district, valid_from)
     SELECT village, 'desa', 'Desa ' || village, left(village, 6), 'Kecamatan ' || left(village, 6), '2020-01-01' FROM ${everyVillage}`,
    `INSERT INTO stream (village, owner, checked_at) SELECT village, 'box' || village || 'xxxxxxxxx', now() FROM ${everyVillage}`,
    `INSERT INTO known_box (village, box, key) SELECT village, 'box' || village || 'xxxxxxxxx', 'key' FROM ${everyVillage}`,
    `INSERT INTO contact (village, state, since) SELECT village, 'connected', now() FROM ${everyVillage}`,
    `INSERT INTO enrolment (village, token_hash, issued_at, expires_at) SELECT village, md5(village), now(), now() FROM ${everyVillage}`,
    `INSERT INTO epoch_cursor (village, epoch, seq, hash)
     SELECT village, '${filledEpoch}', ${days * perDay}, ${nameOf(String(days * perDay))} FROM ${everyVillage}`,
    ...folds.map(
      ({ room, version }) => `INSERT INTO projection_cursor (village, epoch, seq, version, fold)
        SELECT village, '${filledEpoch}', ${days * perDay}, ${version}, '${room}' FROM ${everyVillage}`,
    ),
    `INSERT INTO entry (village, name, type, at, clock, actor, key, data, written_at)
     SELECT village, ${nameOf(seqOf)},
       CASE WHEN i = ${perDay} THEN 'journal.day-totalled' WHEN ${seqOf} = 1 THEN 'journal.epoch-began'
         ELSE 'queue.' || (ARRAY['${kinds.join("','")}'])[i % 5 + 1] END,
       ${openedAt} + i * 30000, 'synced', 'box', left(md5(concat_ws('-', village, ago, i)), 12), ${data}, now() - ago * interval '1 day'
     FROM ${everyDay}, ${everyVillage}, generate_series(1, ${perDay}) AS s (i)`,
    `INSERT INTO place (village, epoch, seq, hash, name)
     SELECT village, '${filledEpoch}', ${seqOf}, ${nameOf(seqOf)}, ${nameOf(seqOf)}
     FROM ${everyDay}, ${everyVillage}, generate_series(1, ${perDay}) AS s (i)`,
    `INSERT INTO ticket (village, ticket, service, day, number, label, taken_at, called_at, started_at, ended_at, outcome, result, counter, counter_at)
     SELECT village, ${ticketOf}, 'serviceservi', ${today} - ago, n, 'A' || n, at, at + interval '12 minutes', at + interval '13 minutes',
       at + interval '20 minutes', 'completed', 'done', 'countercount', at
     FROM ${everyDay}, ${everyVillage}, generate_series(1, ${ticketsADay}) AS s (n),
       LATERAL (SELECT to_timestamp((${openedAt} + n * 240000) / 1000.0) AS at) taken`,
    `INSERT INTO day_total (village, name, at, counted, checked_at)
     SELECT village, ${nameOf(`(${days} - ago) * ${perDay}`)}, now() - ago * interval '1 day', ${perDay - 1}, now() - ago * interval '1 day'
     FROM ${everyDay}, ${everyVillage}`,
    `INSERT INTO command_given (key, type, data, created_at, expires, doer)
     SELECT 'filled' || ago, 'check', '{}', now() - ago * interval '1 day', now() - (ago - 7) * interval '1 day', 'Rina' FROM ${everyDay}`,
    `INSERT INTO command (village, id, given) SELECT village, left(md5(village || given), 12), given FROM command_given, ${everyVillage}`,
    `INSERT INTO command_outcome (village, id, at, outcome, detail)
     SELECT village, id, now(), 'done', '0' FROM command WHERE given < (SELECT max(given) FROM command_given)`,
    `INSERT INTO audit (at, account, actor, action, village, data)
     SELECT now() - ago * interval '1 day', 'accountaccou', 'Insinyur', (ARRAY['alarm.taken', 'account.logged-in'])[ago % 2 + 1], village, '{"code":"disk.low"}'
     FROM ${everyDay}, ${everyVillage}`,
    ...(['minute', 'hour', 'day'] as const).map(
      (
        grain,
      ) => `INSERT INTO health_${grain} (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
       SELECT village, date_trunc('${grain}', now()) - n * interval '1 ${grain}', 1, n % 9, n % 7, n % 5, 9000, 50.5, false
       FROM ${everyVillage}, generate_series(1, ${grains[grain]}) AS s (n)`,
    ),
    `INSERT INTO trouble (village, code, severity, details, since, ended_at)
     SELECT village, 'disk.low', 'action', '{}', now() - ago * interval '1 day', now() - ago * interval '1 day' + interval '1 hour'
     FROM ${everyDay}, ${everyVillage}
     WHERE ago > 0`,
    `INSERT INTO notified (way, village, trouble, ended_at) SELECT 'webhook', village, trouble, ended_at FROM trouble`,
    `INSERT INTO meter (village, day, bytes_up, hellos, batches)
     SELECT village, ${today} - ago, 100000, 300, 900 FROM ${everyDay}, ${everyVillage}`,
  ]
}
