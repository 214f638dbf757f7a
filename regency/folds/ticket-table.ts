import { cleanText } from '../base/clean-text.ts'
import { type Client, isUnstorable } from '../base/database.ts'
import { type Folded, foldQueue, type StoredEntry } from './queue.ts'

/*
 * Writes what was folded: upserts that give the same rows in whatever order and however often they come, by the same
 * rules by which `fold.ts` joins patches.
 */

/** Folds and writes entries of a village, all in one go. */
export const writeEntries = (client: Client, village: string, entries: StoredEntry[]): Promise<void> =>
  writeFolded(client, village, foldQueue(entries))

/** The same, entry by entry: one that PostgreSQL cannot hold is set aside with its reason. */
export async function writeOneByOne(client: Client, village: string, entries: StoredEntry[]): Promise<void> {
  for (const { name, type, at, data } of entries) {
    await client.query('SAVEPOINT entry')
    try {
      await writeEntries(client, village, [{ name, type, at, data }])
    } catch (error) {
      if (!isUnstorable(error)) throw error
      await client.query('ROLLBACK TO SAVEPOINT entry')
      await writeFolded(client, village, {
        tickets: [],
        services: [],
        aside: [{ name, type, reason: cleanText(String(error)) }],
      })
    }
    await client.query('RELEASE SAVEPOINT entry')
  }
}

export async function writeFolded(
  client: Client,
  village: string,
  { tickets, services, aside }: Folded,
): Promise<void> {
  if (services.length > 0) await client.query({ ...upsertServices, values: [village, JSON.stringify(services)] })
  if (tickets.length > 0) await client.query({ ...upsertTickets, values: [village, JSON.stringify(tickets)] })
  if (aside.length > 0) {
    const rows = aside.map(({ name, type, reason }) => ({ name: name.toString('hex'), type, reason }))
    await client.query({ ...upsertAside, values: [village, JSON.stringify(rows)] })
  }
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

const upsertAside = {
  name: 'upsert-set-aside',
  text: `
    INSERT INTO set_aside (village, name, type, reason)
    SELECT $1, decode(name, 'hex'), type, reason
    FROM json_to_recordset($2) AS given (name text, type text, reason text)
    ON CONFLICT (village, name) DO UPDATE
    SET reason = excluded.reason, tried_at = now()`,
}
