import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'
import { sha256Text } from '../wire/hash.ts'

/** A photo as it goes to an agency. */
export type SentPhoto = { file: string; photo: string; case: string; recipient: string; size: number; bytes: Buffer }

/** Photos on their way to agencies. */
export function createSentPhotos(db: Db) {
  const insert = db.prepare(`
    INSERT INTO citizen_case_photo_sent (file, photo, case_id, recipient, size, bytes)
    VALUES (@file, @photo, @case, @recipient, @size, @bytes)`)
  const selectOf = db.prepare<
    { id: string },
    { file: string; photo: string; recipient: string; size: number; sentAt: number | null; isThere: 0 | 1 }
  >(`
    SELECT file, photo, recipient, size, sent_at AS sentAt, sent_at IS NOT NULL OR bytes IS NOT NULL AS isThere
    FROM citizen_case_photo_sent
    WHERE case_id = @id`)
  // What waits for an agency that still works on it, the oldest application first.
  const waiting = `
    SELECT file, size
    FROM citizen_case_photo_sent p INDEXED BY citizen_case_photo_sent_open
    JOIN citizen_case one ON one.id = p.case_id
    WHERE sent_at IS NULL AND bytes IS NOT NULL AND one.state IN ('relayed', 'received', 'papers', 'working')
    ORDER BY one.state_row, p.rowid`
  const selectWaiting = db.prepare<[], { file: string; size: number }>(waiting)
  const selectNext = db.prepare<[], { file: string; size: number }>(`${waiting} LIMIT 1`)
  const selectBytes = db
    .prepare<{ file: string }, Buffer | null>('SELECT bytes FROM citizen_case_photo_sent WHERE file = @file')
    .pluck()
  const markSent = db.prepare(
    'UPDATE citizen_case_photo_sent SET sent_at = @at, bytes = NULL WHERE file = @file AND sent_at IS NULL',
  )
  const drop = db.prepare('DELETE FROM citizen_case_photo_sent WHERE file = @file')
  const dropOfPhoto = db.prepare('DELETE FROM citizen_case_photo_sent WHERE photo = @photo AND sent_at IS NULL')
  const dropOf = db.prepare('DELETE FROM citizen_case_photo_sent WHERE case_id = @id')
  const dropOfResident = db.prepare(`
    DELETE FROM citizen_case_photo_sent
    WHERE case_id IN (SELECT id FROM citizen_case WHERE resident = @resident)`)
  const dropEnded = db.prepare(`
    DELETE FROM citizen_case_photo_sent
    WHERE case_id IN (SELECT id FROM citizen_case WHERE state IN ('closed', 'withdrawn', 'refused'))`)

  return {
    keep: (_tx: Tx, photo: SentPhoto): void => void insert.run(photo),
    /** Of a case, whether they have gone or still wait. */
    ofCase: (id: string) => selectOf.all({ id }),
    /** What shall go next; one that has changed on the card is none any more, and goes with the next relaying. */
    next(): { file: string; size: number } | null {
      for (let found = selectNext.get(); found; found = selectNext.get()) {
        const { file } = found
        const bytes = selectBytes.get({ file })
        if (bytes && sha256Text(bytes) === file) return found
        drop.run({ file })
      }
      return null
    },
    waiting: () => selectWaiting.all(),
    read: (file: string, from: number, most: number): Buffer | null =>
      selectBytes.get({ file })?.subarray(from, from + most) ?? null,
    /** The hub has it whole. `at`: ms since 1970 UTC. */
    markSent: (tx: Tx, file: string): void => overwriting(db, () => void markSent.run({ file, at: tx.now.at })),
    dropOfPhoto: (_tx: Tx, photo: string): void => overwriting(db, () => void dropOfPhoto.run({ photo })),
    dropOf: (_tx: Tx, id: string): void => overwriting(db, () => void dropOf.run({ id })),
    dropOfResident: (_tx: Tx, resident: string): void => overwriting(db, () => void dropOfResident.run({ resident })),
    dropEnded: (_tx: Tx): void => overwriting(db, () => void dropEnded.run()),
  }
}

export type SentPhotos = ReturnType<typeof createSentPhotos>
