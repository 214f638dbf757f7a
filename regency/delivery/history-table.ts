import { epochStart } from '../../appliance/wire/hash.ts'
import { limits, type Want, type WireEntry } from '../../appliance/wire/messages.ts'
import type { Client } from '../base/database.ts'
import type { Behind, WantFacts } from './judge.ts'
import { readPlaces } from './stream-table.ts'

/* What the hub gives back of a village's history. */

type HistoryRow = Omit<WireEntry, 'at' | 'key' | 'origin' | 'private'> & {
  /** Which of the wanted epochs, from 1. */
  i: string
  seq: string
  hash: Buffer
  name: Buffer
  at: string
  key: string | null
  p: Buffer | null
  file: Buffer | null
  origin: NonNullable<WireEntry['origin']> | null
}

/** What the hub holds behind some places, within its unbroken chains: of the first epochs that fill a chunk. */
export async function readWantFacts(client: Client, village: string, { epochs }: Want): Promise<WantFacts> {
  const ranges = await findRanges(client, village, epochs)
  const places = await readPlaces(
    client,
    village,
    ranges.filter(({ from }) => from > 0).map(({ epoch, from }) => [epoch, from] as const),
  )
  const { rows } = await client.query<HistoryRow>({
    name: 'select-history',
    text: `
      SELECT range.i, p.seq, p.hash, p.name, e.type, e.at, e.clock, e.actor, e.key, e.data, e.p, s.file, e.origin
      FROM unnest($2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS range (epoch, "from", upto, i)
      JOIN place p ON p.village = $1 AND p.epoch = range.epoch AND p.seq > range."from" AND p.seq <= range.upto
      JOIN entry e ON e.village = p.village AND e.name = p.name
      LEFT JOIN sealed s ON s.village = e.village AND s.name = e.name AND e.p IS NOT NULL
      ORDER BY range.i, p.seq`,
    values: [village, ranges.map(({ epoch }) => epoch), ranges.map(({ from }) => from), ranges.map(({ upTo }) => upTo)],
  })
  const known = Map.groupBy(await findOrigins(client, village, rows), ({ i }) => Number(i) - 1)
  return {
    village,
    epochs: ranges.map(({ epoch, from }, index) => ({
      epoch,
      from: places.find((place) => place.epoch === epoch && place.seq === from)?.hash ?? null,
      behind: readWhole(known.get(index) ?? [], epoch, from),
    })),
  }
}

type Range = { epoch: string; from: number; upTo: number }

/** How far each goes, from the first one on until there are entries enough for a chunk. */
async function findRanges(client: Client, village: string, epochs: Want['epochs']): Promise<Range[]> {
  const { rows } = await client.query<{ epoch: string; seq: string }>({
    name: 'select-wanted-cursors',
    text: 'SELECT epoch, seq FROM epoch_cursor WHERE village = $1 AND epoch = ANY ($2)',
    values: [village, epochs.map(({ epoch }) => epoch)],
  })
  const ends = new Map(rows.map(({ epoch, seq }) => [epoch, Number(seq)]))
  let left: number = limits.batchEntries
  return epochs.flatMap(({ epoch, from }, index) => {
    if (left === 0 && index > 0) return []
    const upTo = Math.min(Math.max(from, ends.get(epoch) ?? 0), from + left)
    left -= upTo - from
    return [{ epoch, from, upTo }]
  })
}

/** A hole that nobody has counted yet, or an entry whose first place is lost: what is behind it waits. */
function readWhole(rows: readonly HistoryRow[], epoch: string, from: number): Behind['behind'] {
  const hole = rows.findIndex((row, index) => Number(row.seq) !== from + 1 + index || lacksOrigin(row))
  const whole = hole === -1 ? rows : rows.slice(0, hole)
  return whole.map((row) => ({ hash: row.hash, file: row.file, entry: toWireEntry(row, [epoch, Number(row.seq)]) }))
}

/**
 * An entry whose row was lost may have come again at its first place, which needs no origin, while a later place of it
 * stayed: there it has to name the first one, which this finds by its hash being the name (F60). Rare, so without an index.
 */
async function findOrigins(client: Client, village: string, rows: HistoryRow[]): Promise<HistoryRow[]> {
  const lacking = rows.filter(lacksOrigin).map(({ name }) => name)
  if (lacking.length === 0) return rows
  const found = await client.query<{ epoch: string; seq: string; name: Buffer; prev: Buffer | null }>(
    `SELECT p.epoch, p.seq, p.name, before.hash AS prev
     FROM place p
     LEFT JOIN place before ON before.village = p.village AND before.epoch = p.epoch AND before.seq = p.seq - 1
     WHERE p.village = $1 AND p.hash = p.name AND p.name = ANY($2::bytea[])`,
    [village, lacking],
  )
  const origins = new Map(
    found.rows.flatMap(({ epoch, seq, name, prev }) => {
      const hash = Number(seq) === 1 ? epochStart(village, epoch) : prev
      return hash ? [[name.toString('hex'), [epoch, Number(seq), hash.toString('base64url')] as Origin]] : []
    }) as [string, Origin][],
  )
  return rows.map((row) => ({ ...row, origin: row.origin ?? origins.get(row.name.toString('hex')) ?? null }))
}

type Origin = NonNullable<WireEntry['origin']>

const lacksOrigin = ({ origin, hash, name }: HistoryRow): boolean => origin === null && !hash.equals(name)

function toWireEntry(row: HistoryRow, [epoch, seq]: [string, number]): WireEntry {
  const { type, at, clock, actor, key, data, p, origin } = row
  const movedHere = origin && (origin[0] !== epoch || origin[1] !== seq)
  return {
    type,
    at: Number(at),
    clock,
    actor,
    data,
    ...(key === null ? {} : { key }),
    ...(p ? { private: p.toString('base64url') } : {}),
    ...(movedHere ? { origin } : {}),
  }
}
