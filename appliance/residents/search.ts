import type { Db } from '../base/store/store.ts'
import { addDays } from '../base/time.ts'
import { keysOf } from './name-key.ts'
import type { Person } from './person.ts'
import { type Asked, type AskedWord, readQuery } from './search-query.ts'
import { type Found, foundBy, rankByName, slipsBetween } from './search-rank.ts'
import { backwards, codesOf, isHere, tagCode, termsOf, variantsOf } from './search-terms.ts'

export type Search = ReturnType<typeof createSearch>
export type { Found } from './search-rank.ts'

/**
 * How leniently words are compared, step by step: a step is only taken while there is room in the answer. `joined`: words
 * typed as one, or one as two. `slipped`: slips in words that nobody has; `far`: in any word, and more of them.
 */
const levels = ['exact', 'begun', 'sounding', 'joined', 'anywhere', 'slipped', 'far'] as const
type Level = (typeof levels)[number]

/** So many of one step are looked at and ranked; of more, those that were added first. Bounds the work of a query. */
const mostLookedAt = 120
/** So many keys stand for one word that was typed with a slip: first the nearest. */
const mostSlips = { slipped: 5, far: 20 } as const
/** So many ways to take a word apart. */
const mostSplits = 6
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
    const { terms, spellings } = termsOf(person, rememberedKeys)
    insertTerms.run({ row, terms: terms.join(' ') })
    for (const code of codesOf(person)) insertCode.run({ code, row })
    for (const [word, key] of spellings) {
      // By the word as well: where a letter is missing, others sound differently.
      if (insertSpelling.run({ variant: word, key }).changes === 0) continue
      for (const variant of [...variantsOf(word), ...variantsOf(key)]) insertSpelling.run({ variant, key })
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
    const lookup = createLookup()
    const slipsOf = (word: AskedWord) => lookup.slips(word)
    for (const spread of asked.age === null ? [0] : [0, 1, 2]) {
      const span = spanOf(asked, today, spread)
      const fixed = fixedTerms(asked, span)
      if (fixed.length === 0 && !readings.some((words) => words.some(({ plain }) => plain.length > 1))) return
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
        for (const level of levels) look(matchOf(words, level, fixed, lookup), words)
        // One word too many, or one that is nowhere: without each in turn.
        if (found.none() && words.length > 1 && words.length < 6)
          for (const word of words) {
            const others = words.filter((one) => one !== word)
            if (others.some(({ plain }) => plain.length > 2)) look(matchOf(others, 'sounding', fixed, lookup), others)
          }
      }
    }
  }

  /** What the words of one query are looked up for, once each. */
  function createLookup() {
    const slips = new Map<string, string[]>()
    const isKey = (key: string) => selectSpelling.all({ ...only(key), most: 60 }).some((one) => one.key === key)
    const isBegun = (key: string) =>
      selectSpelling.all({ ...begun(key), most: 60 }).some((one) => one.key.startsWith(key))
    const known = (text: string, end: 'whole' | 'unfinished') =>
      keysOf(text).some(isKey) || (end === 'unfinished' && text.length > 1 && keysOf(text, end).some(isBegun))
    return {
      /** Whether somebody has a word that sounds so. */
      known: ({ text, unfinished }: AskedWord): boolean => known(text, unfinished ? 'unfinished' : 'whole'),
      slips(word: AskedWord): string[] {
        const found = slips.get(word.text) ?? findSlips(word)
        slips.set(word.text, found)
        return found
      },
      /** One word as two that somebody has: nurhayati as nur hayati. */
      splits(word: AskedWord): AskedWord[][] {
        const { plain, unfinished } = word
        const found: AskedWord[][] = []
        for (let at = 2; at <= plain.length - (unfinished ? 2 : 3) && found.length < mostSplits; at++) {
          const [first, second] = [plain.slice(0, at), plain.slice(at)]
          if (!known(first, 'whole') || !known(second, unfinished ? 'unfinished' : 'whole')) continue
          found.push([
            { ...word, text: first, plain: first, unfinished: false },
            { ...word, text: second, plain: second },
          ])
        }
        return found
      },
    }
  }

  /** Keys of words that are one slip from a word or its key: a letter left out, put in, changed, or swapped with the next. */
  function findSlips({ text, plain, unfinished }: AskedWord): string[] {
    const near = new Map<string, number>()
    const collect = (typed: string, keys: readonly string[], end: 'whole' | 'unfinished') => {
      if (typed.length < 4) return
      for (const variant of variantsOf(typed))
        for (const { key } of selectSpelling.all({ ...(end === 'whole' ? only(variant) : begun(variant)), most: 60 })) {
          const far = Math.min(
            ...keys.map((own) => slipsBetween(own, end === 'whole' ? key : key.slice(0, own.length))),
          )
          // What is a slip as it is written is nearer than what only sounds like one; a whole word nearer than a beginning.
          const score = far - (typed === plain ? 0.6 : 0) + (end === 'whole' ? 0 : 0.3)
          if (far <= 3 && score < (near.get(key) ?? 4)) near.set(key, score)
        }
    }
    for (const end of unfinished ? (['whole', 'unfinished'] as const) : (['whole'] as const)) {
      const keys = keysOf(text, end)
      for (const typed of new Set([plain, ...keys])) collect(typed, keys, end)
    }
    return [...near]
      .sort((a, b) => a[1] - b[1])
      .slice(0, mostSlips.far)
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

/** What is asked of the table of spellings. */
type Lookup = {
  known(word: AskedWord): boolean
  slips(word: AskedWord): string[]
  splits(word: AskedWord): AskedWord[][]
}

/** The words of a query as FTS5 is asked for them at one level; '': nothing is asked. */
function matchOf(words: readonly AskedWord[], level: Level, fixed: readonly string[], lookup: Lookup): string {
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
const all = (terms: readonly string[]): string => (terms.includes('') ? '' : terms.join(' AND '))
