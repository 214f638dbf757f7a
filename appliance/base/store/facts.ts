import type { Db } from './store.ts'

/** What a box remembers by name beside its journal. Whatever is written goes into the caller's transaction. */
export function openFacts(db: Db) {
  const select = db.prepare<{ name: string }, string>('SELECT value FROM fact WHERE name = @name').pluck()
  const upsert = db.prepare(
    'INSERT INTO fact (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const remove = db.prepare('DELETE FROM fact WHERE name = @name')
  return {
    read: (name: string): string | undefined => select.get({ name }),
    write: (name: string, value: string): void => void upsert.run({ name, value }),
    forget: (name: string): void => void remove.run({ name }),
  }
}
