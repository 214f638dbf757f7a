import type { Client } from '../base/database.ts'

/*
 * Writes what was folded: upserts that give the same rows in whatever order and however often they come, by the same
 * rules by which `queue.ts` joins patches.
 */

/** What is known of a ticket so far; null: nothing yet. Times in ms since 1970 UTC. */
export type TicketPatch = {
  ticket: string
  service: string | null
  day: string | null
  number: number | null
  label: string | null
  taken_at: number | null
  called_at: number | null
  started_at: number | null
  ended_at: number | null
  /** `open`: an ending was taken back, and none has come since. */
  outcome: 'completed' | 'no-show' | 'cancelled' | 'closed' | 'open' | null
  result: string | null
  counter: string | null
  counter_at: number | null
}

export type ServicePatch = { service: string; prefix: string | null; name: string; minutes: number; named_at: number }

export type Folded = { tickets: TicketPatch[]; services: ServicePatch[] }

export async function writeQueue(client: Client, village: string, { tickets, services }: Folded): Promise<void> {
  if (services.length > 0) await client.query({ ...upsertServices, values: [village, JSON.stringify(services)] })
  if (tickets.length > 0) await client.query({ ...upsertTickets, values: [village, JSON.stringify(tickets)] })
}

const upsertServices = {
  name: 'upsert-services',
  text: `
    INSERT INTO service AS s (village, service, prefix, name, minutes, named_at)
    SELECT $1, service, prefix, name, minutes, to_timestamp(named_at / 1000.0)
    FROM json_to_recordset($2) AS given (service text, prefix text, name text, minutes int, named_at bigint)
    ON CONFLICT (village, service) DO UPDATE
    SET prefix = coalesce(s.prefix, excluded.prefix),
      name = CASE WHEN excluded.named_at >= s.named_at THEN excluded.name ELSE s.name END,
      minutes = CASE WHEN excluded.named_at >= s.named_at THEN excluded.minutes ELSE s.minutes END,
      named_at = greatest(s.named_at, excluded.named_at)`,
}

const upsertTickets = {
  name: 'upsert-tickets',
  text: `
    INSERT INTO ticket AS t (village, ticket, service, day, number, label, taken_at, called_at, started_at, ended_at,
      outcome, result, counter, counter_at)
    SELECT $1, ticket, service, day, number, label, to_timestamp(taken_at / 1000.0), to_timestamp(called_at / 1000.0),
      to_timestamp(started_at / 1000.0), to_timestamp(ended_at / 1000.0), outcome, result, counter, to_timestamp(counter_at / 1000.0)
    FROM json_to_recordset($2) AS given (ticket text, service text, day date, number int, label text, taken_at bigint,
      called_at bigint, started_at bigint, ended_at bigint, outcome text, result text, counter text, counter_at bigint)
    ON CONFLICT (village, ticket) DO UPDATE
    SET service = coalesce(t.service, excluded.service),
      day = coalesce(t.day, excluded.day),
      number = coalesce(t.number, excluded.number),
      label = coalesce(t.label, excluded.label),
      taken_at = least(t.taken_at, excluded.taken_at),
      called_at = least(t.called_at, excluded.called_at),
      started_at = least(t.started_at, excluded.started_at),
      outcome = CASE WHEN excluded.ended_at >= coalesce(t.ended_at, '-infinity') THEN excluded.outcome ELSE t.outcome END,
      result = CASE WHEN excluded.ended_at >= coalesce(t.ended_at, '-infinity') THEN excluded.result ELSE t.result END,
      ended_at = greatest(t.ended_at, excluded.ended_at),
      counter = CASE WHEN excluded.counter_at >= coalesce(t.counter_at, '-infinity') THEN excluded.counter ELSE t.counter END,
      counter_at = greatest(t.counter_at, excluded.counter_at)`,
}
