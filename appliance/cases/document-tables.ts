import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'

/** As it lies in the store. `isHere` 0: its PDF is not in this box (any more). */
export type StoredDocument = {
  document: string
  case: string
  file: string
  size: number
  at: number
  outcome: 'here' | 'unreadable' | null
  isHere: 0 | 1
}

const columns = `
  id AS document, case_id AS "case", file, size, coalesce(arrived_at, named_at) AS at, outcome,
  EXISTS (SELECT 1 FROM citizen_case_document_file f WHERE f.document = d.id) AS isHere`
const over = `SELECT id FROM citizen_case WHERE state IN ('closed', 'withdrawn', 'refused') AND state_at < @before`

/** Documents of agencies, and what has come of them. */
export function createDocumentTables(db: Db) {
  const selectOf = db.prepare<{ id: string }, StoredDocument>(
    `SELECT ${columns} FROM citizen_case_document d WHERE case_id = @id ORDER BY ordinal`,
  )
  const selectOne = db.prepare<{ document: string }, StoredDocument>(
    `SELECT ${columns} FROM citizen_case_document d WHERE id = @document`,
  )
  // What is to be fetched, the oldest first; of an application that has ended nobody waits for it.
  const selectNext = db.prepare<[], StoredDocument>(`
    SELECT ${columns}
    FROM citizen_case_document d INDEXED BY citizen_case_document_open
    WHERE outcome IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM citizen_case one WHERE one.id = d.case_id AND one.state IN ('closed', 'withdrawn', 'refused'))
    ORDER BY ordinal
    LIMIT 1`)
  const sumParts = db
    .prepare<{ file: string }, number>(
      'SELECT coalesce(sum(length(bytes)), 0) FROM citizen_case_document_part WHERE file = @file',
    )
    .pluck()
  const selectParts = db
    .prepare<{ file: string }, Buffer>('SELECT bytes FROM citizen_case_document_part WHERE file = @file ORDER BY first')
    .pluck()
  const insertPart = db.prepare(
    'INSERT INTO citizen_case_document_part (file, first, bytes) VALUES (@file, @first, @bytes)',
  )
  const deleteParts = db.prepare('DELETE FROM citizen_case_document_part WHERE file = @file')
  const insertFile = db.prepare(
    'INSERT INTO citizen_case_document_file (document, bytes) VALUES (@document, @bytes) ON CONFLICT DO NOTHING',
  )
  const selectFile = db
    .prepare<{ document: string }, Buffer>('SELECT bytes FROM citizen_case_document_file WHERE document = @document')
    .pluck()
  const dropFiles = (cases: string, given: string) =>
    [
      db.prepare(`
        DELETE FROM citizen_case_document_file
        WHERE document IN (SELECT id FROM citizen_case_document WHERE case_id IN (${cases}))`),
      db.prepare(`
        DELETE FROM citizen_case_document_part
        WHERE file IN (SELECT file FROM citizen_case_document WHERE case_id IN (${cases}))`),
    ].map((one) => (value: string | number) => void overwriting(db, () => one.run({ [given]: value })))
  const countEnded = db
    .prepare<{ before: number }, number>(`
      SELECT count(*)
      FROM citizen_case_document_file
      WHERE document IN (SELECT id FROM citizen_case_document WHERE case_id IN (${over}))`)
    .pluck()
  const ofCase = dropFiles('@id', 'id')
  const ofResident = dropFiles('SELECT id FROM citizen_case WHERE resident = @resident', 'resident')
  const ended = dropFiles(over, 'before')

  return {
    ofCase: (id: string) => selectOf.all({ id }),
    byId: (document: string): StoredDocument | null => selectOne.get({ document }) ?? null,
    next: (): StoredDocument | null => selectNext.get() ?? null,
    arrivedBytes: (file: string): number => sumParts.get({ file }) ?? 0,
    parts: (file: string): Buffer => Buffer.concat(selectParts.all({ file })),
    keepPart: (_tx: Tx, part: { file: string; first: number; bytes: Buffer }): void => void insertPart.run(part),
    dropParts: (_tx: Tx, file: string): void => void deleteParts.run({ file }),
    keepFile: (_tx: Tx, file: { document: string; bytes: Buffer }): void => void insertFile.run(file),
    file: (document: string): Buffer | null => selectFile.get({ document }) ?? null,
    dropOf(_tx: Tx, id: string): void {
      for (const drop of ofCase) drop(id)
    },
    dropOfResident(_tx: Tx, resident: string): void {
      for (const drop of ofResident) drop(resident)
    },
    /** Of applications that ended before then, ms since 1970 UTC. */
    countEnded: (before: number): number => countEnded.get({ before }) ?? 0,
    /** Answers how many went. */
    dropEnded(_tx: Tx, before: number): number {
      const count = countEnded.get({ before }) ?? 0
      for (const drop of ended) drop(before)
      return count
    },
  }
}

export type DocumentTables = ReturnType<typeof createDocumentTables>
