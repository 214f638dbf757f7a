import type { Db } from '../store/store.ts'
import type { journalEvents } from './events.ts'
import type { Projection } from './folding.ts'

/**
 * What `journal.private-erased` does here: the names stay, as a set for parts that come later, and the parts go, sealed
 * and in clear. Pages that they leave are overwritten. Hashes stay, and so does the chain.
 */
export function createErasure(db: Db): Projection<typeof journalEvents> {
  const insertErased = db.prepare('INSERT INTO erased (name) VALUES (@name) ON CONFLICT (name) DO NOTHING')
  const selectRow = db.prepare<{ name: Buffer }, number>('SELECT row FROM entry WHERE name = @name').pluck()
  const deleteSealed = db.prepare('DELETE FROM sealed WHERE row = @row')
  const clearPrivate = db.prepare('UPDATE entry SET private = NULL WHERE row = @row')

  return {
    'journal.private-erased'(_tx, { data }) {
      db.pragma('secure_delete = ON')
      for (const text of data.names) {
        const name = Buffer.from(text, 'base64url')
        insertErased.run({ name })
        const row = selectRow.get({ name })
        if (row === undefined) continue
        deleteSealed.run({ row })
        clearPrivate.run({ row })
      }
      db.pragma('secure_delete = OFF')
    },
  }
}
