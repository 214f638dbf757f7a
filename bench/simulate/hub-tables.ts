import Database from 'better-sqlite3'
import type { Db } from '../../appliance/base/store/store.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import { type Hello, limits, type Want, type WireEntry } from '../../appliance/wire/messages.ts'
import type {
  Batches,
  BatchFacts,
  BatchVerdict,
  Behind,
  Cursor,
  HelloFacts,
  HelloVerdict,
  SentPart,
  SigningKey,
  WantFacts,
} from '../../regency/delivery/judge.ts'
import { downSchema, openDownTables } from './down-tables.ts'

export type HubTables = ReturnType<typeof openHubTables>

const schema = `
  CREATE TABLE stream (one INTEGER PRIMARY KEY, owner TEXT);
  CREATE TABLE signing_key (key TEXT PRIMARY KEY, box TEXT NOT NULL);
  CREATE TABLE epoch_cursor (ordinal INTEGER PRIMARY KEY, epoch TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, hash BLOB NOT NULL, began_at INTEGER NOT NULL, named INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE place (epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, name BLOB NOT NULL, PRIMARY KEY (epoch, seq)) WITHOUT ROWID;
  CREATE INDEX place_name ON place (name);
  CREATE TABLE sealed (name BLOB PRIMARY KEY, file BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE lacking_part (name BLOB NOT NULL, box TEXT NOT NULL, PRIMARY KEY (name, box)) WITHOUT ROWID;
  CREATE TABLE erased (name BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE entry (arrival INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, entry TEXT NOT NULL);
  CREATE INDEX entry_outcome ON entry (name) WHERE entry ->> 'type' = 'commands.carried-out';
  INSERT INTO stream (one) VALUES (1);${downSchema}`

/**
 * The hub's tables of one village in SQLite, with the same facts and the same writing as regency/delivery/stream-table.ts has in
 * PostgreSQL; a test plays the same sequences through both. `bytes`: a backup to begin from.
 */
export function openHubTables(village: string, bytes: Buffer | null = null) {
  const db: Db = new Database(bytes ? Buffer.from(bytes) : ':memory:')
  if (!bytes) db.exec(schema)
  const selectOwner = db.prepare<[], string | null>('SELECT owner FROM stream').pluck()
  const updateOwner = db.prepare('UPDATE stream SET owner = @owner')
  const selectKeys = db.prepare<[], { key: string; box: string }>('SELECT key, box FROM signing_key')
  const insertKey = db.prepare('INSERT INTO signing_key (key, box) VALUES (@key, @box) ON CONFLICT DO NOTHING')
  const selectCursors = db.prepare<[], Cursor>('SELECT epoch, seq, hash FROM epoch_cursor ORDER BY ordinal')
  const selectCursor = db.prepare<{ epoch: string }, Cursor>(
    'SELECT epoch, seq, hash FROM epoch_cursor WHERE epoch = @epoch',
  )
  const countNew = db
    .prepare<{ since: number }, number>('SELECT count(*) FROM epoch_cursor WHERE began_at > @since AND named = 0')
    .pluck()
  const countNamed = db.prepare<[], number>('SELECT count(*) FROM epoch_cursor WHERE named = 1').pluck()
  const insertNamed = db.prepare(`
    INSERT INTO epoch_cursor (epoch, seq, hash, began_at, named)
    VALUES (@epoch, @seq, @hash, @now, 1)
    ON CONFLICT (epoch) DO NOTHING`)
  const selectHeld = db
    .prepare<{ epoch: string; seq: number }, number>(
      'SELECT count(*) FROM place JOIN entry USING (name) WHERE epoch = @epoch AND seq <= @seq',
    )
    .pluck()
  const selectHash = db
    .prepare<{ epoch: string; seq: number }, Buffer>(`
    SELECT place.hash
    FROM place JOIN epoch_cursor USING (epoch)
    WHERE epoch = @epoch AND place.seq = @seq AND epoch_cursor.seq >= @seq`)
    .pluck()
  const selectPlaces = db.prepare<{ wanted: string }, Cursor>(`
    SELECT place.epoch, place.seq, place.hash
    FROM json_each(@wanted) AS wanted
    JOIN place ON place.epoch = wanted.value ->> 0 AND place.seq = wanted.value ->> 1
    JOIN epoch_cursor ON epoch_cursor.epoch = place.epoch AND epoch_cursor.seq >= place.seq`)
  const selectSeqs = db
    .prepare<{ epoch: string }, number>(
      'SELECT seq FROM place JOIN entry USING (name) WHERE epoch = @epoch ORDER BY seq',
    )
    .pluck()
  const upsertCursor = db.prepare(`
    INSERT INTO epoch_cursor (epoch, seq, hash, began_at)
    VALUES (@epoch, @seq, @hash, @now)
    ON CONFLICT (epoch) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`)
  const upsertPlace = db.prepare(`
    INSERT INTO place (epoch, seq, hash, name)
    VALUES (@epoch, @seq, @hash, @name)
    ON CONFLICT (epoch, seq) DO UPDATE SET hash = excluded.hash, name = excluded.name`)
  const selectEntry = db.prepare<{ name: Buffer }, string>('SELECT entry FROM entry WHERE name = @name').pluck()
  const insertEntry = db.prepare('INSERT INTO entry (name, entry) VALUES (@name, @entry)')
  const updateEntry = db.prepare('UPDATE entry SET entry = @entry WHERE name = @name')
  const selectOfPart = db
    .prepare<{ epoch: string; seq: number; p: string }, Buffer>(`
    SELECT name
    FROM place JOIN entry USING (name)
    WHERE epoch = @epoch AND seq = @seq AND entry ->> 'private' = @p AND name NOT IN (SELECT name FROM erased)`)
    .pluck()
  const insertSealed = db.prepare('INSERT INTO sealed (name, file) VALUES (@name, @file) ON CONFLICT DO NOTHING')
  const insertLacking = db.prepare('INSERT INTO lacking_part (name, box) VALUES (@name, @box) ON CONFLICT DO NOTHING')
  const selectBeforeLacking = db.prepare<{ box: string }, { epoch: string; seq: number }>(`
    SELECT epoch, min(place.seq) - 1 AS seq
    FROM entry JOIN place USING (name) JOIN epoch_cursor USING (epoch)
    WHERE entry ->> 'private' IS NOT NULL AND place.seq <= epoch_cursor.seq
      AND name NOT IN (SELECT name FROM sealed UNION SELECT name FROM erased)
      AND name NOT IN (SELECT name FROM lacking_part WHERE box = @box)
    GROUP BY epoch`)
  type HistoryRow = { seq: number; hash: Buffer; name: Buffer; entry: string; file: Buffer | null }
  const selectHistory = db.prepare<{ epoch: string; from: number; limit: number }, HistoryRow>(`
    SELECT place.seq, place.hash, place.name, entry.entry, sealed.file
    FROM epoch_cursor JOIN place USING (epoch) JOIN entry USING (name) LEFT JOIN sealed USING (name)
    WHERE epoch = @epoch AND place.seq > @from AND place.seq <= epoch_cursor.seq
    ORDER BY place.seq
    LIMIT @limit`)

  const selectOutcomes = db
    .prepare<[], string>(`
    SELECT DISTINCT entry.entry ->> 'key'
    FROM entry JOIN place USING (name) JOIN epoch_cursor USING (epoch)
    WHERE place.seq <= epoch_cursor.seq AND entry.entry ->> 'type' = 'commands.carried-out'`)
    .pluck()
  const selectFirst = db.prepare<{ name: Buffer }, { epoch: string; seq: number }>(
    'SELECT epoch, seq FROM place WHERE name = @name AND hash = @name',
  )

  /** As `findOrigins` of the shipping tables: the entry with the origin that its first place tells; null when that is lost. */
  function readRow({ hash, name, entry }: HistoryRow): WireEntry | null {
    const known = JSON.parse(entry) as WireEntry
    if (known.origin || hash.equals(name)) return known
    const first = selectFirst.get({ name })
    if (!first) return null
    const { epoch, seq } = first
    const prev = seq === 1 ? epochStart(village, epoch) : selectHash.get({ epoch, seq: seq - 1 })
    return prev ? { ...known, origin: [epoch, seq, prev.toString('base64url')] } : null
  }

  const keys = (): SigningKey[] => selectKeys.all().map((row) => ({ ...row, revoked: false }))
  const places = (wanted: readonly (readonly [string, number, ...unknown[]])[]): Cursor[] =>
    wanted.length === 0 ? [] : selectPlaces.all({ wanted: JSON.stringify(wanted.map(([epoch, seq]) => [epoch, seq])) })

  /** F60: a cursor is the end of the unbroken chain. */
  function lowerBrokenCursors(now: number): void {
    for (const { epoch, seq } of selectCursors.all()) {
      if (selectHeld.get({ epoch, seq }) === seq) continue
      const held = new Set(selectSeqs.all({ epoch }))
      let whole = 0
      while (held.has(whole + 1)) whole++
      const hash = whole === 0 ? epochStart(village, epoch) : selectHash.get({ epoch, seq: whole })
      upsertCursor.run({ epoch, seq: whole, hash, now })
    }
  }

  function keepPart({ epoch, seq, p, file, box }: SentPart): void {
    const name = selectOfPart.get({ epoch, seq, p: p.toString('base64url') })
    if (!name) return
    if (file) insertSealed.run({ name, file })
    else insertLacking.run({ name, box })
  }

  const findBeforeLacking = (box: string): Cursor[] =>
    selectBeforeLacking.all({ box }).flatMap(({ epoch, seq }) => {
      const hash = seq === 0 ? epochStart(village, epoch) : selectHash.get({ epoch, seq })
      return hash ? [{ epoch, seq, hash }] : []
    })

  function writeEntry(name: Buffer, entry: WireEntry): void {
    const known = selectEntry.get({ name })
    if (known === undefined) insertEntry.run({ name, entry: JSON.stringify(entry) })
    else if (entry.origin && !(JSON.parse(known) as WireEntry).origin)
      updateEntry.run({ name, entry: JSON.stringify({ ...JSON.parse(known), origin: entry.origin }) })
  }

  return {
    db,
    owner: (): string | null => selectOwner.get() ?? null,
    /** What the fleet tool does: names the owner and enrols its key. */
    setOwner: (owner: string) => updateOwner.run({ owner }),
    enrol: (key: string, box: string) => insertKey.run({ key, box }),

    /** `count`: the rows, `seek`: private parts that are lacking. */
    helloFacts(
      hello: Hello,
      now: number,
      { count, seek }: { count: boolean; seek: boolean },
    ): Omit<HelloFacts, 'now' | 'window'> {
      if (count) lowerBrokenCursors(now)
      const marks = hello.epochs.flatMap(({ epoch, marks }) => marks.map(([seq]) => [epoch, seq] as const))
      return {
        village,
        owner: selectOwner.get() ?? null,
        provisioned: false,
        cursors: selectCursors.all(),
        namedEpochs: countNamed.get() ?? 0,
        keys: keys(),
        marked: places(marks),
        beforeLacking: seek ? findBeforeLacking(hello.box) : [],
      }
    },
    writeHello({ owner, enrol, named }: HelloVerdict, now: number): void {
      if (owner) updateOwner.run({ owner })
      if (enrol) insertKey.run(enrol)
      for (const start of named) insertNamed.run({ ...start, now })
    },
    /** For batches of one epoch, which are judged one after the other. */
    batchFacts(batches: Batches, now: number): Omit<BatchFacts, 'now' | 'window'> {
      const [{ epoch }] = batches
      const cursor = selectCursor.get({ epoch }) ?? null
      const ends = batches.map(({ first, entries }) => [epoch, first + entries.length - 1] as const)
      const begins = cursor === null || cursor.seq === 0
      const held = places(begins ? batches.flatMap(({ after }) => after ?? []) : ends)
      return { village, cursor, held, keys: keys(), newEpochs: countNew.get({ since: now - 86_400_000 }) ?? 0 }
    },
    /** All of one turn in one transaction. */
    writeBatches: db.transaction((verdicts: readonly BatchVerdict[], now: number) => {
      for (const { cursor, places: links, entries, parts } of verdicts) {
        if (cursor) {
          for (const { seq, hash, name } of links) upsertPlace.run({ epoch: cursor.epoch, seq, hash, name })
          for (const { name, entry } of entries) writeEntry(name, entry)
          upsertCursor.run({ ...cursor, now })
        }
        for (const part of parts) keepPart(part)
      }
    }),
    down: openDownTables(db),
    /** Ids of the commands whose outcome stands within an unbroken chain. */
    outcomes: (): string[] => selectOutcomes.all(),
    wantFacts: ({ epochs }: Want): WantFacts => ({ village, epochs: epochs.map(readBehind) }),
  }

  function readBehind({ epoch, from }: Want['epochs'][number]): Behind {
    const rows = selectHistory.all({ epoch, from, limit: limits.batchEntries })
    const read = rows.map((row) => ({ ...row, known: readRow(row) }))
    const hole = read.findIndex(({ seq, known }, index) => seq !== from + 1 + index || !known)
    const whole = hole === -1 ? read : read.slice(0, hole)
    return {
      epoch,
      from: from === 0 ? null : (selectHash.get({ epoch, seq: from }) ?? null),
      behind: whole.flatMap(({ seq, hash, known, file }) =>
        known ? [{ hash, file, entry: entryAt(known, epoch, seq) }] : [],
      ),
    }
  }
}

/** An entry as it is hashed at one of its places: at its first one without `origin`. */
function entryAt(entry: WireEntry, epoch: string, seq: number): WireEntry {
  const { origin, ...rest } = entry
  return origin && (origin[0] !== epoch || origin[1] !== seq) ? { ...rest, origin } : rest
}
