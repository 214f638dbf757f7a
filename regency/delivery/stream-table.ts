import { epochStart } from '../../appliance/wire/hash.ts'
import type { Hello } from '../../appliance/wire/messages.ts'
import type { Client } from '../base/database.ts'
import type {
  Batches,
  BatchFacts,
  BatchVerdict,
  Cursor,
  HelloFacts,
  HelloVerdict,
  NamedEntry,
  SigningKey,
} from './judge.ts'
import { findBeforeLacking, keepParts } from './lacking-parts.ts'

/*
 * The facts that a verdict needs, and the writing of it: a few statements for a batch, however many entries it has.
 * Hashes travel as one binary value and are cut apart there, `data` as one JSON array: half the time of arrays of
 * values. Statements are named, so that PostgreSQL plans each once per connection.
 */

/** Nothing of a village is read or written before this. Makes the row if the village is new. */
export async function lockStream(client: Client, village: string): Promise<{ owner: string | null }> {
  const locked = await client.query<{ owner: string | null }>({ ...lockRow, values: [village] })
  if (locked.rows[0]) return locked.rows[0]
  await client.query('INSERT INTO stream (village) VALUES ($1) ON CONFLICT DO NOTHING', [village])
  const made = await client.query<{ owner: string | null }>({ ...lockRow, values: [village] })
  return made.rows[0] ?? { owner: null }
}

const lockRow = { name: 'lock-stream', text: 'SELECT owner FROM stream WHERE village = $1 FOR UPDATE' }

export async function readCursor(client: Client, village: string, epoch: string): Promise<Cursor | null> {
  const { rows } = await client.query<{ seq: string; hash: Buffer }>({
    name: 'select-cursor',
    text: 'SELECT seq, hash FROM epoch_cursor WHERE village = $1 AND epoch = $2',
    values: [village, epoch],
  })
  const [row] = rows
  return row ? { epoch, seq: Number(row.seq), hash: row.hash } : null
}

type BatchRow = { seq: string | null; hash: Buffer | null; keys: SigningKey[] | null; new_epochs: number }

/** For batches of one epoch, which are judged one after the other. */
export async function readBatchFacts(
  client: Client,
  village: string,
  batches: Batches,
): Promise<Omit<BatchFacts, 'now' | 'window'>> {
  const [{ epoch }] = batches
  const { rows } = await client.query<BatchRow>({ ...selectBatchFacts, values: [village, epoch] })
  const [row] = rows
  const seq = row?.seq ?? null
  const hash = row?.hash ?? null
  const cursor = seq === null || hash === null ? null : { epoch, seq: Number(seq), hash }
  const begins = cursor === null || cursor.seq === 0
  const ends = batches.map(({ first, entries }) => [epoch, first + entries.length - 1] as const)
  const held = await readPlaces(
    client,
    village,
    begins ? batches.flatMap(({ after }) => after ?? []) : ends.filter(([, seq]) => seq <= cursor.seq),
  )
  return { village, cursor, held, keys: row?.keys ?? [], newEpochs: row?.new_epochs ?? 0 }
}

const selectBatchFacts = {
  name: 'select-batch-facts',
  text: `
    SELECT c.seq, c.hash,
      (SELECT json_agg(json_build_object('key', key, 'box', box, 'revoked', revoked_at IS NOT NULL))
       FROM signing_key WHERE village = $1) AS keys,
      CASE WHEN c.seq IS NULL THEN
        (SELECT count(*)::int FROM epoch_cursor WHERE village = $1 AND began_at > now() - interval '24 hours' AND NOT named)
      ELSE 0 END AS new_epochs
    FROM (SELECT) one
    LEFT JOIN epoch_cursor c ON c.village = $1 AND c.epoch = $2`,
}

/** The hub's hashes at some places, of those that lie within an unbroken chain. */
export async function readPlaces(
  client: Client,
  village: string,
  wanted: readonly (readonly [string, number, ...unknown[]])[],
): Promise<Cursor[]> {
  if (wanted.length === 0) return []
  const { rows } = await client.query<{ epoch: string; seq: string; hash: Buffer }>({
    name: 'select-places',
    text: `
      SELECT p.epoch, p.seq, p.hash
      FROM unnest($2::text[], $3::bigint[]) AS wanted (epoch, seq)
      JOIN epoch_cursor c ON c.village = $1 AND c.epoch = wanted.epoch AND c.seq >= wanted.seq
      JOIN place p ON p.village = $1 AND p.epoch = wanted.epoch AND p.seq = wanted.seq`,
    values: [village, wanted.map(([epoch]) => epoch), wanted.map(([, seq]) => seq)],
  })
  return rows.map(({ epoch, seq, hash }) => ({ epoch, seq: Number(seq), hash }))
}

/** The same, and the starts of epochs, which follow from their names. */
async function readEnds(
  client: Client,
  village: string,
  wanted: readonly (readonly [string, number])[],
): Promise<Cursor[]> {
  const starts = wanted.flatMap(([epoch, seq]) => (seq === 0 ? [{ epoch, seq, hash: epochStart(village, epoch) }] : []))
  return [...starts, ...(await readPlaces(client, village, wanted))]
}

export async function readHelloFacts(
  client: Client,
  village: string,
  hello: Hello,
  checkedAfter: number,
): Promise<Omit<HelloFacts, 'now' | 'window' | 'owner'>> {
  await lowerBrokenCursors(client, village, checkedAfter)
  const cursors = await client.query<{ epoch: string; seq: string; hash: Buffer; named: boolean }>({
    name: 'select-cursors',
    text: 'SELECT epoch, seq, hash, named FROM epoch_cursor WHERE village = $1 ORDER BY began_at, epoch',
    values: [village],
  })
  const keys = await client.query<SigningKey>({
    name: 'select-keys',
    text: 'SELECT key, box, revoked_at IS NOT NULL AS revoked FROM signing_key WHERE village = $1',
    values: [village],
  })
  const enrolments = await client.query({
    name: 'select-provisioned',
    text: 'SELECT 1 FROM enrolment WHERE village = $1 LIMIT 1',
    values: [village],
  })
  const marks = hello.epochs.flatMap(({ epoch, marks }) => marks.map(([seq]) => [epoch, seq] as const))
  return {
    village,
    cursors: cursors.rows.map(({ epoch, seq, hash }) => ({ epoch, seq: Number(seq), hash })),
    namedEpochs: cursors.rows.filter(({ named }) => named).length,
    keys: keys.rows,
    provisioned: enrolments.rows.length > 0,
    marked: await readPlaces(client, village, marks),
    beforeLacking: await readEnds(client, village, await findBeforeLacking(client, village, hello.box, checkedAfter)),
  }
}

/**
 * A cursor is the end of the unbroken chain: where rows behind it were lost (a restore by halves, a hand in the table),
 * it goes back to the last entry before the hole, and the box sends the rest again (F60). Counting a village's rows
 * costs a tenth of a second, so it is done once after `checkedAfter` (ms since 1970 UTC).
 */
async function lowerBrokenCursors(client: Client, village: string, checkedAfter: number): Promise<void> {
  const due = await client.query(
    `UPDATE stream SET checked_at = now()
     WHERE village = $1 AND (checked_at IS NULL OR checked_at <= to_timestamp($2 / 1000.0))`,
    [village, checkedAfter],
  )
  if (due.rowCount === 0) return
  const { rows } = await client.query<{ epoch: string; whole: string }>(selectHoles, [village])
  for (const { epoch, whole } of rows) {
    const upTo = Number(whole)
    const [place] = upTo === 0 ? [] : await readPlaces(client, village, [[epoch, upTo]])
    await client.query('UPDATE epoch_cursor SET seq = $3, hash = $4 WHERE village = $1 AND epoch = $2', [
      village,
      epoch,
      upTo,
      place?.hash ?? epochStart(village, epoch),
    ])
  }
}

/** Epochs of which rows are gone, with the last seq before the first hole. */
const selectHoles = `
  WITH held AS (
    SELECT p.epoch, p.seq
    FROM epoch_cursor c
    JOIN place p ON p.village = c.village AND p.epoch = c.epoch AND p.seq <= c.seq
    JOIN entry e ON e.village = p.village AND e.name = p.name
    WHERE c.village = $1
  )
  SELECT c.epoch, (
    SELECT min(s) - 1
    FROM generate_series(1, c.seq) AS s
    WHERE NOT EXISTS (SELECT 1 FROM held WHERE held.epoch = c.epoch AND held.seq = s)
  ) AS whole
  FROM epoch_cursor c
  WHERE c.village = $1 AND c.seq > (SELECT count(*) FROM held WHERE held.epoch = c.epoch)`

export async function writeHelloVerdict(
  client: Client,
  village: string,
  { owner, enrol, seen, named }: HelloVerdict,
): Promise<void> {
  if (owner) await client.query('UPDATE stream SET owner = $2 WHERE village = $1', [village, owner])
  if (enrol) {
    const text = 'INSERT INTO signing_key (village, key, box) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING'
    await client.query(text, [village, enrol.key, enrol.box])
  }
  await client.query({ ...noteBox, values: [village, seen.box, seen.key, mostKnownBoxes] })
  if (named.length > 0)
    await client.query(insertNamed, [village, named.map(({ epoch }) => epoch), named.map(({ hash }) => hash)])
}

/** In the hello's order, which is the box's. */
const insertNamed = `
  INSERT INTO epoch_cursor (village, epoch, seq, hash, began_at, named)
  SELECT $1, epoch, 0, hash, now() + i * interval '1 microsecond', true
  FROM unnest($2::text[], $3::bytea[]) WITH ORDINALITY AS given (epoch, hash, i)
  ON CONFLICT DO NOTHING`

/** Beyond so many a village's boxes are not noted: whoever invents names fills no table. */
export const mostKnownBoxes = 50

export const noteBox = {
  name: 'note-box',
  text: `
    INSERT INTO known_box AS k (village, box, key)
    SELECT $1, $2, $3
    WHERE (SELECT count(*) FROM known_box WHERE village = $1) < $4
      OR EXISTS (SELECT 1 FROM known_box WHERE village = $1 AND box = $2)
    ON CONFLICT (village, box) DO UPDATE
    SET key = excluded.key, last_at = now()`,
}

/**
 * Writes all places, each entry whose name is not there, and the cursor, of verdicts on batches of one epoch. `expectNew`: nothing of it is there yet, which
 * is nearly always so and spares a look-up per row; where it is not so, this throws SQLSTATE 23505.
 */
export async function writeBatchVerdicts(
  client: Client,
  village: string,
  verdicts: readonly BatchVerdict[],
  { expectNew }: { expectNew: boolean },
): Promise<void> {
  await writePlaces(client, village, verdicts, { expectNew })
  const parts = verdicts.flatMap((verdict) => verdict.parts)
  if (parts.length > 0) await keepParts(client, village, parts)
}

async function writePlaces(
  client: Client,
  village: string,
  verdicts: readonly BatchVerdict[],
  { expectNew }: { expectNew: boolean },
): Promise<void> {
  const places = verdicts.flatMap((verdict) => verdict.places)
  const entries = verdicts.flatMap((verdict) => verdict.entries)
  const cursor = verdicts.findLast((verdict) => verdict.cursor)?.cursor
  const [first] = places
  if (!cursor || !first) return
  const column = (read: (entry: NamedEntry['entry']) => string | null) =>
    textArray(entries.map(({ entry }) => read(entry)))
  await client.query({
    ...(expectNew ? insertNew : insertLacking),
    values: [
      village,
      cursor.epoch,
      first.seq,
      places.length,
      Buffer.concat(places.map(({ hash }) => hash)),
      Buffer.concat(places.map(({ name }) => name)),
      column(({ type }) => type),
      `{${entries.map(({ entry }) => entry.at).join(',')}}`,
      column(({ clock }) => clock),
      column(({ actor }) => actor),
      column(({ key }) => key ?? null),
      JSON.stringify(entries.map(({ entry }) => entry.data)),
      column((entry) => (entry.private ? `\\x${Buffer.from(entry.private, 'base64url').toString('hex')}` : null)),
      column(({ origin }) => (origin ? JSON.stringify(origin) : null)),
      cursor.seq,
      cursor.hash,
    ],
  })
}

const insertText = (onDoubledEntry: string, onDoubledPlace: string) => `
  WITH entries AS (
    INSERT INTO entry (village, name, type, at, clock, actor, key, data, p, origin)
    SELECT $1, substring($6::bytea FROM (i - 1)::int * 32 + 1 FOR 32), type, at, clock, actor, key, data, p, origin
    FROM ROWS FROM (
      unnest($7::text[]), unnest($8::bigint[]), unnest($9::text[]), unnest($10::text[]), unnest($11::text[]),
      json_array_elements($12::json), unnest($13::bytea[]), unnest($14::json[])
    ) WITH ORDINALITY AS given (type, at, clock, actor, key, data, p, origin, i)
    ${onDoubledEntry}
  ), places AS (
    INSERT INTO place (village, epoch, seq, hash, name)
    SELECT $1, $2, $3::bigint + i, substring($5::bytea FROM i * 32 + 1 FOR 32), substring($6::bytea FROM i * 32 + 1 FOR 32)
    FROM generate_series(0, $4::int - 1) AS given (i)
    ${onDoubledPlace}
  )
  INSERT INTO epoch_cursor (village, epoch, seq, hash)
  VALUES ($1, $2, $15::bigint, $16::bytea)
  ON CONFLICT (village, epoch) DO UPDATE
  SET seq = excluded.seq, hash = excluded.hash, moved_at = now()`

const insertNew = { name: 'insert-new', text: insertText('', '') }

/** A place behind the cursor that is there already was never verified: rows before it were lost (F60). */
const insertLacking = {
  name: 'insert-lacking',
  text: insertText(
    `ON CONFLICT (village, name) DO UPDATE SET origin = excluded.origin
      WHERE entry.origin IS NULL AND excluded.origin IS NOT NULL`,
    'ON CONFLICT (village, epoch, seq) DO UPDATE SET hash = excluded.hash, name = excluded.name',
  ),
}

/**
 * A PostgreSQL array literal. Nearly always it is the JSON text in other brackets, which is written in a fifth of the time
 * that the driver's own takes; only what JSON escapes is escaped in another way.
 */
function textArray(values: readonly (string | null)[]): string {
  const json = JSON.stringify(values)
  if (!json.includes('\\')) return `{${json.slice(1, -1)}}`
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/[\\"]/g, '\\$&')}"`)).join(',')}}`
}
