import { overwriting } from '../store/overwriting.ts'
import type { Db } from '../store/store.ts'
import type { journalEvents } from './events.ts'
import type { Projection } from './folding.ts'

/**
 * What `journal.private-erased` does here: the names stay, as a set for parts that come later, and the parts go, sealed
 * and in clear. Hashes stay, and so does the chain.
 */
export function createErasure(db: Db): Projection<typeof journalEvents> {
  const insertErased = db.prepare('INSERT INTO erased (name) VALUES (@name) ON CONFLICT (name) DO NOTHING')
  // A row that was set aside as damaged gave its name up, and may still hold the part.
  const selectRows = db
    .prepare<{ name: Buffer }, number>(
      'SELECT row FROM entry WHERE name = @name UNION SELECT row FROM damaged WHERE name = @name',
    )
    .pluck()
  const removeParts = createPartRemoval(db)

  return {
    'journal.private-erased'(_tx, { data }) {
      const names = data.names.map((text) => Buffer.from(text, 'base64url'))
      for (const name of names) insertErased.run({ name })
      removeParts(names.flatMap((name) => selectRows.all({ name })))
    },
  }
}

/** Takes the private parts of these rows away, sealed and in clear; pages that they leave are overwritten. In the caller's transaction. */
export function createPartRemoval(db: Db): (rows: readonly number[]) => void {
  const deleteSealed = db.prepare('DELETE FROM sealed WHERE row = @row')
  const clearPrivate = db.prepare('UPDATE entry SET private = NULL WHERE row = @row')

  return (rows) =>
    overwriting(db, () => {
      for (const row of rows) {
        deleteSealed.run({ row })
        clearPrivate.run({ row })
      }
    })
}
