import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

type Arrived = { document: string; outcome: string }

/** What became of agencies' documents at their villages (SYNC-026); what has arrived lies here no longer. */
export const caseDocumentsFold: Fold<Arrived[]> = {
  room: 'case-documents',
  version: 1,
  types: ['cases.document-arrived'],
  fold: (entries) => entries.map(({ data }: StoredEntry) => data as Arrived),
  async write(client: Client, village: string, arrived: Arrived[]): Promise<void> {
    if (arrived.length > 0) await client.query({ ...updateArrived, values: [village, JSON.stringify(arrived)] })
  },
}

/** `here` counts, should a copy of a box have been unable to read what another one could. */
const updateArrived = {
  name: 'update-arrived-documents',
  text: `
    UPDATE case_document d
    SET outcome = least(d.outcome, told.outcome), bytes = NULL
    FROM (SELECT document, min(outcome) AS outcome FROM json_to_recordset($2) AS t (document text, outcome text) GROUP BY document) told
    WHERE d.village = $1 AND d.document = told.document`,
}
