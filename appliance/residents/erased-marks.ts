import { createHmac, randomBytes } from 'node:crypto'
import { openFacts } from '../base/store/facts.ts'
import type { Db, Tx } from '../base/store/store.ts'
import { plainName } from './merge.ts'
import type { PersonFields } from './person.ts'

export type ErasedMarks = ReturnType<typeof createErasedMarks>

const keyFact = 'residents-erased-key'

/**
 * By what somebody who was erased is known when a file brings them again: HMAC-SHA-256 under a key of this box. The key is in
 * the same database, so that a box that comes back from a backup still knows them: whoever has the database can try every
 * NIK there is and learn that one was erased, and nothing else of that person.
 */
export function createErasedMarks(db: Db) {
  const facts = openFacts(db)
  const insert = db.prepare(
    'INSERT INTO resident_erased_mark (mark, at) VALUES (@mark, @at) ON CONFLICT (mark) DO UPDATE SET at = excluded.at',
  )
  const select = db.prepare<{ mark: Buffer }, number>('SELECT at FROM resident_erased_mark WHERE mark = @mark').pluck()

  const marksOf = (key: string, person: PersonFields): Buffer[] =>
    namesOf(person).map((text) => createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest())

  return {
    remember(tx: Tx, person: PersonFields): void {
      const known = facts.read(keyFact)
      const key = known ?? randomBytes(32).toString('base64url')
      if (known === undefined) facts.write(keyFact, key)
      for (const mark of marksOf(key, person)) insert.run({ mark, at: tx.now.at })
    },
    /** When whom a row of a file names was erased, ms since 1970 UTC; null: never here. */
    find(said: PersonFields): number | null {
      const key = facts.read(keyFact)
      if (key === undefined) return null
      const found = marksOf(key, said).flatMap((mark) => select.get({ mark }) ?? [])
      return found.length === 0 ? null : Math.max(...found)
    },
  }
}

/** As people are known at all: by the NIK, or by name, birthplace and birth date. */
const namesOf = ({ nik, name, birthDate, birthPlace }: PersonFields): string[] => [
  ...(nik ? [`nik ${nik}`] : []),
  ...(name && birthDate && birthPlace ? [`birth ${birthDate} ${plainName(birthPlace)} ${plainName(name)}`] : []),
]
