import { createHmac, randomBytes } from 'node:crypto'
import { openFacts } from '../base/store/facts.ts'
import type { Db, Tx } from '../base/store/store.ts'
import { plainName } from './merge.ts'
import type { PersonFields } from './person.ts'

/** `at`: ms since 1970 UTC. */
export type Gone = { at: number; why: 'erased' | 'ended' }

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
    `INSERT INTO resident_erased_mark (mark, at, ended) VALUES (@mark, @at, @ended)
     ON CONFLICT (mark) DO UPDATE SET at = excluded.at, ended = min(ended, excluded.ended)`,
  )
  const select = db.prepare<{ mark: Buffer }, { at: number; ended: 0 | 1 }>(
    'SELECT at, ended FROM resident_erased_mark WHERE mark = @mark',
  )

  const marksOf = (key: string, person: PersonFields): Buffer[] =>
    namesOf(person).map((text) => createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest())

  return {
    /** `why`: a person said so, or what is kept of the dead and of those who moved away had been kept long enough. */
    remember(tx: Tx, person: PersonFields, why: Gone['why']): void {
      const known = facts.read(keyFact)
      const key = known ?? randomBytes(32).toString('base64url')
      if (known === undefined) facts.write(keyFact, key)
      for (const mark of marksOf(key, person)) insert.run({ mark, at: tx.now.at, ended: why === 'ended' ? 1 : 0 })
    },
    /** When and how whom a row of a file names went; null: never. */
    find(said: PersonFields): Gone | null {
      const key = facts.read(keyFact)
      if (key === undefined) return null
      const found = marksOf(key, said).flatMap((mark) => select.get({ mark }) ?? [])
      const [newest] = found.sort((one, other) => one.ended - other.ended || other.at - one.at)
      return newest ? { at: newest.at, why: newest.ended === 1 ? 'ended' : 'erased' } : null
    },
  }
}

/** As people are known at all: by the NIK, or by name, birthplace and birth date. */
const namesOf = ({ nik, name, birthDate, birthPlace }: PersonFields): string[] => [
  ...(nik ? [`nik ${nik}`] : []),
  ...(name && birthDate && birthPlace ? [`birth ${birthDate} ${plainName(birthPlace)} ${plainName(name)}`] : []),
]
