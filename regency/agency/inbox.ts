import type { AnswerState } from '../../appliance/wire/case-states.ts'
import type { Database } from '../base/database.ts'

/** What a village has sent an agency. Times in ms since 1970 UTC. */
export type InboxRow = {
  village: string
  /** Of the village. */
  name: string
  case: string
  title: string
  agency: string
  relayed: number
  due: number | null
  papers: string[]
  state: string
  stateAt: number
  text: string | null
  /** What the agency has said and its box has not heard yet. */
  answering: AnswerState | null
  /** SHA-256 of what is sealed, and the age file, base64; null: it was erased. */
  p: string | null
  file: string | null
  /** What was sent back last, and whether it has arrived; null: nothing was. */
  document: { at: number; state: 'waiting' | 'here' | 'unreadable' | 'refused' } | null
  /** Photos of papers. `file`: SHA-256 of the age file, base64url; `here`: it has come whole. */
  photos: { file: string; paper: string | null; bytes: number; here: boolean }[]
}

export const inboxPage = 50

type Asked = {
  now: number
  /** Code of the agency; null: all. */
  agency: string | null
  /** Those that are not over. */
  isOpen: boolean
  /** The one behind which the page begins. */
  behind: Pick<InboxRow, 'village' | 'case'> | null
}

/** What went to an agency, the oldest first; one more than a page where there is more. */
export async function listInbox(database: Database, { now, agency, isOpen, behind }: Asked): Promise<InboxRow[]> {
  const { rows } = await database.query<
    Omit<InboxRow, 'relayed' | 'due' | 'stateAt'> & { relayed: Date; due: Date | null; stateAt: Date }
  >(
    `SELECT c.village, coalesce(v.name, c.village) AS name, c.id AS "case", coalesce(c.title, c.id) AS title, c.agency,
       c.relayed_at AS relayed, c.due_at AS due, c.papers, c.state, c.state_at AS "stateAt", c.text, a.state AS answering,
       encode(e.p, 'base64') AS p, encode(s.file, 'base64') AS file,
       coalesce(
         (SELECT json_agg(json_build_object('file', h.file, 'paper', h.paper, 'bytes', h.size, 'here',
            EXISTS (SELECT FROM case_photo_file w WHERE w.village = h.village AND w.file = h.file)) ORDER BY h.paper, h.photo)
          FROM case_photo h
          WHERE h.village = c.village AND h.case_id = c.id AND h.named = c.relayed AND s.file IS NOT NULL), '[]') AS photos,
       (SELECT json_build_object('at', (extract(epoch FROM d.at) * 1000)::bigint, 'state',
          coalesce(d.outcome, CASE WHEN o.outcome IN ('refused', 'failed', 'expired') THEN 'refused' ELSE 'waiting' END))
        FROM case_document d
        LEFT JOIN command_given dg ON dg.key = d.document AND dg.type = 'case-document'
        LEFT JOIN command dk ON dk.given = dg.given AND dk.village = d.village
        LEFT JOIN command_outcome o ON o.village = dk.village AND o.id = dk.id
        WHERE d.village = c.village AND d.case_id = c.id
        ORDER BY d.at DESC
        LIMIT 1) AS document
     FROM (
       SELECT *
       FROM citizen_case
       WHERE relayed IS NOT NULL AND ($2::text IS NULL OR agency = $2)
         AND NOT ($5 AND state IN ('done', 'refused', 'closed', 'withdrawn'))
         AND ($3::text IS NULL OR (relayed_at, village, id) >
           (SELECT relayed_at, village, id FROM citizen_case WHERE village = $3 AND id = $4))
       ORDER BY relayed_at, village, id
       LIMIT ${inboxPage + 1}
     ) c
     LEFT JOIN village v ON v.village = c.village AND v.valid_to IS NULL
     LEFT JOIN sealed s ON s.village = c.village AND s.name = c.relayed
     LEFT JOIN entry e ON e.village = c.village AND e.name = c.relayed
     LEFT JOIN LATERAL (
       SELECT g.data->>'state' AS state
       FROM command k
       JOIN command_given g USING (given)
       WHERE k.village = c.village AND g.type = 'case-state' AND g.data->>'case' = c.id
         AND g.expires > to_timestamp($1 / 1000.0)
         AND NOT EXISTS (SELECT FROM command_outcome o WHERE o.village = k.village AND o.id = k.id)
       ORDER BY given DESC
       LIMIT 1
     ) a ON true
     ORDER BY c.relayed_at, c.village, c.id`,
    [now, agency, behind?.village ?? null, behind?.case ?? null, isOpen],
  )
  return rows.map((row) => ({
    ...row,
    ...{ relayed: row.relayed.getTime(), due: row.due?.getTime() ?? null, stateAt: row.stateAt.getTime() },
    ...{ p: oneLine(row.p), file: oneLine(row.file) },
  }))
}

/** PostgreSQL breaks base64 into lines. */
const oneLine = (base64: string | null): string | null => base64?.replaceAll('\n', '') ?? null
