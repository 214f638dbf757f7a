import type { Db, Tx } from '../base/store/store.ts'

export type ArmsFile = { hash: string; kind: 'image/png' | 'image/jpeg'; bytes: Buffer }

/** The picture on letterheads, and which one it has to be. */
export function createArmsTable(db: Db) {
  const selectSet = db.prepare<[], { hash: string; at: number; actor: string }>(
    'SELECT hash, at, actor FROM letter_arms',
  )
  const selectFile = db.prepare<[], ArmsFile>(
    'SELECT hash, kind, bytes FROM letter_arms_file JOIN letter_arms USING (hash)',
  )
  const insertFile = db.prepare(`
    INSERT INTO letter_arms_file (hash, kind, bytes) VALUES (@hash, @kind, @bytes)
    ON CONFLICT (hash) DO NOTHING`)
  const deleteOthers = db.prepare('DELETE FROM letter_arms_file WHERE hash IS NOT @hash')
  return {
    set: () => selectSet.get() ?? null,
    file: (): ArmsFile | null => selectFile.get() ?? null,
    keepFile: (_tx: Tx, file: ArmsFile): void => void insertFile.run(file),
    dropOthers: (_tx: Tx, hash: string | null): void => void deleteOthers.run({ hash }),
  }
}
