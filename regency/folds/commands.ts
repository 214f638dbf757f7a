import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

type Outcome = { id: string; at: number; outcome: string; detail: string | null }
type Reading = { id: string; at: number }
type Folded = { outcomes: Outcome[]; readings: Reading[] }

/** What became of commands, by the boxes' own word: the earliest counts, should two copies of a box have carried one out. */
export const commandsFold: Fold<Folded> = {
  room: 'commands',
  version: 1,
  types: ['commands.carried-out', 'commands.message-read'],
  fold: (entries) => ({
    outcomes: earliestOf(entries.flatMap(toOutcome)),
    readings: earliestOf(entries.flatMap(toReading)),
  }),
  async write(client: Client, village: string, { outcomes, readings }: Folded): Promise<void> {
    if (outcomes.length > 0) await client.query({ ...upsertOutcomes, values: [village, JSON.stringify(outcomes)] })
    if (outcomes.length > 0) await client.query({ ...revokeWiped, values: [village, outcomes.map(({ id }) => id)] })
    if (outcomes.length > 0) await client.query({ ...forgetSealed, values: [village, outcomes.map(({ id }) => id)] })
    if (readings.length > 0) await client.query({ ...upsertReadings, values: [village, JSON.stringify(readings)] })
  },
}

type Said = { command: string; outcome: string; detail?: string }

function toOutcome({ type, at, data }: StoredEntry): Outcome[] {
  const { command: id, outcome, detail = null } = data as Said
  return type === 'commands.carried-out' ? [{ id, at, outcome, detail }] : []
}

function toReading({ type, at, data }: StoredEntry): Reading[] {
  return type === 'commands.message-read' ? [{ id: (data as Said).command, at }] : []
}

function earliestOf<T extends Reading & Partial<Outcome>>(all: readonly T[]): T[] {
  const earliest = new Map<string, T>()
  for (const one of all) {
    const known = earliest.get(one.id)
    if (!known || isBefore(one, known)) earliest.set(one.id, one)
  }
  return [...earliest.values()]
}

/** As `upsertOutcomes` compares: of one moment, by what was said. */
function isBefore(one: Reading & Partial<Outcome>, other: typeof one): boolean {
  const said = ({ outcome = '', detail }: typeof one) => `${outcome} ${detail ?? ''}`
  return one.at === other.at ? said(one) < said(other) : one.at < other.at
}

/** What a village has heard of a birth or a death lies here no longer, sealed as it is. */
const forgetSealed = {
  name: 'forget-sealed-notices',
  text: `
    UPDATE command_given g
    SET data = g.data - 'sealed'
    FROM command c
    WHERE c.village = $1 AND c.id = ANY($2) AND g.given = c.given AND g.type = 'notice'`,
}

const upsertOutcomes = {
  name: 'upsert-command-outcomes',
  text: `
    INSERT INTO command_outcome AS o (village, id, at, outcome, detail)
    SELECT $1, id, to_timestamp(at / 1000.0), outcome, detail
    FROM json_to_recordset($2) AS given (id text, at bigint, outcome text, detail text)
    ON CONFLICT (village, id) DO UPDATE
    SET at = excluded.at, outcome = excluded.outcome, detail = excluded.detail
    WHERE o.at IS NULL
      OR (excluded.at, excluded.outcome || ' ' || coalesce(excluded.detail, ''))
        < (o.at, o.outcome || ' ' || coalesce(o.detail, ''))`,
}

/** A box that says that it erases itself: whatever comes by its key from then on, it is not that box. */
const revokeWiped = {
  name: 'revoke-wiped-boxes',
  text: `
    UPDATE signing_key k
    SET revoked_at = o.at
    FROM command c
    JOIN command_given g USING (given)
    JOIN command_outcome o USING (village, id)
    JOIN known_box b ON b.village = c.village AND b.box = g.data->'order'->>'box'
    WHERE c.village = $1 AND c.id = ANY ($2) AND g.type = 'wipe' AND o.outcome = 'done'
      AND k.village = b.village AND k.key = b.key AND k.revoked_at IS NULL`,
}

const upsertReadings = {
  name: 'upsert-command-readings',
  text: `
    INSERT INTO command_outcome AS o (village, id, read_at)
    SELECT $1, id, to_timestamp(at / 1000.0)
    FROM json_to_recordset($2) AS given (id text, at bigint)
    ON CONFLICT (village, id) DO UPDATE
    SET read_at = least(o.read_at, excluded.read_at)`,
}
