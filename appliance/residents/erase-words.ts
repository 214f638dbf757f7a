import type { Db } from '../base/store/store.ts'
import { keysOf } from './name-key.ts'
import type { Person } from './person.ts'
import { type KeysOf, type Spelling, termsOf, variantsOf } from './search-terms.ts'

/** So many bearers of one key are looked at in one step. */
const page = 200

/**
 * Takes the spellings of people who were erased out of resident_spelling, as far as nobody else here has them. In the caller's
 * transaction, once their rows are out of the index.
 */
export function createWordErasure(db: Db): (people: readonly Person[]) => void {
  const selectWritten = db
    .prepare<{ match: string }, number>('SELECT rowid FROM resident_search WHERE resident_search MATCH @match LIMIT 1')
    .pluck()
  const selectBearers = db.prepare<{ match: string; row: number }, { row: number; person: string }>(`
    SELECT resident.row, resident.person
    FROM resident_search CROSS JOIN resident ON resident.row = resident_search.rowid
    WHERE resident_search MATCH @match AND resident_search.rowid > @row
    ORDER BY resident_search.rowid
    LIMIT ${page}`)
  const deleteSpelling = db.prepare<{ variant: string; key: string }>(
    'DELETE FROM resident_spelling WHERE variant = @variant AND key = @key',
  )

  /** What else is written with this key here; null: somebody has the word itself. */
  function othersOf([word, key]: Spelling, remembered: KeysOf): Set<string> | null {
    if (word !== '' && selectWritten.get({ match: quoted(`n${word}`) }) !== undefined) return null
    const others = new Set<string>()
    const match = ['k', 'm', 'f', 'a'].map((letter) => quoted(`${letter}${key}`)).join(' OR ')
    for (let row = 0; ; ) {
      const bearers = selectBearers.all({ match, row })
      for (const { person } of bearers)
        for (const [other, its] of termsOf(JSON.parse(person) as Person, remembered).spellings)
          if (its === key) others.add(other)
      if (others.has(word)) return null
      const last = bearers.at(-1)
      if (!last || bearers.length < page) return others
      row = last.row
    }
  }

  return (people) => {
    // Thousands may share a key, and have the same names.
    const known = new Map<string, string[]>()
    const remembered: KeysOf = (one) => {
      const keys = known.get(one) ?? keysOf(one)
      known.set(one, keys)
      return keys
    }
    const spellings = new Map(
      people.flatMap((person) => termsOf(person, remembered).spellings.map((one) => [one.join(' '), one] as const)),
    )
    for (const spelling of spellings.values()) {
      const [word, key] = spelling
      const others = othersOf(spelling, remembered)
      if (others === null) continue
      const kept = new Set([...others].flatMap(variantsOf))
      if (others.size > 0) for (const variant of variantsOf(key)) kept.add(variant)
      for (const variant of [word, ...variantsOf(word), ...variantsOf(key)])
        if (!kept.has(variant)) deleteSpelling.run({ variant, key })
    }
  }
}

/** A term as FTS5 reads it, whatever is in it. */
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`
