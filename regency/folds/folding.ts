import type { Logger } from 'pino'
import { cleanText } from '../base/clean-text.ts'
import { type Client, type Database, isUnstorable } from '../base/database.ts'
import { findVillagesBehind, readPlacesBehind, upsertCursor } from './cursors.ts'
import type { Fold, StoredEntry } from './fold.ts'
import { separateUnreadable, writeAside } from './set-aside.ts'

/** Entries folded in one transaction. */
const chunk = 2_000
/** A village is folded so long after its entries came: a drain is folded in large pieces. */
const restMs = 250
/** While the receiver is busy, or entries of all who wait go on coming, folding waits so long at most. */
const patienceMs = 5_000
/** Then it works so long at least, before it makes way again. */
const turnMs = 1_000
const lookMs = 60_000
const triesAtOnce = 500

export type ProjectionParts = {
  database: Database
  log: Logger
  isBusy: () => boolean
  onFolded: () => void
  folds: readonly Fold[]
}

/**
 * Folds what is in the table, afterwards, one village at a time (rule 6). A ring says only that a village has more; at
 * the start and every minute all villages are looked at, so that a ring that is lost costs a minute.
 */
export function startProjection({ database, log, isBusy, onFolded, folds }: ProjectionParts) {
  const waiting = new Set<string>()
  /** Those of them that rang again since the last look. */
  const coming = new Set<string>()
  let stopped = false
  let turn: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let waitedMs = 0
  let looking: Promise<void> = Promise.resolve()
  const looks = setInterval(lookAround, lookMs)

  function ring(village: string): void {
    if (waiting.has(village)) coming.add(village)
    waiting.add(village)
    plan()
  }

  function plan(): void {
    if (!timer && !stopped) timer = setTimeout(wake, restMs)
  }

  function wake(): void {
    timer = undefined
    if (stopped) return
    const goesOn = isBusy() || coming.size === waiting.size
    coming.clear()
    if (goesOn && waitedMs < patienceMs) {
      waitedMs += restMs
      plan()
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
      coming.delete(village)
      try {
        // A village that has more goes to the end of the set, and so comes again.
        if (await projectVillage(database, village, folds)) waiting.add(village)
        onFolded()
      } catch (error) {
        if (database.isUp()) log.error({ err: error, village }, 'folding failed; it is tried again within a minute')
      }
      if (stopped || !database.isUp() || (isBusy() && performance.now() > until)) break
    }
    if (waiting.size > 0) plan()
  }

  function lookAround(): void {
    looking = looking.then(ringThoseBehind)
  }

  async function ringThoseBehind(): Promise<void> {
    if (stopped || !database.isUp()) return
    try {
      for (const village of await findVillagesBehind(database, folds)) ring(village)
    } catch (error) {
      if (database.isUp()) log.error({ err: error }, 'looking for entries to fold failed')
    }
  }

  lookAround()
  return {
    ring,
    async stop() {
      stopped = true
      clearInterval(looks)
      clearTimeout(timer)
      await looking
      await turn
    },
  }
}

/** Folds the next piece of every epoch of a village. Answers whether there is more. Another hub at it: this one leaves it. */
export async function projectVillage(database: Database, village: string, folds: readonly Fold[]): Promise<boolean> {
  try {
    return await projectPiece(database, village, folds, foldEntries)
  } catch (error) {
    // Data that PostgreSQL cannot hold and the fold let through: found by folding each entry alone.
    if (!isUnstorable(error)) throw error
    return projectPiece(database, village, folds, foldOneByOne)
  }
}

/**
 * Folds what a village has, all of it and now. Answers whether that was reached: another hub, or this one's own turn, may
 * be at it for longer than `patienceMs`.
 */
export async function foldVillage(database: Database, village: string, folds: readonly Fold[]): Promise<boolean> {
  const end = performance.now() + patienceMs
  for (;;) {
    while (await projectVillage(database, village, folds));
    if (!(await findVillagesBehind(database, folds)).includes(village)) return true
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function projectPiece(
  database: Database,
  village: string,
  folds: readonly Fold[],
  foldAll: typeof foldEntries,
): Promise<boolean> {
  return database.inTransaction(async (client) => {
    // Another hub is at it: it will see the newest cursor too, or the next look around does.
    const lock = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('balai projection'), hashtext($1)) AS mine`,
      [village],
    )
    if (!lock.rows[0]?.mine) return false
    let left = chunk
    let more = false
    for (const { epoch, from, until, here } of await readPlacesBehind(client, village, folds)) {
      const to = Math.min(until, from + left)
      left -= to - from
      more ||= to < until
      if (to === from) continue
      const entries = await readEntries(client, { village, epoch, from, to }, [...new Set(here.flatMap(typesOf))])
      for (const fold of here) {
        await foldAll(
          client,
          village,
          fold,
          entries.filter(({ type }) => fold.types.includes(type)),
        )
        await client.query({ ...upsertCursor, values: [village, epoch, to, fold.version, fold.room] })
      }
    }
    if (left < chunk) for (const fold of folds) await tryAsideAgain(client, village, fold)
    return more
  })
}

const typesOf = ({ types }: Fold) => types

/** Folds and writes entries of a village, all in one go. */
async function foldEntries(client: Client, village: string, fold: Fold, entries: readonly StoredEntry[]) {
  const { readable, aside } = separateUnreadable(entries)
  if (readable.length > 0) await fold.write(client, village, fold.fold(readable))
  await writeAside(client, village, fold.room, aside)
}

/** The same, entry by entry: one that PostgreSQL cannot hold is set aside with its reason. */
async function foldOneByOne(client: Client, village: string, fold: Fold, entries: readonly StoredEntry[]) {
  for (const entry of entries) {
    await client.query('SAVEPOINT entry')
    try {
      await foldEntries(client, village, fold, [entry])
    } catch (error) {
      if (!isUnstorable(error)) throw error
      await client.query('ROLLBACK TO SAVEPOINT entry')
      const { name, type } = entry
      await writeAside(client, village, fold.room, [{ name, type, reason: cleanText(String(error)) }])
    }
    await client.query('RELEASE SAVEPOINT entry')
  }
}

type EntryRow = { name: Buffer; type: string; at: string; data: unknown }

async function readEntries(
  client: Client,
  { village, epoch, from, to }: { village: string; epoch: string; from: number; to: number },
  types: readonly string[],
): Promise<StoredEntry[]> {
  const { rows } = await client.query<EntryRow>({
    name: 'select-entries-to-fold',
    text: `
      SELECT e.name, e.type, e.at, e.data
      FROM place p
      JOIN entry e ON e.village = p.village AND e.name = p.name
      WHERE p.village = $1 AND p.epoch = $2 AND p.seq > $3 AND p.seq <= $4 AND e.type = ANY ($5)
      ORDER BY p.seq`,
    values: [village, epoch, from, to, types],
  })
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}

/** One of a type that another fold has taken over is that one's to look at. */
async function tryAsideAgain(client: Client, village: string, fold: Fold): Promise<void> {
  const { rows } = await client.query<EntryRow>(
    `SELECT e.name, e.type, e.at, e.data
     FROM set_aside s
     JOIN entry e USING (village, name)
     WHERE s.village = $1 AND s.fold = $2
     ORDER BY s.tried_at
     LIMIT ${triesAtOnce}`,
    [village, fold.room],
  )
  if (rows.length === 0) return
  const own = rows.filter(({ type }) => fold.types.includes(type)).map((row) => ({ ...row, at: Number(row.at) }))
  const still = new Set(separateUnreadable(own).aside.map(({ name }) => name.toString('hex')))
  const done = rows.filter(({ name }) => !still.has(name.toString('hex'))).map(({ name }) => name)
  await foldEntries(client, village, fold, own)
  await client.query('DELETE FROM set_aside WHERE village = $1 AND fold = $2 AND name = ANY ($3)', [
    village,
    fold.room,
    done,
  ])
}
