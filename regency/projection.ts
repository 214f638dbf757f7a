import type { Logger } from 'pino'
import { type Client, type Database, sqlState } from './database.ts'
import { type Folded, foldQueue, foldVersion, type StoredEntry } from './fold.ts'

/** Entries folded in one transaction. */
const chunk = 2_000
/** A village is folded so long after its entries came: a drain is folded in large pieces. */
const restMs = 250
/** While the receiver is busy, folding waits so long at most. */
const patienceMs = 5_000
/** Then it works so long at least, before it makes way again. */
const turnMs = 1_000
const lookMs = 60_000
const triesAtOnce = 500

export type ProjectionParts = { database: Database; log: Logger; isBusy: () => boolean; onFolded: () => void }

/**
 * Folds what is in the table, afterwards, one village at a time (rule 6). A ring says only that a village has more; at
 * the start and every minute all villages are looked at, so that a ring that is lost costs a minute.
 */
export function startProjection({ database, log, isBusy, onFolded }: ProjectionParts) {
  const waiting = new Set<string>()
  let stopped = false
  let turn: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let waitedMs = 0
  const looks = setInterval(lookAround, lookMs)

  function ring(village: string): void {
    waiting.add(village)
    if (!timer && !stopped) timer = setTimeout(wake, restMs)
  }

  function wake(): void {
    timer = undefined
    if (stopped) return
    if (isBusy() && waitedMs < patienceMs) {
      waitedMs += restMs
      timer = setTimeout(wake, restMs)
      return
    }
    waitedMs = 0
    turn = turn.then(foldWaiting)
  }

  /** Piece by piece, round and round the villages, until all is folded or the receiver has more urgent work. */
  async function foldWaiting(): Promise<void> {
    const until = performance.now() + turnMs
    for (const village of waiting) {
      waiting.delete(village)
      try {
        // A village that has more goes to the end of the set, and so comes again.
        if (await projectVillage(database, village)) waiting.add(village)
        onFolded()
      } catch (error) {
        if (database.isUp()) log.error({ err: error, village }, 'folding failed; it is tried again within a minute')
      }
      if (stopped || !database.isUp() || (isBusy() && performance.now() > until)) break
    }
    const [next] = waiting
    if (next !== undefined) ring(next)
  }

  async function lookAround(): Promise<void> {
    if (!database.isUp()) return
    try {
      const { rows } = await database.query<{ village: string }>(selectBehind, [foldVersion])
      for (const { village } of rows) ring(village)
    } catch (error) {
      if (database.isUp()) log.error({ err: error }, 'looking for entries to fold failed')
    }
  }

  void lookAround()
  return {
    ring,
    async stop() {
      stopped = true
      clearInterval(looks)
      clearTimeout(timer)
      await turn
    },
  }
}

const selectBehind = `
  SELECT DISTINCT c.village
  FROM epoch_cursor c
  LEFT JOIN projection_cursor p USING (village, epoch)
  WHERE c.seq > coalesce(p.seq, 0) OR p.version <> $1`

type Behind = { epoch: string; seq: string; until: string }

/** Folds the next piece of every epoch of a village. Answers whether there is more. Another hub at it: this one leaves it. */
export async function projectVillage(database: Database, village: string): Promise<boolean> {
  try {
    return await projectPiece(database, village, writeEntries)
  } catch (error) {
    // Data that PostgreSQL cannot hold and the fold let through: found by folding each entry alone.
    if (!sqlState(error)?.startsWith('22')) throw error
    return projectPiece(database, village, writeOneByOne)
  }
}

function projectPiece(database: Database, village: string, write: typeof writeEntries): Promise<boolean> {
  return database.inTransaction(async (client) => {
    // Another hub is at it: it will see the newest cursor too, or the next look around does.
    const lock = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('balai projection'), hashtext($1)) AS mine`,
      [village],
    )
    if (!lock.rows[0]?.mine) return false
    const { rows } = await client.query<Behind>({ ...selectEpochs, values: [village, foldVersion] })
    let left = chunk
    let more = false
    for (const { epoch, seq, until } of rows) {
      const to = Math.min(Number(until), Number(seq) + left)
      left -= to - Number(seq)
      more ||= to < Number(until)
      if (to === Number(seq)) continue
      await write(client, village, await readEntries(client, village, epoch, Number(seq), to))
      await client.query({ ...upsertCursor, values: [village, epoch, to, foldVersion] })
    }
    if (left < chunk) await tryAsideAgain(client, village)
    return more
  })
}

/** A cursor of another version of the folding begins at 0 again. */
const selectEpochs = {
  name: 'select-epochs-to-fold',
  text: `
    SELECT c.epoch, CASE WHEN p.version = $2 THEN least(p.seq, c.seq) ELSE 0 END AS seq, c.seq AS until
    FROM epoch_cursor c
    LEFT JOIN projection_cursor p USING (village, epoch)
    WHERE c.village = $1 AND (c.seq > coalesce(p.seq, 0) OR p.version <> $2)
    ORDER BY c.began_at, c.epoch`,
}

const upsertCursor = {
  name: 'upsert-projection-cursor',
  text: `
    INSERT INTO projection_cursor (village, epoch, seq, version)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (village, epoch) DO UPDATE
    SET seq = excluded.seq, version = excluded.version`,
}

type EntryRow = { name: Buffer; type: string; at: string; data: unknown }

async function readEntries(
  client: Client,
  village: string,
  epoch: string,
  behind: number,
  to: number,
): Promise<StoredEntry[]> {
  const { rows } = await client.query<EntryRow>({
    name: 'select-entries-to-fold',
    text: `
      SELECT e.name, e.type, e.at, e.data
      FROM place p
      JOIN entry e ON e.village = p.village AND e.name = p.name
      WHERE p.village = $1 AND p.epoch = $2 AND p.seq > $3 AND p.seq <= $4
      ORDER BY p.seq`,
    values: [village, epoch, behind, to],
  })
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}

async function tryAsideAgain(client: Client, village: string): Promise<void> {
  const { rows } = await client.query<EntryRow>(
    `SELECT e.name, e.type, e.at, e.data
     FROM set_aside s
     JOIN entry e USING (village, name)
     WHERE s.village = $1
     ORDER BY s.tried_at
     LIMIT ${triesAtOnce}`,
    [village],
  )
  if (rows.length === 0) return
  const folded = foldQueue(rows.map((row) => ({ ...row, at: Number(row.at) })))
  const still = new Set(folded.aside.map(({ name }) => name.toString('hex')))
  const done = rows.filter(({ name }) => !still.has(name.toString('hex'))).map(({ name }) => name)
  await writeFolded(client, village, folded)
  await client.query('DELETE FROM set_aside WHERE village = $1 AND name = ANY ($2)', [village, done])
}

const writeEntries = (client: Client, village: string, entries: StoredEntry[]): Promise<void> =>
  writeFolded(client, village, foldQueue(entries))

async function writeOneByOne(client: Client, village: string, entries: StoredEntry[]): Promise<void> {
  for (const { name, type, at, data } of entries) {
    await client.query('SAVEPOINT entry')
    try {
      await writeEntries(client, village, [{ name, type, at, data }])
    } catch (error) {
      if (!sqlState(error)?.startsWith('22')) throw error
      await client.query('ROLLBACK TO SAVEPOINT entry')
      await writeFolded(client, village, { tickets: [], services: [], aside: [{ name, type, reason: String(error) }] })
    }
    await client.query('RELEASE SAVEPOINT entry')
  }
}

async function writeFolded(client: Client, village: string, { tickets, services, aside }: Folded): Promise<void> {
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
