import { distance } from 'fastest-levenshtein'
import { keysOf } from './name-key.ts'
import type { Person } from './person.ts'
import type { AskedWord } from './search-query.ts'
import { isHere, type KeysOf, nameKeys, nameParts, placeKeys, plain, relativeKeys } from './search-terms.ts'

/** One answer. `row`: of the table; `resident`: the id for ever; `by`: what it was found by, a name before all else. */
export type Found = {
  row: number
  resident: string
  person: Person
  by: 'name' | 'nik' | 'kk' | 'tag' | 'mother' | 'father' | 'address' | 'birth'
}

/** How far a word may be from every word of a name and still be compared with it, in letters. */
const farthest = 3

/**
 * Those of one step of the search in order: who lives here, then the fewer letters differ and the fewer words are left over,
 * the sooner. `keysOf`: that of name-key.ts, which may remember.
 */
export function rankByName<T extends { row: number; person: Person }>(
  rows: T[],
  words: readonly AskedWord[],
  keysOf: KeysOf,
): T[] {
  const named = words.filter(({ field }) => field === 'any' || field === 'name-or-father')
  const keys = named.map(({ text }) => keysOf(text))
  const scored = rows.map((one) => ({ one, score: scoreOf(nameParts(one.person.name), named, keys, keysOf) }))
  scored.sort(
    (a, b) =>
      Number(isHere(b.one.person)) - Number(isHere(a.one.person)) ||
      a.score - b.score ||
      compare(a.one.person.name, b.one.person.name) ||
      compare(a.one.person.birthDate ?? '', b.one.person.birthDate ?? '') ||
      a.one.row - b.one.row,
  )
  return scored.map(({ one }) => one)
}

/** What only sounds alike is so far from what was typed, however it is written: Moh. is Muhammad. */
const soundingFar = 0.3

/**
 * Letters that differ; a letter that was not typed yet is a fifth, a word left over a half, another order a twentieth. So who
 * has the whole name in another spelling comes before who has one name more.
 */
function scoreOf(
  parts: readonly string[],
  words: readonly AskedWord[],
  keys: readonly (readonly string[])[],
  keysOf: KeysOf,
): number {
  let score = 0
  let met = 0
  let before = -1
  for (const [index, { plain: word, unfinished }] of words.entries()) {
    let least: number = farthest
    let place = -1
    for (const [at, written] of parts.entries()) {
      const part = plain(written)
      const untyped = unfinished ? Math.max(0, part.length - word.length) : 0
      const whole = slipsBetween(word, part)
      let far =
        untyped > 0 ? Math.min(whole, slipsBetween(word, part.slice(0, word.length)) + Math.min(untyped, 4) / 5) : whole
      if (far > soundingFar && keysOf(written).some((key) => keys[index]?.includes(key))) far = soundingFar
      if (far >= least) continue
      least = far
      place = at
    }
    score += least
    if (place < 0) continue
    met += 1
    if (place < before) score += 0.05
    before = place
  }
  return score + Math.max(0, parts.length - met) / 2
}

/** Letters that differ; two that are only swapped count once. The first letter is rarely wrong, so it counts for more. */
export const slipsBetween = (a: string, b: string): number => {
  if (a === b) return 0
  const far = distance(a, b)
  const swapped = far === 2 && a.length === b.length && [...a].sort().join('') === [...b].sort().join('')
  return (swapped ? 1 : far) + (a[0] === b[0] ? 0 : 0.6)
}

const compare = (a: string, b: string): number => {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/**
 * What a person was found by: the name if any word met it, else the first field that did. `slipsOf`: keys that a word may
 * have been meant to have.
 */
export function foundBy(
  person: Person,
  words: readonly AskedWord[],
  slipsOf: (word: AskedWord) => readonly string[],
): Found['by'] {
  const name = nameKeys(person.name, keysOf)
  const meets = (some: readonly AskedWord[], keys: readonly string[]) =>
    some.some((word) => meetsKey(word, keys, slipsOf))
  const named = words.filter(({ field }) => field === 'any' || field === 'name-or-father')
  if (words.length === 0 || meets(named, name)) return 'name'
  const place = placeKeys(person, keysOf)
  const others = words.filter((word) => !meets([word], place))
  if (others.length === 0) return 'address'
  return meets(others, relativeKeys(person.motherName, keysOf)) ? 'mother' : 'father'
}

function meetsKey(word: AskedWord, keys: readonly string[], slipsOf: (word: AskedWord) => readonly string[]): boolean {
  if (keysOf(word.text).some((key) => keys.includes(key))) return true
  const begun = word.plain.length > 1 ? keysOf(word.text, 'unfinished') : []
  if (begun.some((beginning) => keys.some((key) => key.startsWith(beginning)))) return true
  return slipsOf(word).some((key) => keys.includes(key))
}
