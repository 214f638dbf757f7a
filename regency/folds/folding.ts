import type { Logger } from 'pino'
import { type Client, type Database, isUnstorable } from '../base/database.ts'
import { foldQueue, foldVersion, type StoredEntry } from './queue.ts'
import { writeEntries, writeFolded, writeOneByOne } from './ticket-table.ts'

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
    if (!isUnstorable(error)) throw error
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
