import { cleanText } from '../base/clean-text.ts'
import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

/** One update of a box, as far as these entries tell of it; null: nothing of that. Times are ms since 1970 UTC. */
type Told = {
  update: string
  release: number | null
  version: string | null
  asked: number | null
  begun: number | null
  ended: number | null
  outcome: string | null
  reason: string | null
}

const nothing = { release: null, version: null, asked: null, begun: null, ended: null, outcome: null, reason: null }

type Said = { update: string; release?: number; version: string; outcome: string; reason?: string; why: string }

/** What became of systems that boxes were asked to run: a row for each update, a column for each of its entries. */
export const updatesFold: Fold<Told[]> = {
  room: 'updates',
  version: 1,
  types: ['updates.asked', 'updates.taken-back', 'updates.begun', 'updates.ended', 'updates.passed-over'],
  fold: (entries) => entries.map(toTold),
  async write(client: Client, village: string, told: Told[]): Promise<void> {
    for (const one of told) await client.query({ ...upsertUpdate, values: [village, JSON.stringify(one)] })
  },
}

function toTold({ type, at, data }: StoredEntry): Told {
  const { update, release = null, version, outcome, reason, why } = data as Said
  switch (type) {
    case 'updates.asked':
      return { ...nothing, update, release, version, asked: at }
    case 'updates.begun':
      return { ...nothing, update, begun: at }
    case 'updates.taken-back':
      return { ...nothing, update, ended: at, outcome: 'taken-back' }
    case 'updates.ended':
      return { ...nothing, update, ended: at, outcome, reason: reason === undefined ? null : cleanText(reason) }
    default:
      return { ...nothing, update: `passed ${release}`, release, asked: at, ended: at, outcome: why }
  }
}

const upsertUpdate = {
  name: 'upsert-release-update',
  text: `
    INSERT INTO release_update AS u (
      village, update, release, version, asked_at, begun_at, ended_at, outcome, reason, begun_heard, ended_heard
    )
    SELECT $1, update, release, version, to_timestamp(asked / 1000.0), to_timestamp(begun / 1000.0),
      to_timestamp(ended / 1000.0), outcome, reason, CASE WHEN begun IS NOT NULL THEN now() END,
      CASE WHEN ended IS NOT NULL THEN now() END
    FROM json_to_record($2) AS told (
      update text, release bigint, version text, asked bigint, begun bigint, ended bigint, outcome text, reason text
    )
    ON CONFLICT (village, update) DO UPDATE
    SET release = coalesce(excluded.release, u.release), version = coalesce(excluded.version, u.version),
      asked_at = coalesce(excluded.asked_at, u.asked_at), begun_at = coalesce(excluded.begun_at, u.begun_at),
      ended_at = coalesce(excluded.ended_at, u.ended_at), outcome = coalesce(excluded.outcome, u.outcome),
      reason = coalesce(excluded.reason, u.reason),
      begun_heard = coalesce(u.begun_heard, excluded.begun_heard),
      ended_heard = coalesce(u.ended_heard, excluded.ended_heard)`,
}
