import { isPlaceKind, isTitle, nameWords, splitAbdul, splitWords } from './name-words.ts'
import { number, plain } from './search-terms.ts'

/*
 * What somebody typed into the one field, read by its form: Slamet krajan rt 2, siti ibu aminah, 45 th, 3/2, 0312.
 */

/** Where a word is looked for. `any`: a name, else a place or a parent. */
export type Field = 'any' | 'mother' | 'father' | 'name-or-father' | 'place' | 'mother-or-place' | 'father-or-place'

/** `text`: with its apostrophes. `unfinished`: the last one, which may still be typed. */
export type AskedWord = { text: string; plain: string; field: Field; unfinished: boolean }

export type Asked = {
  /** Digits and letters as they stand, for what a reader types; '' if that is too short for one. */
  code: string
  /** The whole query is part of a number: 4 to 16 digits. */
  digits: string | null
  /** How the words may be meant, the likeliest first: a leading *ibu* is somebody's mother, or only polite. */
  readings: readonly (readonly AskedWord[])[]
  rt: string | null
  rw: string | null
  age: number | null
  birthDate: string | null
  /** Numbers beside words: the last digits of NIK or KK, or a year. */
  endings: readonly string[]
}

const longest = 120
const mostWords = 8

/** Words after these say who is meant. */
const marks: Readonly<Record<string, Field>> = {
  ...{ ibu: 'mother', ibunya: 'mother', emak: 'mother', bapak: 'father', bapaknya: 'father', ayah: 'father' },
  ...{ bin: 'name-or-father', binti: 'name-or-father', bt: 'name-or-father', bte: 'name-or-father' },
}

/** After the first word that a mark says, others may be of somewhere again: siti ibu aminah krajan. */
const afterwards: Readonly<Record<Field, Field>> = {
  ...{ any: 'any', place: 'any', 'name-or-father': 'any', mother: 'mother-or-place', father: 'father-or-place' },
  ...{ 'mother-or-place': 'mother-or-place', 'father-or-place': 'father-or-place' },
}

/** Reads a query of any length; of a very long one the beginning. Never throws. */
export function readQuery(query: string): Asked {
  const typed = query.slice(0, longest).trim()
  const compact = typed.replaceAll(/[\s.:-]/g, '')
  const asked: Asked = {
    code: compact.length < 8 ? '' : compact,
    ...{ digits: null, readings: [], rt: null, rw: null, age: null, birthDate: null, endings: [] },
  }
  let rest = ` ${typed.toLowerCase()} `
  const take = (form: RegExp): string[] | null => {
    const match = form.exec(rest)
    if (match) rest = rest.replace(match[0], ' ')
    return match
  }
  const date = take(/(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)/)
  if (date) asked.birthDate = `${date[3]}-${date[2]?.padStart(2, '0')}-${date[1]?.padStart(2, '0')}`
  else if (/^\d{4,16}$/.test(compact)) return { ...asked, digits: compact }

  const both =
    take(/(?<![a-z])rt[.\s]*(\d{1,3})\s*[/,]?\s*rw[.\s]*(\d{1,3})(?!\d)/) ??
    take(/(?<![a-z])rt[.\s/]*(?:rw)?[.\s]*(\d{1,3})\s*\/\s*(\d{1,3})(?!\d)/) ??
    take(/(?<![\d/])(\d{1,3})\s*\/\s*(\d{1,3})(?![\d/])/)
  const rt = both?.[1] ?? take(/(?<![a-z])rt[.\s]*(\d{1,3})(?!\d)/)?.[1]
  const rw = both?.[2] ?? take(/(?<![a-z])rw[.\s]*(\d{1,3})(?!\d)/)?.[1]
  const age =
    take(/(?<![a-z])(?:umur|usia)[\s:]*(\d{1,3})(?!\d)(?:\s*(?:th|thn|tahun)\b)?/) ??
    take(/(?<!\d)(\d{1,3})\s*(?:th|thn|tahun)\b/)
  const endings = [...rest.matchAll(/(?<![\da-z])\d{4,16}(?![\da-z])/g)].map(([digits]) => digits)
  rest = rest.replaceAll(/(?<![\da-z])\d{4,16}(?![\da-z])/g, ' ')
  if (rt) asked.rt = number(rt)
  if (rw) asked.rw = number(rw)
  if (age) asked.age = Number(age[1])
  return { ...asked, endings, readings: readWords(rest, /[\s.,]$/.test(query)) }
}

/** `ended`: a space or point behind the last word. */
function readWords(text: string, ended: boolean): AskedWord[][] {
  // Degrees are left out where they cannot be the beginning of a name: behind a comma, or with a point.
  const words = /,|\b[a-z]{1,3}\.\s*[a-z]{1,4}\b/.test(text) ? nameWords(text) : splitWords(text)
  const read: AskedWord[] = []
  let field: Field = 'any'
  let polite = false
  for (const [at, word] of words.slice(0, mostWords * 2).entries()) {
    const last = at === words.length - 1
    const mark = Object.hasOwn(marks, word) ? marks[word] : undefined
    if (mark && !(last && !ended && read.length > 0)) {
      field = mark
      polite ||= read.length === 0
    } else if (isPlaceKind(word)) field = 'place'
    else if (word !== '' && !/^(umur|usia|th|thn|tahun|nik|kk)$/.test(word) && !(isTitle(word) && (!last || ended))) {
      for (const part of splitAbdul(word))
        read.push({ text: part, plain: plain(part), field, unfinished: last && !ended })
      field = afterwards[field]
    }
  }
  const named = read.length > 1 ? read.filter(({ plain: one }, at) => at > 0 || (one !== 'i' && one !== 'ni')) : read
  const kept = named.slice(0, mostWords)
  if (kept.length === 0) return []
  return polite ? [kept, kept.map((one) => ({ ...one, field: 'any' as const }))] : [kept]
}
