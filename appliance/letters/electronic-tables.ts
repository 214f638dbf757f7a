import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'

/** By which the box comes to the service, and the NIK by which that one knows each signatory. */
export type ElectronicSecret = { user: string; password: string; niks: Readonly<Record<string, string>> }

/** Who signs electronically by which service, and what was signed so. */
export function createElectronicTables(db: Db) {
  const select = db.prepare<[], { address: string | null; signers: string }>(
    'SELECT address, signers FROM letter_electronic',
  )
  const selectSecret = db.prepare<[], { user: string; password: string; niks: string }>(
    'SELECT user, password, niks FROM letter_electronic_secret',
  )
  const upsertSecret = db.prepare(`
    INSERT INTO letter_electronic_secret (one, user, password, niks) VALUES (1, @user, @password, @niks)
    ON CONFLICT (one) DO UPDATE SET user = excluded.user, password = excluded.password, niks = excluded.niks`)
  const deleteSecret = db.prepare('DELETE FROM letter_electronic_secret')
  const selectFile = db
    .prepare<{ letter: string }, Buffer>('SELECT bytes FROM letter_signed_file WHERE letter = @letter')
    .pluck()
  const hasFile = db
    .prepare<{ letter: string }, number>('SELECT 1 FROM letter_signed_file WHERE letter = @letter')
    .pluck()
  const insertFile = db.prepare(`
    INSERT INTO letter_signed_file (letter, bytes) VALUES (@letter, @bytes)
    ON CONFLICT (letter) DO UPDATE SET bytes = excluded.bytes`)

  return {
    /** Null: nobody signs electronically. */
    set(): { address: string; signers: string[] } | null {
      const { address = null, signers = '[]' } = select.get() ?? {}
      return address === null ? null : { address, signers: JSON.parse(signers) as string[] }
    },
    /** Null: there is none, or it did not come back with a rebuild. */
    secret(): ElectronicSecret | null {
      const found = selectSecret.get()
      return found ? { ...found, niks: JSON.parse(found.niks) as Record<string, string> } : null
    },
    /** Null: the box forgets it. */
    keepSecret(_tx: Tx, secret: ElectronicSecret | null): void {
      overwriting(db, () =>
        secret ? upsertSecret.run({ ...secret, niks: JSON.stringify(secret.niks) }) : deleteSecret.run(),
      )
    },
    file: (letter: string): Buffer | null => selectFile.get({ letter }) ?? null,
    hasFile: (letter: string): boolean => hasFile.get({ letter }) !== undefined,
    keepFile: (_tx: Tx, file: { letter: string; bytes: Buffer }): void => void insertFile.run(file),
  }
}
