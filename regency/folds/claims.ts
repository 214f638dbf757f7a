import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

/** What one entry says of a letter that is collected elsewhere. Times are ms since 1970 UTC; `name`: of the entry, hex. */
type Told = {
  kind: 'asked' | 'handed' | 'answered'
  claim: string
  /** Whose letter it is, or who asked for it. */
  other: string | null
  outcome: string | null
  letter: string | null
  at: number
  name: string
}

type Said = { claim: string; village: string; outcome: string; letter: string | null }

/** Letters that are collected in other villages: a row for each request and each answer, without anybody in it. */
export const claimsFold: Fold<Told[]> = {
  room: 'claims',
  version: 1,
  types: ['claims.asked', 'claims.handed-out', 'claims.answered'],
  fold: (entries) => entries.map(toTold),
  async write(client: Client, village: string, told: Told[]): Promise<void> {
    for (const one of told) {
      const statement = one.kind === 'answered' ? insertAnswer : upsertClaim
      await client.query({ ...statement, values: [village, JSON.stringify(one)] })
    }
  },
}

function toTold({ type, at, name, data }: StoredEntry): Told {
  const { claim, village, outcome, letter } = data as Said
  const one = { claim, at, name: name.toString('hex'), outcome: null, letter: null }
  if (type === 'claims.handed-out') return { ...one, kind: 'handed', other: null }
  return type === 'claims.asked'
    ? { ...one, kind: 'asked', other: village }
    : { ...one, kind: 'answered', other: village, outcome, letter }
}

/** In whatever order they come. */
const upsertClaim = {
  name: 'upsert-letter-claim',
  text: `
    INSERT INTO letter_claim AS c (village, claim, issuer, asked_at, asked_name, handed_at)
    SELECT $1, claim, other,
      CASE kind WHEN 'asked' THEN to_timestamp(at / 1000.0) END,
      CASE kind WHEN 'asked' THEN decode(name, 'hex') END,
      CASE kind WHEN 'handed' THEN to_timestamp(at / 1000.0) END
    FROM json_to_record($2) AS told (kind text, claim text, other text, at bigint, name text)
    ON CONFLICT (village, claim) DO UPDATE
    SET issuer = coalesce(c.issuer, excluded.issuer), asked_at = coalesce(c.asked_at, excluded.asked_at),
      asked_name = coalesce(c.asked_name, excluded.asked_name), handed_at = coalesce(c.handed_at, excluded.handed_at)`,
}

/** One answer for each request: the box gives no second one. */
const insertAnswer = {
  name: 'insert-letter-claim-answer',
  text: `
    INSERT INTO letter_claim_answer (village, asker, claim, outcome, letter, answered_at, answer_name)
    SELECT $1, other, claim, outcome, letter, to_timestamp(at / 1000.0), decode(name, 'hex')
    FROM json_to_record($2) AS told (claim text, other text, outcome text, letter text, at bigint, name text)
    ON CONFLICT (village, asker, claim) DO NOTHING`,
}
