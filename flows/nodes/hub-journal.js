/*
 * Reads the hub's journal (regency/base/schema) for one node: each village's epochs up to their cursors, in order within
 * an epoch. The place is a table of its own, made here; nothing of the hub's is written. An entry that a restored box
 * brought a second time is told at its first place only, unless that place never arrived.
 */

const atOnce = 200

/**
 * @typedef {import('pg').Pool} Pool
 * @typedef {{ village: string, epoch: string, seq: number }} Place
 * @typedef {{ village: string, type: string, at: number, clock: string, actor: string, key: string | null, name: string, data: unknown }} HubEntry
 */

/** @param {Pool} pool @param {{ reader: string, types: readonly string[], village: string }} options no types: all; no village: all */
export function createHubJournal(pool, { reader, types, village }) {
  /** @param {Place} place */
  const keep = (place) => pool.query({ ...upsertPlace, values: [reader, place.village, place.epoch, place.seq] })

  /** @param {{ village: string, epoch: string, from: string, until: string }} behind @param {Visit} visit */
  const readEpoch = async (behind, visit) => {
    const place = { village: behind.village, epoch: behind.epoch }
    const until = Math.min(Number(behind.until), Number(behind.from) + atOnce)
    const { rows } = await pool.query({
      ...selectEntries,
      values: [place.village, place.epoch, behind.from, until, types],
    })
    for (const { seq, at, name, ...row } of rows) {
      if (!(await visit({ ...row, village: place.village, at: Number(at), name: name.toString('base64url') }))) return
      await keep({ ...place, seq: Number(seq) })
    }
    await keep({ ...place, seq: until })
  }

  return {
    /** Makes the table; a reader that is new begins now, or with all there is. @param {'now' | 'beginning'} start */
    async begin(start) {
      await pool.query(createTable)
      const { rowCount } = await pool.query(insertReader, [reader])
      if (rowCount === 1 && start === 'now') await pool.query(insertPlacesNow, [reader])
    },
    /**
     * Visits what is new; a visit that answers false ends it. Answers whether there may be more.
     * @param {Visit} visit
     */
    async readOn(visit) {
      const { rows } = await pool.query({ ...selectBehind, values: [reader, village] })
      let stopped = false
      for (const behind of rows) {
        if (stopped) break
        await readEpoch(behind, async (entry) => {
          const goesOn = await visit(entry)
          stopped ||= !goesOn
          return goesOn
        })
      }
      return !stopped && rows.some(({ from, until }) => Number(until) > Number(from) + atOnce)
    },
  }
}
/** @typedef {(entry: HubEntry) => Promise<boolean>} Visit */

const createTable = `
  CREATE TABLE IF NOT EXISTS flow_place (
    reader  text COLLATE "C" NOT NULL,
    village text COLLATE "C" NOT NULL,
    epoch   text COLLATE "C" NOT NULL,
    seq     bigint NOT NULL,
    PRIMARY KEY (reader, village, epoch)
  )`

/** A row without a village says that this reader is known. */
const insertReader = `
  INSERT INTO flow_place (reader, village, epoch, seq)
  VALUES ($1, '', '', 0)
  ON CONFLICT DO NOTHING`

const insertPlacesNow = `
  INSERT INTO flow_place (reader, village, epoch, seq)
  SELECT $1, village, epoch, seq
  FROM epoch_cursor
  ON CONFLICT DO NOTHING`

const selectBehind = {
  name: 'select-flow-places-behind',
  text: `
    SELECT c.village, c.epoch, coalesce(f.seq, 0) AS from, c.seq AS until
    FROM epoch_cursor c
    LEFT JOIN flow_place f ON f.reader = $1 AND f.village = c.village AND f.epoch = c.epoch
    WHERE c.seq > coalesce(f.seq, 0) AND ($2 = '' OR c.village = $2)
    ORDER BY c.began_at, c.village, c.epoch`,
}

const selectEntries = {
  name: 'select-flow-entries',
  text: `
    SELECT p.seq, e.name, e.type, e.at, e.clock, e.actor, e.key, e.data
    FROM place p
    JOIN entry e ON e.village = p.village AND e.name = p.name
    WHERE p.village = $1 AND p.epoch = $2 AND p.seq > $3 AND p.seq <= $4
      AND (cardinality($5::text[]) = 0 OR e.type = ANY ($5))
      AND (p.hash = p.name OR e.origin IS NOT NULL)
    ORDER BY p.seq`,
}

const upsertPlace = {
  name: 'upsert-flow-place',
  text: `
    INSERT INTO flow_place (reader, village, epoch, seq)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (reader, village, epoch) DO UPDATE
    SET seq = excluded.seq`,
}
