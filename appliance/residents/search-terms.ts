import { nameWords, placeWords, splitAbdul } from './name-words.ts'
import type { Person } from './person.ts'

/*
 * The terms by which the index knows somebody. Each begins with a letter that says what it is:
 *
 *   n  a word of the name as written      k  its key (name-key.ts)      o  the word, if the name has no other
 *   m  a key of the mother's name         f  of the father's            a  of hamlet and address
 *   t  RT      u  RW      y  year of birth      e  last four digits of the NIK      g  of the KK
 *   z  dead, moved, or not here for another reason
 */

/** What follows a title or the like is no part of the words: M.SOLEH is M and SOLEH. */
export const plain = (word: string): string => word.replaceAll("'", '')

/** Words of a name as they are compared: Abdurrahman is Abdul Rahman. */
export const nameParts = (name: string): string[] => nameWords(name).flatMap(splitAbdul)

/** Two words that are often written as one, and so the other way round: Nur Hayati, Abdul Rahman. */
const joins = (first: string, second: string): boolean => first.length < 6 || second.length < 6

export type KeysOf = (word: string) => readonly string[]

/** The keys of a name's words, and of neighbours that are one word for others. */
export const nameKeys = (parts: readonly string[], keysOf: KeysOf): { own: string[]; pairs: string[] } => {
  const pairs = parts.slice(1).flatMap((part, at) => {
    const before = parts[at] ?? ''
    return joins(before, part) ? [before + part] : []
  })
  return { own: unique(parts.flatMap(keysOf)), pairs: unique(pairs.flatMap(keysOf)) }
}

export const relativeKeys = (name: string | undefined, keysOf: KeysOf): string[] =>
  name === undefined ? [] : unique(nameParts(name).flatMap(keysOf))

export const placeKeys = ({ hamlet, address, currentAddress }: Person, keysOf: KeysOf): string[] =>
  unique([hamlet, address, currentAddress].flatMap((text) => (text ? placeWords(text) : [])).flatMap(keysOf))

/** Alive and living here, as far as is known: nobody said anything, or 1. */
export const isHere = ({ status }: Person): boolean => status === undefined || status === 1

/**
 * The terms of somebody, and the keys among them in which slips of the fingers are looked for. `keysOf`: that of name-key.ts,
 * which may remember.
 */
export function termsOf(person: Person, keysOf: KeysOf): { terms: string[]; keys: string[] } {
  const { nik, kk, rt, rw, birthDate } = person
  const written = nameWords(person.name)
  const parts = written.flatMap(splitAbdul)
  const { own, pairs } = nameKeys(parts, keysOf)
  const mother = relativeKeys(person.motherName, keysOf)
  const father = relativeKeys(person.fatherName, keysOf)
  const place = placeKeys(person, keysOf)
  const marked = (letter: string, words: readonly string[]) => words.map((word) => `${letter}${word}`)
  const terms = [
    ...marked('n', unique([...written, ...parts].map(plain))),
    ...(parts.length === 1 ? marked('o', parts.map(plain)) : []),
    ...[
      ...marked('k', own),
      ...marked('k', pairs),
      ...marked('m', mother),
      ...marked('f', father),
      ...marked('a', place),
    ],
    ...(rt ? marked('t', [number(rt)]) : []),
    ...(rw ? marked('u', [number(rw)]) : []),
    ...(birthDate ? [`y${birthDate.slice(0, 4)}`] : []),
    ...(nik ? [`e${nik.slice(-4)}`] : []),
    ...(kk ? [`g${kk.slice(-4)}`] : []),
    ...(isHere(person) ? [] : ['z']),
  ]
  return { terms, keys: unique([...own, ...mother, ...father, ...place]) }
}

/** 003 and 3 are the same RT. */
export const number = (text: string): string =>
  plain(text)
    .replace(/^0+(?=\d)/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

/** What is typed as it stands, and finds by a look. */
export const codesOf = ({ nik, kk, tag }: Person): string[] => [
  ...(nik ? [`n${backwards(nik)}`] : []),
  ...(kk ? [`k${backwards(kk)}`] : []),
  ...(tag ? [`t${tagCode(tag)}`] : []),
]

export const backwards = (digits: string): string => [...digits].reverse().join('')

/** Readers differ in capitals and in what stands between the bytes. */
export const tagCode = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

/** A key under which slips of the fingers meet: itself, and itself without any one letter. Short ones have no others. */
export const variantsOf = (key: string): string[] =>
  key.length < 4 ? [key] : unique([key, ...[...key].map((_, at) => key.slice(0, at) + key.slice(at + 1))])

const unique = (words: readonly string[]): string[] => [...new Set(words)]
