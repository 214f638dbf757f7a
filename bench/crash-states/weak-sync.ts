import Database from 'better-sqlite3'

/*
 * Loaded before the box by a test only: the box asks for `synchronous = FULL`, gets NORMAL, and is told that it has
 * FULL. With it a power cut takes back what a citizen was told (F03), and the test must notice.
 */

const pragma = Database.prototype.pragma
Database.prototype.pragma = function weaken(this: Database.Database, source: string, options?: Database.PragmaOptions) {
  if (source === 'synchronous = FULL') return pragma.call(this, 'synchronous = NORMAL', options)
  return source === 'synchronous' ? 2 : pragma.call(this, source, options)
}
