import type { Db } from '../base/store/store.ts'
import { keysOf } from './name-key.ts'
import type { Person } from './person.ts'
import { all, endingOf, fixedTerms, levels, matchOf, spanOf } from './search-match.ts'
import { type Asked, type AskedWord, readQuery } from './search-query.ts'
import { type Found, foundBy, rankByName } from './search-rank.ts'
import { begun, createSpellings, only } from './search-spelling.ts'
import { backwards, codesOf, isHere, tagCode, termsOf } from './search-terms.ts'

export type Search = ReturnType<typeof createSearch>
export type { Found } from './search-rank.ts'

/** So many of one step are looked at and ranked; of more, those that were added first. Bounds the work of a query. */
const mostLookedAt = 120
const mostAnswers = 100
const mostRemembered = 5_000

type Row = { row: number; resident: string; person: string }

/**
 * Finding residents by what a clerk types into one field. All of it is in SQLite, in the caller's transaction: nothing is
 * kept in memory. `add` and `remove` go with the rows of `resident`; `find` answers only those that count now.
 */
export function createSearch(db: Db) {
  const spellingTable = createSpellings(db)
  const insertTerms = db.prepare<{ row: number; terms: string }>(
    'INSERT INTO resident_search (rowid, terms) VALUES (@row, @terms)',
  )
  const insertCode = db.prepare<{ code: string; row: number }>(
    'INSERT INTO resident_code (code, row) VALUES (@code, @row) ON CONFLICT DO NOTHING',
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
    spellingTable.add(spellings)
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
    const lookup = spellingTable.createLookup()
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
            found.add(rankByName(readRows(found.others(rows)), ranked, rememberedKeys), (person) =>
              ranked.length === 0 ? fixedBy(asked) : foundBy(person, ranked, slipsOf),
            )
          const rows = selectByTerms.all({ match, ...filter })
          if (rows.length < mostLookedAt) return take(rows)
          // There are more: those who live here are looked at first.
          take(selectByTerms.all({ match: `(${match}) NOT z`, ...filter }))
          if (!found.full()) take(selectByTerms.all({ match: `(${match}) AND z`, ...filter }))
        }
        const alone = words.length === 1 ? words[0] : undefined
        if (alone?.field === 'any') look(all([...fixed, `o${alone.plain}`]), words)
        for (const level of levels) if (!found.full()) look(matchOf(words, level, fixed, lookup), words)
        // One word too many, or one that is nowhere: without each in turn.
        if (found.none() && words.length > 1 && words.length < 6)
          for (const word of words) {
            const others = words.filter((one) => one !== word)
            if (others.some(({ plain }) => plain.length > 2)) look(matchOf(others, 'sounding', fixed, lookup), others)
          }
      }
    }
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

/** What somebody was found by whom no word names. */
function fixedBy({ rt, rw, endings }: Asked): Found['by'] {
  if (rt || rw) return 'address'
  return endings.length > 0 ? 'nik' : 'birth'
}
