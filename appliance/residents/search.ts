import { distance } from 'fastest-levenshtein'
import type { Db } from '../base/store/store.ts'
import { addDays } from '../base/time.ts'
import { keysOf } from './name-key.ts'
import type { Person } from './person.ts'
import { type Asked, type AskedWord, readQuery } from './search-query.ts'
import { type Found, foundBy, rankByName } from './search-rank.ts'
import { backwards, codesOf, isHere, tagCode, termsOf, variantsOf } from './search-terms.ts'

export type Search = ReturnType<typeof createSearch>
export type { Found } from './search-rank.ts'

/** How leniently words are compared, step by step: a step is only taken while there is room in the answer. */
const levels = ['exact', 'begun', 'sounding', 'joined', 'anywhere', 'slipped'] as const
type Level = (typeof levels)[number]

/** So many of one step are looked at and ranked; of more, those that were added first. Bounds the work of a query. */
const mostLookedAt = 120
/** So many keys stand for one word that was typed with a slip. */
const mostSlips = 12
const mostAnswers = 100
const mostRemembered = 5_000

type Row = { row: number; resident: string; person: string }

/**
 * Finding residents by what a clerk types into one field. All of it is in SQLite, in the caller's transaction: nothing is
 * kept in memory. `add` and `remove` go with the rows of `resident`; `find` answers only those that count now.
 */
export function createSearch(db: Db) {
  const insertTerms = db.prepare<{ row: number; terms: string }>(
    'INSERT INTO resident_search (rowid, terms) VALUES (@row, @terms)',
  )
  const insertCode = db.prepare<{ code: string; row: number }>(
    'INSERT INTO resident_code (code, row) VALUES (@code, @row) ON CONFLICT DO NOTHING',
  )
  const insertSpelling = db.prepare<{ variant: string; key: string }>(
    'INSERT INTO resident_spelling (variant, key) VALUES (@variant, @key) ON CONFLICT DO NOTHING',
  )
  const deleteTerms = db.prepare<{ row: number }>('DELETE FROM resident_search WHERE rowid = @row')
  const deleteCodes = db.prepare<{ row: number }>('DELETE FROM resident_code WHERE row = @row')

  // Bounded by LIMIT, and by FTS5, which walks the shortest list of an AND; of what it finds each row is looked up by its
  // number. A filter is only given beside terms that leave few.
  const selectByTerms = db.prepare<
    { match: string; from: string | null; to: string | null; ending: string | null; most: number },
    Row
  >(
    `SELECT now.row, now.resident, now.person
     FROM resident_search CROSS JOIN resident_now AS now ON now.row = resident_search.rowid
     WHERE resident_search MATCH @match
       AND (@from IS NULL OR now.birth_date BETWEEN @from AND @to)
       AND (@ending IS NULL OR now.nik LIKE @ending OR now.kk LIKE @ending)
     LIMIT @most`,
  )
  // Each bounded by LIMIT and a range of its index.
  const selectByCode = db.prepare<{ from: string; to: string; most: number }, Row>(
    `SELECT now.row, now.resident, now.person
     FROM resident_code AS code CROSS JOIN resident_now AS now ON now.row = code.row
     WHERE code.code >= @from AND code.code < @to
     LIMIT @most`,
  )
  const selectByNik = db.prepare<{ from: string; to: string; most: number }, Row>(
    'SELECT row, resident, person FROM resident_now WHERE nik >= @from AND nik < @to LIMIT @most',
  )
  const selectByKk = db.prepare<{ from: string; to: string; most: number }, Row>(
    'SELECT row, resident, person FROM resident_now WHERE kk >= @from AND kk < @to LIMIT @most',
  )
  const selectSpelling = db.prepare<{ from: string; to: string; most: number }, { key: string }>(
    'SELECT key FROM resident_spelling WHERE variant >= @from AND variant < @to LIMIT @most',
  )

  // An import says the same names thousands of times; half of the work is their keys.
  const remembered = new Map<string, string[]>()
  const rememberedKeys = (word: string): string[] => {
    const known = remembered.get(word)
    if (known) return known
    if (remembered.size >= mostRemembered) remembered.clear()
    const keys = keysOf(word)
    remembered.set(word, keys)
    return keys
  }

  /** Puts a row of `resident` into the index; once. In the caller's transaction. */
  function add(row: number, person: Person): void {
    const { terms, keys } = termsOf(person, rememberedKeys)
    insertTerms.run({ row, terms: terms.join(' ') })
    for (const code of codesOf(person)) insertCode.run({ code, row })
    for (const key of keys) {
      if (insertSpelling.run({ variant: key, key }).changes === 0) continue
      for (const variant of variantsOf(key)) insertSpelling.run({ variant, key })
    }
  }

  /** Takes rows out of the index, whether they are in it or not. In the caller's transaction. */
  function remove(rows: readonly number[]): void {
    for (const row of rows) {
      deleteTerms.run({ row })
      deleteCodes.run({ row })
    }
  }

  /**
   * Whom a query may mean, best first: a name as it is written before one that begins so, before one that sounds so, before
   * other fields, before slips of the fingers; in each step who lives here before who is dead or has moved. `today`: a day
   * as 2026-11-30, for ages. Nothing for less than two letters or digits. Never throws, whatever is typed.
   */
  function find(query: string, { limit, today }: { limit: number; today: string }): Found[] {
    const most = Math.min(limit, mostAnswers)
    const asked = readQuery(query)
    const found = createFindings(most)
    if (asked.code) found.add(readRows(selectByCode.all({ ...only(`t${tagCode(asked.code)}`), most })), () => 'tag')
    if (asked.digits !== null) findByDigits(asked.digits, found)
    else findByWords(asked, today, found)
    return found.answers()
  }

  function findByDigits(digits: string, found: Findings): void {
    const whole = digits.length === 16
    const reversed = backwards(digits)
    const most = mostLookedAt
    const looks = whole
      ? [
          { rows: () => selectByNik.all({ ...only(digits), most }), by: 'nik' as const },
          { rows: () => selectByKk.all({ ...only(digits), most }), by: 'kk' as const },
        ]
      : [
          { rows: () => selectByCode.all({ ...begun(`n${reversed}`), most }), by: 'nik' as const },
          { rows: () => selectByCode.all({ ...begun(`k${reversed}`), most }), by: 'kk' as const },
          { rows: () => selectByNik.all({ ...begun(digits), most }), by: 'nik' as const },
          { rows: () => selectByKk.all({ ...begun(digits), most }), by: 'kk' as const },
        ]
    for (const { rows, by } of looks) {
      if (found.full()) return
      found.add(readRows(rows()).sort(byFamily), () => by)
    }
  }

  function findByWords(asked: Asked, today: string, found: Findings): void {
    const readings = asked.readings.length > 0 ? asked.readings : [[]]
    for (const spread of asked.age === null ? [0] : [0, 1, 2]) {
      const span = spanOf(asked, today, spread)
      const fixed = fixedTerms(asked, span)
      if (fixed.length === 0 && !readings.some((words) => words.some(({ plain }) => plain.length > 1))) return
      const slips = new Map<AskedWord, string[]>()
      const slipsOf = (word: AskedWord) => {
        const known = slips.get(word) ?? findSlips(word)
        slips.set(word, known)
        return known
      }
      for (const words of readings) {
        const tried = new Set<string>()
        const look = (match: string, ranked: readonly AskedWord[]) => {
          if (match === '' || tried.has(match) || found.full()) return
          tried.add(match)
          const filter = { from: span?.from ?? null, to: span?.to ?? null, ending: endingOf(asked), most: mostLookedAt }
          const take = (rows: Row[]) =>
            found.add(rankByName(readRows(found.others(rows)), ranked), (person) =>
              ranked.length === 0 ? fixedBy(asked) : foundBy(person, ranked, slipsOf),
            )
          const rows = selectByTerms.all({ match, ...filter })
          if (rows.length < mostLookedAt) return take(rows)
          // There are more: those who live here are looked at first.
          take(selectByTerms.all({ match: `(${match}) NOT z`, ...filter }))
          if (!found.full()) take(selectByTerms.all({ match: `(${match}) AND z`, ...filter }))
        }
        const only = words.length === 1 ? words[0] : undefined
        if (only?.field === 'any') look(all([...fixed, `o${only.plain}`]), words)
        for (const level of levels) look(matchOf(words, level, fixed, slipsOf), words)
        // One word too many, or one that is nowhere: without each in turn.
        if (found.none() && words.length > 1 && words.length < 6)
          for (const word of words) {
            const others = words.filter((one) => one !== word)
            if (others.some(({ plain }) => plain.length > 2)) look(matchOf(others, 'sounding', fixed, slipsOf), others)
          }
      }
    }
  }

  /** Keys that are one slip from a word's: letters left out, put in, changed, or swapped with the next. */
  function findSlips({ text, unfinished }: AskedWord): string[] {
    const near = new Map<string, number>()
    const collect = (key: string, end: 'whole' | 'unfinished') => {
      if (key.length < 4) return
      for (const variant of variantsOf(key)) {
        const range = end === 'whole' ? only(variant) : begun(variant)
        for (const { key: other } of selectSpelling.all({ ...range, most: 60 })) {
          const far = distance(key, end === 'whole' ? other : other.slice(0, key.length))
          if (far <= 2 && far < (near.get(other) ?? 3)) near.set(other, far)
        }
      }
    }
    for (const key of keysOf(text)) collect(key, 'whole')
    if (unfinished) for (const key of keysOf(text, 'unfinished')) collect(key, 'unfinished')
    return [...near]
      .sort((a, b) => a[1] - b[1])
      .slice(0, mostSlips)
      .map(([key]) => key)
  }

  return { add, remove, find }
}

/** The answer as it grows: nobody twice, not more than there is room for. */
type Findings = ReturnType<typeof createFindings>
type PersonRow = { row: number; resident: string; person: Person }

function createFindings(most: number) {
  const answers = new Map<number, Found>()
  return {
    add(rows: readonly PersonRow[], by: (person: Person) => Found['by']): void {
      for (const one of rows) {
        if (answers.size >= most) return
        if (!answers.has(one.row)) answers.set(one.row, { ...one, by: by(one.person) })
      }
    },
    others: <T extends { row: number }>(rows: T[]): T[] => rows.filter(({ row }) => !answers.has(row)),
    full: () => answers.size >= most,
    none: () => answers.size === 0,
    answers: () => [...answers.values()],
  }
}

const readRows = (rows: readonly Row[]): PersonRow[] =>
  rows.map((row) => ({ ...row, person: JSON.parse(row.person) as Person }))

/** Who lives here first, then a family as its card has it. */
const byFamily = (a: PersonRow, b: PersonRow): number =>
  Number(isHere(b.person)) - Number(isHere(a.person)) ||
  (a.person.kk ?? '').localeCompare(b.person.kk ?? '') ||
  (a.person.relation ?? 99) - (b.person.relation ?? 99) ||
  (a.person.birthDate ?? '').localeCompare(b.person.birthDate ?? '')

/** A range of an index: what is so, and what begins so. No code, NIK or key has a character beyond z. */
const only = (text: string) => ({ from: text, to: `${text}\u0001` })
const begun = (text: string) => ({ from: text, to: `${text}{` })

/** The birth dates of an age, or of `spread` years around it. */
function spanOf({ age, birthDate }: Asked, today: string, spread: number): { from: string; to: string } | null {
  if (birthDate !== null) return { from: birthDate, to: birthDate }
  if (age === null) return null
  const yearsAgo = (years: number) => `${String(Number(today.slice(0, 4)) - years).padStart(4, '0')}${today.slice(4)}`
  const dayAfter = (day: string) => (Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : addDays(day, 1))
  return { from: dayAfter(yearsAgo(age + spread + 1)), to: yearsAgo(age - spread) }
}

/** What everybody in the answer has, whatever the words. */
function fixedTerms({ rt, rw, endings }: Asked, span: { from: string; to: string } | null): string[] {
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

/** What somebody was found by whom no word names. */
function fixedBy({ rt, rw, endings }: Asked): Found['by'] {
  if (rt || rw) return 'address'
  return endings.length > 0 ? 'nik' : 'birth'
}

/** Of a longer ending all digits are compared. */
const endingOf = ({ endings }: Asked): string | null => {
  const long = endings.find(({ length }) => length > 4)
  return long === undefined ? null : `%${long}`
}

/** The words of a query as FTS5 is asked for them at one level; '': nothing is asked. */
function matchOf(
  words: readonly AskedWord[],
  level: Level,
  fixed: readonly string[],
  slipsOf: (word: AskedWord) => string[],
): string {
  const ways = level === 'joined' ? joinedWords(words) : [words]
  const matches = ways.map((some) => all([...fixed, ...some.map((word) => any(termsAt(word, level, slipsOf)))]))
  return any(matches.filter((match) => match !== ''))
}

/** Two neighbours typed apart may be one word: Nur Hayati, Nurhayati. */
function joinedWords(words: readonly AskedWord[]): AskedWord[][] {
  if (words.length > 4) return []
  return words.slice(1).flatMap((word, at) => {
    const before = words[at]
    if (before?.field !== 'any' || word.field !== 'any' || before.plain.length + word.plain.length > 24) return []
    const one = { ...word, text: before.text + word.text, plain: before.plain + word.plain }
    return [[...words.slice(0, at), one, ...words.slice(at + 2)]]
  })
}

function termsAt(word: AskedWord, level: Level, slipsOf: (word: AskedWord) => string[]): string[] {
  const { field, plain, text, unfinished } = word
  const at = levels.indexOf(level)
  const since = (first: Level, terms: () => string[]) => (at >= levels.indexOf(first) ? terms() : [])
  const sounding = (letter: string) => keysOf(text).map((key) => letter + key)
  const begun = (letter: string) => keysOf(text, 'unfinished').map((key) => `${letter}${key}*`)
  const slipped = (letters: readonly string[]) => slipsOf(word).flatMap((key) => letters.map((letter) => letter + key))
  // Names are cut short when they are typed, but long ones are not.
  const mayBegin = unfinished ? plain.length > 1 : plain.length > 2 && plain.length < 6
  const named = () => [
    `n${plain}`,
    ...(plain.length === 1 ? [`n${plain}*`] : []),
    ...since('begun', () => (unfinished ? [`n${plain}*`] : [])),
    ...since('sounding', () => [...sounding('k'), ...(mayBegin ? begun('k') : [])]),
  ]
  const elsewhere = (letters: readonly string[]) => [
    ...letters.flatMap(sounding),
    ...since('begun', () => (unfinished ? letters.flatMap(begun) : [])),
    ...since('slipped', () => slipped(letters)),
  ]
  if (field === 'any')
    return [
      ...named(),
      ...since('anywhere', () => [...sounding('a'), ...(unfinished && plain.length > 1 ? begun('a') : [])]),
      ...since('slipped', () => [...sounding('m'), ...sounding('f'), ...slipped(['k', 'a'])]),
    ]
  if (field === 'name-or-father')
    return [
      ...named(),
      ...since('sounding', () => [...sounding('f'), ...(unfinished ? begun('f') : [])]),
      ...since('slipped', () => slipped(['k', 'f'])),
    ]
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
const all = (terms: readonly string[]): string => (terms.includes('') ? '' : terms.join(' AND '))
