import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'

/** As it lies in the store. `isHere` 0: its picture is not in this box any more. */
export type StoredPhoto = {
  photo: string
  ordinal: number
  case: string
  paper: string | null
  hash: string
  byPhone: 0 | 1
  at: number
  isHere: 0 | 1
}

const columns = `
  id AS photo, ordinal, case_id AS "case", paper, hash, by_phone AS byPhone, taken_at AS at,
  EXISTS (SELECT 1 FROM citizen_case_photo_file f WHERE f.hash = p.hash) AS isHere`

/** So many pictures go in one transaction. */
const slice = 20

/** Photos of papers, and their pictures. */
export function createPhotoTables(db: Db) {
  const selectOf = db.prepare<{ id: string }, StoredPhoto>(
    `SELECT ${columns} FROM citizen_case_photo p WHERE case_id = @id ORDER BY ordinal`,
  )
  const selectOne = db.prepare<{ photo: string }, StoredPhoto>(
    `SELECT ${columns} FROM citizen_case_photo p WHERE id = @photo`,
  )
  const selectFile = db
    .prepare<{ hash: string }, Buffer>('SELECT bytes FROM citizen_case_photo_file WHERE hash = @hash')
    .pluck()
  const insertFile = db.prepare(
    'INSERT INTO citizen_case_photo_file (hash, bytes) VALUES (@hash, @bytes) ON CONFLICT DO NOTHING',
  )
  const deleteUnused = db.prepare(`
    DELETE FROM citizen_case_photo_file
    WHERE hash = @hash AND NOT EXISTS (SELECT 1 FROM citizen_case_photo p WHERE p.hash = @hash)`)
  const deleteOf = db.prepare(`
    DELETE FROM citizen_case_photo_file
    WHERE hash IN (SELECT hash FROM citizen_case_photo WHERE case_id = @id)`)
  const deleteOfResident = db.prepare(`
    DELETE FROM citizen_case_photo_file
    WHERE hash IN (
      SELECT hash FROM citizen_case one JOIN citizen_case_photo p ON p.case_id = one.id WHERE one.resident = @resident)`)
  const ended = `
    FROM citizen_case_photo_file JOIN citizen_case_photo p USING (hash) JOIN citizen_case one ON one.id = p.case_id
    WHERE one.state IN ('closed', 'withdrawn', 'refused') AND one.state_at < @before`
  const countEnded = db.prepare<{ before: number }, number>(`SELECT count(DISTINCT hash) ${ended}`).pluck()
  const selectEnded = db.prepare<{ before: number }, string>(`SELECT DISTINCT hash ${ended} LIMIT ${slice}`).pluck()
  const deleteFile = db.prepare('DELETE FROM citizen_case_photo_file WHERE hash = @hash')

  return {
    ofCase: (id: string) => selectOf.all({ id }),
    byId: (photo: string): StoredPhoto | null => selectOne.get({ photo }) ?? null,
    file: (hash: string): Buffer | null => selectFile.get({ hash }) ?? null,
    keepFile: (_tx: Tx, file: { hash: string; bytes: Buffer }): void => void insertFile.run(file),
    /** Once no case has it. */
    dropFile: (_tx: Tx, hash: string): void => overwriting(db, () => void deleteUnused.run({ hash })),
    dropFilesOf: (_tx: Tx, id: string): void => overwriting(db, () => void deleteOf.run({ id })),
    dropFilesOfResident: (_tx: Tx, resident: string): void =>
      overwriting(db, () => void deleteOfResident.run({ resident })),
    /** Of cases that ended before then, ms since 1970 UTC. */
    countEnded: (before: number): number => countEnded.get({ before }) ?? 0,
    /** A slice of them; answers how many. */
    dropEnded(_tx: Tx, before: number): number {
      const hashes = selectEnded.all({ before })
      overwriting(db, () => {
        for (const hash of hashes) deleteFile.run({ hash })
      })
      return hashes.length
    },
  }
}

export type PhotoTables = ReturnType<typeof createPhotoTables>
