import { hash } from 'node:crypto'
import { openFacts } from './facts.ts'
import type { Db } from './store.ts'

type Noted = { steps: number; objects: Record<string, string> }

/**
 * The text of the schema is in the file as well, and `quick_check` believes it: a flipped byte there gives a column another
 * name, and the first statement that asks for it ends the start. So each object's text is noted when a step was made, and held
 * against it at every start. What somebody has added by hand is none of its business. Throws as SQLite does for a damaged file.
 */
export function checkSchema(db: Db): void {
  const facts = openFacts(db)
  const steps = db.prepare<[], number>('SELECT count(*) FROM migration').pluck().get() ?? 0
  const objects = readObjects(db)
  const noted = parse(facts.read('schema'))
  if (noted?.steps !== steps) {
    facts.write('schema', JSON.stringify({ steps, objects } satisfies Noted))
    return
  }
  const wrong = Object.keys(noted.objects).find((name) => noted.objects[name] !== objects[name])
  if (wrong !== undefined)
    throw Object.assign(new Error(`the schema of ${wrong} is not what it was`), { code: 'SQLITE_CORRUPT' })
}

/** Of each table, index and view the beginning of its text's SHA-256. SQLite's own have none. */
const readObjects = (db: Db): Record<string, string> =>
  Object.fromEntries(
    db
      .prepare<[], { name: string; sql: string }>('SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL')
      .all()
      .map(({ name, sql }) => [name, hash('sha256', sql, 'base64url').slice(0, 12)]),
  )

function parse(text: string | undefined): Noted | null {
  try {
    return text === undefined ? null : (JSON.parse(text) as Noted)
  } catch {
    return null // noted anew
  }
}
