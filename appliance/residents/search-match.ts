import { addDays } from '../base/time.ts'
import { keysOf } from './name-key.ts'
import type { Asked, AskedWord } from './search-query.ts'
import type { Lookup } from './search-spelling.ts'

/*
 * A query as FTS5 is asked for it: terms of search-terms.ts, joined by AND and OR.
 */

/**
 * How leniently words are compared, step by step: a step is only taken while there is room in the answer. `joined`: words
 * typed as one, or one as two. `slipped`: slips in words that nobody has; `far`: in any word, and more of them.
 */
export const levels = ['exact', 'begun', 'sounding', 'joined', 'anywhere', 'slipped', 'far'] as const
export type Level = (typeof levels)[number]

/** So many keys, the nearest first, stand for a word that was typed with a slip. */
const mostSlips = { slipped: 5, far: 20 } as const

/** The words of a query as FTS5 is asked for them at one level; '': nothing is asked. */
export function matchOf(words: readonly AskedWord[], level: Level, fixed: readonly string[], lookup: Lookup): string {
  const ways = level === 'joined' ? otherwiseJoined(words, lookup) : [words]
  const matches = ways.map((some) => all([...fixed, ...some.map((word) => any(termsAt(word, level, lookup)))]))
  return any(matches.filter((match) => match !== ''))
}

/** Two neighbours typed apart may be one word, and one word two: Nur Hayati, Nurhayati. */
function otherwiseJoined(words: readonly AskedWord[], lookup: Lookup): AskedWord[][] {
  if (words.length > 4) return []
  return words.flatMap((word, at) => {
    if (word.field !== 'any') return []
    const others = (some: readonly AskedWord[], after: number) => [
      ...words.slice(0, at),
      ...some,
      ...words.slice(after),
    ]
    const apart = lookup.splits(word).map((two) => others(two, at + 1))
    const next = words[at + 1]
    if (next?.field !== 'any' || word.plain.length + next.plain.length > 24) return apart
    const one = { ...next, text: word.text + next.text, plain: word.plain + next.plain }
    return lookup.known(one) ? [...apart, others([one], at + 2)] : apart
  })
}

function termsAt(word: AskedWord, level: Level, lookup: Lookup): string[] {
  const { field, plain, text, unfinished } = word
  const at = levels.indexOf(level)
  const since = (first: Level, terms: () => string[]) => (at >= levels.indexOf(first) ? terms() : [])
  const sounding = (letter: string) => keysOf(text).map((key) => letter + key)
  const begun = (letter: string) => keysOf(text, 'unfinished').map((key) => `${letter}${key}*`)
  const slipped = (letters: readonly string[]) => {
    if (at < levels.indexOf('slipped') || (level === 'slipped' && lookup.known(word))) return []
    const slips = lookup.slips(word).slice(0, level === 'slipped' ? mostSlips.slipped : mostSlips.far)
    return slips.flatMap((key) => letters.map((letter) => letter + key))
  }
  // Names are cut short when they are typed, but long ones are not.
  const mayBegin = plain.length > 1 && (unfinished || plain.length < 6)
  const named = () => [
    `n${plain}`,
    ...(plain.length === 1 ? [`n${plain}*`] : []),
    ...since('begun', () => (unfinished ? [`n${plain}*`] : [])),
    ...since('sounding', () => [...sounding('k'), ...(mayBegin ? begun('k') : [])]),
  ]
  const elsewhere = (letters: readonly string[]) => [
    ...letters.flatMap(sounding),
    ...since('begun', () => (unfinished && plain.length > 1 ? letters.flatMap(begun) : [])),
    // Beside a name it is the name that has the slip, before all else.
    ...(field === 'any' && level !== 'far' ? [] : slipped(letters)),
  ]
  if (field === 'any') return [...named(), ...since('anywhere', () => elsewhere(['a', 'm', 'f'])), ...slipped(['k'])]
  if (field === 'name-or-father') return [...named(), ...since('sounding', () => elsewhere(['f'])), ...slipped(['k'])]
  return elsewhere(lettersOf[field])
}

const lettersOf: Readonly<Record<Exclude<AskedWord['field'], 'any' | 'name-or-father'>, readonly string[]>> = {
  mother: ['m'],
  father: ['f'],
  place: ['a'],
  'mother-or-place': ['m', 'a'],
  'father-or-place': ['f', 'a'],
}

// Terms are ASCII letters and digits, so that none of them is a word of FTS5's own.
const any = (terms: readonly string[]): string => {
  const some = [...new Set(terms)]
  return some.length > 1 ? `(${some.join(' OR ')})` : (some[0] ?? '')
}
export const all = (terms: readonly string[]): string => (terms.includes('') ? '' : terms.join(' AND '))

/** The birth dates of an age, or of `spread` years around it. */
export function spanOf({ age, birthDate }: Asked, today: string, spread: number): { from: string; to: string } | null {
  if (birthDate !== null) return { from: birthDate, to: birthDate }
  if (age === null) return null
  const yearsAgo = (years: number) => `${String(Number(today.slice(0, 4)) - years).padStart(4, '0')}${today.slice(4)}`
  const dayAfter = (day: string) => (Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : addDays(day, 1))
  return { from: dayAfter(yearsAgo(age + spread + 1)), to: yearsAgo(age - spread) }
}

/** What everybody in the answer has, whatever the words. */
export function fixedTerms({ rt, rw, endings }: Asked, span: { from: string; to: string } | null): string[] {
  const years: string[] = []
  if (span)
    for (let year = Number(span.from.slice(0, 4)); year <= Number(span.to.slice(0, 4)); year++) years.push(`y${year}`)
  return [
    ...(rt ? [`t${rt}`] : []),
    ...(rw ? [`u${rw}`] : []),
    ...(years.length > 0 ? [any(years)] : []),
    ...endings.map((digits) => {
      const last = digits.slice(-4)
      return any([`e${last}`, `g${last}`, ...(digits.length === 4 ? [`y${last}`] : [])])
    }),
  ]
}

/** Of a longer ending all digits are compared. */
export const endingOf = ({ endings }: Asked): string | null => {
  const long = endings.find(({ length }) => length > 4)
  return long === undefined ? null : `%${long}`
}
