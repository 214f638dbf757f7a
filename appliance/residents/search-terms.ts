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

export type KeysOf = (word: string) => readonly string[]

export const nameKeys = (name: string, keysOf: KeysOf): string[] => unique(nameParts(name).flatMap(keysOf))

export const relativeKeys = (name: string | undefined, keysOf: KeysOf): string[] =>
  unique(partsOf(name).flatMap(keysOf))

export const placeKeys = (person: Person, keysOf: KeysOf): string[] => unique(placesOf(person).flatMap(keysOf))

/** Alive and living here, as far as is known: nobody said anything, or 1. */
export const isHere = ({ status }: Person): boolean => status === undefined || status === 1

/** A word as written and one of its keys. */
export type Spelling = readonly [word: string, key: string]

/**
 * The terms of somebody, and the spellings in which slips of the fingers are looked for. `keysOf`: that of name-key.ts,
 * which may remember.
 */
export function termsOf(person: Person, keysOf: KeysOf): { terms: string[]; spellings: Spelling[] } {
  const { nik, kk, rt, rw, birthDate } = person
  const written = nameWords(person.name)
  const parts = written.flatMap(splitAbdul)
  const mother = partsOf(person.motherName)
  const father = partsOf(person.fatherName)
  const place = placesOf(person)
  const marked = (letter: string, words: readonly string[]) => words.map((word) => `${letter}${word}`)
  const keyed = (letter: string, words: readonly string[]) => marked(letter, unique(words.flatMap(keysOf)))
  const terms = [
    ...marked('n', unique([...written, ...parts].map(plain))),
    ...(parts.length === 1 ? marked('o', parts.map(plain)) : []),
    ...[...keyed('k', parts), ...keyed('m', mother), ...keyed('f', father), ...keyed('a', place)],
    ...(rt ? marked('t', [number(rt)]) : []),
    ...(rw ? marked('u', [number(rw)]) : []),
    ...(birthDate ? [`y${birthDate.slice(0, 4)}`] : []),
    ...(nik ? [`e${nik.slice(-4)}`] : []),
    ...(kk ? [`g${kk.slice(-4)}`] : []),
    ...(isHere(person) ? [] : ['z']),
  ]
  const words = unique([...parts, ...mother, ...father, ...place])
  return { terms, spellings: words.flatMap((word) => keysOf(word).map((key) => [plain(word), key] as const)) }
}

const partsOf = (name: string | undefined): string[] => (name === undefined ? [] : nameParts(name))

const placesOf = ({ hamlet, address, currentAddress }: Person): string[] =>
  unique([hamlet, address, currentAddress].flatMap((text) => (text ? placeWords(text) : [])))

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

/** Under what slips of the fingers meet: a word or key, and it without any one letter. Short ones have no others. */
export const variantsOf = (word: string): string[] =>
  word.length < 4 ? [word] : unique([word, ...[...word].map((_, at) => word.slice(0, at) + word.slice(at + 1))])

const unique = (words: readonly string[]): string[] => [...new Set(words)]
