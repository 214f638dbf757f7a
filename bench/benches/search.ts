import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { makeResidents } from '../../appliance/cli/demo-residents.ts'
import { seededRandom } from '../../appliance/cli/seeded-random.ts'
import { keysOf } from '../../appliance/residents/name-key.ts'
import { nameWords } from '../../appliance/residents/name-words.ts'
import type { Person } from '../../appliance/residents/person.ts'
import { createSearch } from '../../appliance/residents/search.ts'
import { nameParts } from '../../appliance/residents/search-terms.ts'
import { handWritten, misspell } from '../../testing/misspelled-names.ts'
import type { Bench } from '../run.ts'
import { median, printTable, quantile, round } from '../statistics.ts'

const today = '2026-11-30'
const limit = 20
const seed = 7
const typists = 150
const misspellings = 1_000
const perTransaction = 500
const sql = ['001-residents.sql', '002-search.sql'].map((file) =>
  readFileSync(join(import.meta.dirname, '..', '..', 'appliance', 'residents', file), 'utf8'),
)

/**
 * Nobody else has the name of one that is meant by hand in another spelling: who has it as typed would come first, and
 * rightly. By rules nothing is typed that is somebody else's name.
 */
const soundOf = (name: string): string =>
  nameParts(name)
    .map((part) => keysOf(part)[0])
    .join(' ')
const hand = new Set(handWritten.flat().map(soundOf))

/** How somebody asks: names of the people found, best first. */
type Finder = (query: string) => string[]

/**
 * Finding residents while a clerk types: each keystroke from the second on is a query, of the shipping search, of LIKE over a
 * plain table and of FTS5's trigrams, all with the box's own settings of SQLite. And how many names that were typed wrongly
 * are among the first ten answers.
 */
export const bench: Bench = {
  name: 'search',
  async run() {
    const small = measure(20_000)
    const large = measure(100_000)
    const figure = (name: string, of: (one: typeof small) => number | string) => [name, of(small), of(large)]
    printTable([
      ['residents', '20,000', '100,000'],
      figure('queries', ({ times }) => times.length),
      figure('p50 ms', ({ times }) => round(median(times))),
      figure('p99 ms', ({ times }) => round(quantile(times, 0.99))),
      figure('longest ms', ({ times }) => round(Math.max(...times))),
      figure('every tenth query: ours, p50 / p99 ms', ({ ours }) => both(ours)),
      figure('  LIKE', ({ like }) => both(like)),
      figure('  FTS5 trigram', ({ trigram }) => both(trigram)),
      figure('seconds to add all', ({ addSeconds }) => round(addSeconds)),
      figure('bytes a resident: the index', ({ bytes }) => Math.round(bytes)),
      figure('  FTS5 trigram', ({ trigramBytes }) => Math.round(trigramBytes)),
      figure(`${misspellings} names misspelled by rules: found among ten`, ({ recall }) => round(recall.ours.rules, 3)),
      figure('  LIKE', ({ recall }) => round(recall.like.rules, 3)),
      figure('  FTS5 trigram', ({ recall }) => round(recall.trigram.rules, 3)),
      figure(`${handWritten.length} by hand`, ({ recall }) => round(recall.ours.hand, 3)),
      figure('  LIKE', ({ recall }) => round(recall.like.hand, 3)),
      figure('  FTS5 trigram', ({ recall }) => round(recall.trigram.hand, 3)),
    ])
    printTable([['missed at 20,000', 'of'], ...small.missed])
    return {
      p99Ms20k: round(quantile(small.times, 0.99)),
      p99Ms100k: round(quantile(large.times, 0.99)),
      recallMisspelled: round(small.recall.ours.rules, 3),
      recallByHand: round(small.recall.ours.hand, 3),
      ratioLike: round(quantile(large.ours, 0.99) / quantile(large.like, 0.99)),
      ratioFts5: round(quantile(large.ours, 0.99) / quantile(large.trigram, 0.99)),
      addSeconds20k: round(small.addSeconds),
      bytesPerResident: Math.round(small.bytes),
    }
  },
}

const both = (times: readonly number[]): string => `${round(median(times))} / ${round(quantile(times, 0.99))}`

function measure(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'balai-bench-search-'))
  const db = new Database(join(folder, 'box.db'))
  try {
    // As appliance/base/store opens the box's file.
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -512']) db.pragma(pragma)
    for (const one of sql) db.exec(one)
    db.exec('UPDATE resident_current SET number = 1')
    const people = [
      ...makeResidents({ seed, count }).filter(({ name }) => !hand.has(soundOf(name))),
      ...handWritten.map(([, name]): Person => ({ name, hamlet: 'KRAJAN', rt: '001', rw: '001' })),
    ]
    const made = people.slice(0, -handWritten.length)
    const slices = Array.from(
      { length: Math.ceil(people.length / perTransaction) },
      (_, slice) => slice * perTransaction,
    )
    const inSlices = (work: (person: Person, row: number) => void) => {
      const began = performance.now()
      for (const from of slices)
        db.transaction(() => {
          for (const [at, person] of people.slice(from, from + perTransaction).entries()) work(person, from + at + 1)
        }).immediate()
      return (performance.now() - began) / 1_000
    }
    const insert = db.prepare('INSERT INTO resident (row, resident, since, person) VALUES (?, ?, 1, ?)')
    inSlices((person, row) => insert.run(row, `resident-${row}`, JSON.stringify(person)))
    const search = createSearch(db)
    const addSeconds = inSlices((person, row) => search.add(row, person))
    const sizeOf = (like: string) =>
      db.prepare<[string], number>('SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?').pluck().get(like) ?? 0
    const bytes = ['resident_search%', 'resident_code%', 'resident_spelling'].reduce((sum, one) => sum + sizeOf(one), 0)

    const ours: Finder = (query) => search.find(query, { limit, today }).map(({ person }) => person.name)
    const rivals = openRivals(db, people, inSlices)
    const queries = typedBy(made)
    for (const query of queries.slice(0, 300)) ours(query)
    const some = queries.filter((_, at) => at % 10 === 0)
    return {
      ...{ addSeconds, bytes: bytes / people.length, trigramBytes: sizeOf('trigram%') / people.length },
      times: timesOf(ours, queries),
      ours: timesOf(ours, some),
      like: timesOf(rivals.like, some),
      trigram: timesOf(rivals.trigram, some),
      ...recallOf(made, { ours, ...rivals }),
    }
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same people in a plain table, and in FTS5 with its trigrams, each word of a query somewhere in any field. */
function openRivals(
  db: Database.Database,
  people: readonly Person[],
  inSlices: (work: (person: Person, row: number) => void) => number,
) {
  db.exec(`CREATE TABLE plain (name TEXT, nik TEXT, kk TEXT, mother TEXT, place TEXT);
    CREATE VIRTUAL TABLE trigram USING fts5(text, tokenize = 'trigram')`)
  const insertPlain = db.prepare('INSERT INTO plain VALUES (?, ?, ?, ?, ?)')
  const insertTrigram = db.prepare('INSERT INTO trigram (rowid, text) VALUES (?, ?)')
  inSlices(({ name, nik, kk, motherName, hamlet, address, rt, rw }, row) => {
    const place = `${hamlet} ${address} rt ${Number(rt)} rw ${Number(rw)}`
    insertPlain.run(name, nik, kk, motherName, place)
    insertTrigram.run(row, [name, nik, kk, motherName, place].join(' | '))
  })
  const nameOf = (row: number) => people[row - 1]?.name ?? ''
  const wordsOf = (query: string) => query.split(/\s+/).filter(Boolean)
  const statements = new Map<number, Database.Statement<Record<string, string>, number>>()
  const likes = (count: number) => {
    const fields = ['name', 'nik', 'kk', 'mother', 'place'].map((field) => `${field} LIKE @word`).join(' OR ')
    const where = Array.from({ length: count }, (_, at) => `(${fields.replaceAll('@word', `@word${at}`)})`).join(
      ' AND ',
    )
    const known =
      statements.get(count) ??
      db.prepare<Record<string, string>, number>(`SELECT rowid FROM plain WHERE ${where} LIMIT ${limit}`).pluck()
    statements.set(count, known)
    return known
  }
  const like: Finder = (query) => {
    const words = wordsOf(query)
    return likes(words.length)
      .all(Object.fromEntries(words.map((word, at) => [`word${at}`, `%${word}%`])))
      .map(nameOf)
  }
  const select = db.prepare<[string], number>(`SELECT rowid FROM trigram WHERE trigram MATCH ? LIMIT ${limit}`).pluck()
  // Words of less than three letters are none to it; a query of nothing else it can only answer as LIKE does.
  const trigram: Finder = (query) => {
    const words = wordsOf(query).filter(({ length }) => length > 2)
    if (words.length === 0) return like(query)
    return select.all(words.map((word) => `"${word.replaceAll('"', '')}"`).join(' AND ')).map(nameOf)
  }
  return { like, trigram }
}

/** What clerks type, keystroke by keystroke: mostly names, right or wrong, then numbers, places, mothers and ages. */
function typedBy(people: readonly Person[]): string[] {
  const random = seededRandom(seed)
  const asked = Array.from({ length: typists }, () => {
    const person = people[Math.floor(random() * people.length)] as Person
    const name = nameWords(person.name).join(' ')
    const [first = ''] = name.split(' ')
    const kind = random()
    if (kind < 0.4) return name
    if (kind < 0.6) return misspell(name, random).typed
    if (kind < 0.7) return `${first} ${person.hamlet?.toLowerCase()} rt ${Number(person.rt)}`
    if (kind < 0.77) return `${first} ibu ${nameWords(person.motherName ?? '').join(' ')}`
    if (kind < 0.82) return `${first} ${2026 - Number(person.birthDate?.slice(0, 4))} th`
    if (kind < 0.92) return person.nik?.slice(random() < 0.6 ? -4 : 0) ?? ''
    return person.kk ?? ''
  })
  return asked.flatMap((text) => Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(0, at + 2)))
}

function timesOf(find: Finder, queries: readonly string[]): number[] {
  return queries.map((query) => {
    const began = performance.now()
    find(query)
    return performance.now() - began
  })
}

/** Found: somebody of that name is among the first ten. */
function recallOf(people: readonly Person[], finders: { ours: Finder; like: Finder; trigram: Finder }) {
  const random = seededRandom(seed + 1)
  const plain = (name: string) => nameWords(name).join(' ')
  const names = new Set(people.map(({ name }) => plain(name)))
  const byRules: { typed: string; meant: string; rule: string }[] = []
  while (byRules.length < misspellings) {
    const { name } = people[Math.floor(random() * people.length)] as Person
    const { typed, rule } = misspell(plain(name), random)
    // What is somebody else's name is no misspelling.
    if (!names.has(plain(typed))) byRules.push({ typed, rule, meant: name })
  }
  const byHand = handWritten.map(([typed, meant]) => ({ typed, meant, rule: 'by hand' }))
  const list = [...byRules, ...byHand]
  const found = (find: Finder) =>
    list.map(({ typed, meant }) =>
      find(typed)
        .slice(0, 10)
        .some((name) => plain(name) === plain(meant)),
    )
  const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length
  const shares = (hits: readonly boolean[]) => ({
    rules: share(hits.slice(0, misspellings)),
    hand: share(hits.slice(misspellings)),
  })
  const ours = found(finders.ours)
  const lost = Map.groupBy(
    list.filter((_, at) => !ours[at]),
    ({ rule }) => rule,
  )
  const all = Map.groupBy(list, ({ rule }) => rule)
  const missed = [...lost]
    .map(([rule, list]) => [
      rule,
      `${list.length} of ${all.get(rule)?.length}`,
      ...list.slice(0, 3).map(({ typed, meant }) => `${typed} (${meant})`),
    ])
    .sort((a, b) => String(a[0]).localeCompare(String(b[0])))
  return {
    recall: { ours: shares(ours), like: shares(found(finders.like)), trigram: shares(found(finders.trigram)) },
    missed,
  }
}
