import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'
import type { ErasedMarks } from './erased-marks.ts'
import { type Candidate, createKnownPeople } from './known-people.ts'
import { type EventField, mergePerson, personText } from './merge.ts'
import type { PersonFields } from './person.ts'
import { personIn, type StoredRecord } from './records.ts'
import type { Search } from './search.ts'

/** What became, or would become, of the rows of a file. */
export type ImportCounts = { new: number; changed: number; same: number; refused: number; asked: number }

/** A file and what became of it. `at`: when it was read, ms since 1970 UTC. `counts` null: it was not read to its end. */
export type ImportRow = {
  number: number
  import: string
  state: 'staged' | 'applied' | 'undone' | 'dropped'
  format: string
  source: string
  asOf: string
  account: string
  at: number
  counts: ImportCounts | null
}

/**
 * What one row comes to. `twice`: the same person stood in this file before. `kept`: what the file says otherwise and an
 * import does not change. `erased`: somebody who was erased from the box, `at` ms
 * since 1970 UTC; `ended`: somebody dead or moved who had been kept long enough.
 */
export type Staged =
  | { outcome: 'new' | 'changed' | 'same'; resident: string; kept: EventField[] }
  | { outcome: 'asked'; candidates: Candidate[] }
  | { outcome: 'erased' | 'ended'; at: number }
  | { outcome: 'twice' | 'unknown' }

type StoredImport = Omit<ImportRow, 'counts'> & { counts: string | null }

/** So many rows are swept away in one transaction. */
const slice = 500

/** `marks`: of people who are known already. */
export type FileKind = 'people' | 'marks'

export type Staging = ReturnType<typeof createStaging>

/**
 * Brings a file into the cache: written a slice at a time where nobody sees it, in place at one moment, and gone back to as
 * it was until the next one counts. Every verb that writes runs in the caller's transaction.
 */
export function createStaging(db: Db, search: Search, erased: Pick<ErasedMarks, 'find'>) {
  const knownPeople = createKnownPeople(db)
  const importColumns = 'number, import, state, format, source, as_of AS asOf, by_account AS account, at, counts'
  const selectPast = db.prepare<{ limit: number }, StoredImport>(
    `SELECT ${importColumns} FROM resident_import WHERE state IN ('applied', 'undone') ORDER BY number DESC LIMIT @limit`,
  )
  const selectImport = db.prepare<{ number: number }, StoredImport>(
    `SELECT ${importColumns} FROM resident_import WHERE number = @number`,
  )
  const selectStaged = db.prepare<[], StoredImport>(
    `SELECT ${importColumns} FROM resident_import WHERE state = 'staged'`,
  )
  const insertImport = db.prepare(`
    INSERT INTO resident_import (number, import, state, format, source, as_of, by_account, at)
    VALUES ((SELECT coalesce(max(number), 0) + 1 FROM resident_import), @import, 'staged', @format, @source, @asOf, @account, @at)`)
  const updateImport = db.prepare('UPDATE resident_import SET state = @state WHERE number = @number')
  const updateCounts = db.prepare('UPDATE resident_import SET counts = @counts WHERE number = @number')
  const selectCurrent = db.prepare<[], { number: number; before: number | null }>(
    'SELECT number, before FROM resident_current',
  )
  const updateCurrent = db.prepare('UPDATE resident_current SET number = @number, before = @before')

  const insertResident = db.prepare('INSERT INTO resident (resident, since, person) VALUES (@resident, @number, @text)')
  const endResident = db.prepare('UPDATE resident SET until = @number WHERE row = @row')
  const insertSeen = db.prepare(
    'INSERT INTO resident_seen (number, resident) VALUES (@number, @resident) ON CONFLICT DO NOTHING',
  )

  const selectOver = db
    .prepare<[], number>(`SELECT number FROM resident_import WHERE state IN ('undone', 'dropped') ORDER BY number`)
    .pluck()
  const selectBrought = db
    .prepare<{ number: number }, number>(`SELECT row FROM resident WHERE since = @number LIMIT ${slice}`)
    .pluck()
  const selectEnded = db
    .prepare<{ before: number }, number>(`SELECT row FROM resident WHERE until <= @before LIMIT ${slice}`)
    .pluck()
  const openAgain = db.prepare(
    `UPDATE resident SET until = NULL WHERE row IN (SELECT row FROM resident WHERE until = @number LIMIT ${slice})`,
  )
  const deleteSeen = db.prepare(`
    DELETE FROM resident_seen
    WHERE (resident, number) IN (SELECT resident, number FROM resident_seen WHERE number = @number LIMIT ${slice})`)
  const deleteResident = db.prepare('DELETE FROM resident WHERE row = @row')
  const selectIn = db.prepare<{ resident: string; number: number }, { isNew: 0 | 1; isChanged: 0 | 1 }>(`
    SELECT
      NOT EXISTS (SELECT 1 FROM resident WHERE resident = @resident AND since < @number) AS isNew,
      EXISTS (SELECT 1 FROM resident WHERE resident = @resident AND since = @number) AS isChanged
    FROM resident_seen
    WHERE resident = @resident AND number = @number`)

  const toImport = (row: StoredImport): ImportRow => ({
    ...row,
    counts: row.counts === null ? null : (JSON.parse(row.counts) as ImportCounts),
  })
  const current = () => selectCurrent.get() ?? { number: 0, before: null }
  const staged = (): ImportRow | null => {
    const row = selectStaged.get()
    return row ? toImport(row) : null
  }

  function requireStaged(): ImportRow {
    const found = staged()
    if (!found) throw new AppError('conflict', 'imports.none-staged', 'No file lies ready.')
    return found
  }

  function put(number: number, known: StoredRecord | null, said: PersonFields): Staged {
    if (!known && !said.name) return { outcome: 'unknown' }
    const resident = known?.resident ?? newId()
    if (insertSeen.run({ number, resident }).changes === 0) return { outcome: 'twice' }
    if (!known) {
      const person = { ...said, name: said.name ?? '' }
      const { lastInsertRowid } = insertResident.run({ resident, number, text: personText(person) })
      search.add(Number(lastInsertRowid), person)
      return { outcome: 'new', resident, kept: [] }
    }
    const { person, text, isChanged, kept } = mergePerson(personIn(known), said)
    if (!isChanged) return { outcome: 'same', resident, kept }
    const { lastInsertRowid } = insertResident.run({ resident, number, text })
    endResident.run({ row: known.row, number })
    search.add(Number(lastInsertRowid), person)
    return { outcome: 'changed', resident, kept }
  }

  /** A list of aid says who somebody is so that they are found: it makes nobody, and changes nothing but marks. */
  const putAs = (number: number, known: StoredRecord | null, said: PersonFields, as: FileKind): Staged =>
    as === 'people'
      ? put(number, known, said)
      : known
        ? put(number, known, { marks: said.marks ?? [] })
        : { outcome: 'unknown' }

  return {
    current,
    staged,
    /** Those that counted once, the newest first. */
    past: (limit: number): ImportRow[] => selectPast.all({ limit }).map(toImport),

    /** Begins a file, once `sweep` has nothing left. Throws `imports.staged` while another lies ready. */
    begin(tx: Tx, about: Pick<ImportRow, 'import' | 'format' | 'source' | 'asOf' | 'account'>): number {
      if (staged()) throw new AppError('conflict', 'imports.staged', 'Another file lies ready: use it or put it away.')
      return Number(insertImport.run({ ...about, at: tx.now.at }).lastInsertRowid)
    },

    /** One row of the file that lies ready, held against whom the box knows. */
    stage(_tx: Tx, number: number, said: PersonFields, as: FileKind): Staged {
      const { known, candidates } = knownPeople.find(said)
      const isHere = known !== null || candidates.some(({ why }) => why === 'one-nik')
      const gone = isHere || as === 'marks' ? null : erased.find(said)
      if (gone?.why === 'erased') return { outcome: 'erased', at: gone.at }
      // Whoever is back lives here again.
      if (gone && (said.status === 2 || said.status === 3)) return { outcome: 'ended', at: gone.at }
      return candidates.length > 0 ? { outcome: 'asked', candidates } : putAs(number, known, said, as)
    },

    /** Whom a row may mean, as it stands now. */
    candidates: (said: PersonFields): Candidate[] => knownPeople.find(said).candidates,

    /** What a person has decided of such a row: it is this resident, or somebody new (null). Throws `imports.nik-taken`. */
    decide(_tx: Tx, number: number, said: PersonFields, resident: string | null, as: FileKind): Staged {
      const known = resident === null ? null : knownPeople.byId(resident)
      if (known === undefined) throw new AppError('not-found', 'residents.unknown', 'There is no such resident.')
      // Two living people of one village with one NIK: one of them is wrong, and a clerk finds the wrong one.
      const holders = said.nik ? knownPeople.byNik(said.nik) : []
      if (!known && holders.some(({ status = 1 }) => status === 1) && (said.status ?? 1) === 1)
        throw new AppError('conflict', 'imports.nik-taken', 'Somebody alive has this NIK.')
      return putAs(number, known, said, as)
    },

    /** Somebody goes whom the file that lies ready names: the counts of it are without them. Before the rows go. */
    uncount(_tx: Tx, resident: string): void {
      const found = staged()
      const row = found && selectIn.get({ resident, number: found.number })
      if (!row || !found.counts) return
      const counted = row.isNew ? 'new' : row.isChanged ? 'changed' : 'same'
      const counts = { ...found.counts, [counted]: found.counts[counted] - 1 }
      updateCounts.run({ number: found.number, counts: JSON.stringify(counts) })
    },

    setCounts(_tx: Tx, number: number, counts: ImportCounts): void {
      updateCounts.run({ number, counts: JSON.stringify(counts) })
    },

    /** From the end of this transaction on everybody sees what the file says. Throws `imports.none-staged`, `imports.not-read`. */
    apply(_tx: Tx): ImportRow {
      const found = requireStaged()
      if (!found.counts) throw new AppError('conflict', 'imports.not-read', 'The file was not read to its end.')
      updateImport.run({ number: found.number, state: 'applied' })
      updateCurrent.run({ number: found.number, before: current().number })
      return found
    },

    /** The file that lies ready is put away. */
    drop(_tx: Tx): ImportRow {
      const found = requireStaged()
      updateImport.run({ number: found.number, state: 'dropped' })
      return found
    },

    /** As it was before the import that counts. Throws `imports.no-undo` where there is none, `imports.staged` while a file lies ready. */
    undo(_tx: Tx): ImportRow {
      if (staged()) throw new AppError('conflict', 'imports.staged', 'A file lies ready: use it or put it away first.')
      const { number, before } = current()
      const last = selectImport.get({ number })
      if (before === null || !last)
        throw new AppError('conflict', 'imports.no-undo', 'There is no import to take back.')
      updateImport.run({ number, state: 'undone' })
      updateCurrent.run({ number: before, before: null })
      return toImport(last)
    },

    /**
     * Takes one slice of what nobody can see or go back to any more. Answers whether there may be more. What it takes is
     * overwritten in the file.
     */
    sweep(_tx: Tx): boolean {
      return overwriting(db, () => {
        const rows: number[] = []
        let more = false
        for (const number of selectOver.all()) {
          rows.push(...selectBrought.all({ number }))
          more = openAgain.run({ number }).changes > 0 || deleteSeen.run({ number }).changes > 0 || more
        }
        const { before } = current()
        if (before !== null) rows.push(...selectEnded.all({ before }))
        search.remove(rows)
        for (const row of rows) deleteResident.run({ row })
        return more || rows.length > 0
      })
    },
  }
}
