import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import { openFacts } from '../base/store/facts.ts'
import { overwriting } from '../base/store/overwriting.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { tidyText } from '../base/tidy-text.ts'
import { createWordErasure } from './erase-words.ts'
import type { ErasedMarks, Gone } from './erased-marks.ts'
import { residentEvents } from './events.ts'
import { plainName } from './merge.ts'
import type { Person, PersonFields } from './person.ts'
import type { ErasureReason } from './reasons.ts'
import { personIn, type Records } from './records.ts'
import type { Search } from './search.ts'
import type { Staging } from './staging.ts'

export type Erasure = ReturnType<typeof createErasure>

type Parts = {
  store: Store
  journal: Journal
  records: Records
  search: Search
  staging: Staging
  marks: ErasedMarks
  /** Somebody is gone: what is counted and shown is so anew. */
  changed: () => void
  log: { error(details: object, what: string): void }
}

type Erase = Command & {
  resident: string
  reason: ErasureReason
  note: string
  /** The name as it was typed to confirm. */
  typed: string
}

/** Who is erased. `isNamed`: whether a row of a file names one of them, by the NIK, or by name and birth date. */
export type Erased = { residents: ReadonlySet<string>; isNamed: (said: PersonFields) => boolean }
/** Hears once of all of a transaction, within it, and takes away what its own tables have of them. */
type Forget = (tx: Tx, erased: Erased) => void

const uncleanFact = 'residents-unclean'
/** Pages of the index that one step of cleaning writes. */
const cleanedPages = 64

/**
 * Erases one person from every table of the box: each version of the record, the index, the spellings that nobody else has, the
 * NIK in the records of children, rows that wait for a decision, and the words in which others said why they looked. What
 * stays is who looked when, by an id that names nobody, and the marks by which a file is told that brings them again.
 */
export function createErasure({ store, journal, records, search, staging, marks, changed, log }: Parts) {
  const { db } = store
  const pen = journal.pen(residentEvents)
  const facts = openFacts(db)
  const listeners: Forget[] = []
  const eraseWords = createWordErasure(db)
  let isStopped = false
  const selectVersions = db.prepare<{ resident: string }, { row: number; person: string }>(
    'SELECT row, person FROM resident WHERE resident = @resident',
  )
  const selectOpenings = db
    .prepare<{ resident: string }, number>('SELECT ordinal FROM resident_opened WHERE resident = @resident')
    .pluck()
  // Those whom an older backup or a later file of the regency's has brought back under their old id.
  const selectBack = db
    .prepare<[], string>('SELECT DISTINCT resident FROM resident_erased JOIN resident USING (resident) LIMIT 20')
    .pluck()
  const deleteVersions = db.prepare('DELETE FROM resident WHERE resident = @resident')
  const deleteSeen = db.prepare('DELETE FROM resident_seen WHERE resident = @resident')
  const parents = (['motherNik', 'fatherNik'] as const).map((field) =>
    db.prepare<{ niks: string }>(`
      UPDATE resident
      SET person = json_remove(person, '$.${field}')
      WHERE person ->> '${field}' IN (SELECT value FROM json_each(@niks))`),
  )
  const mergeTerms = db.prepare<{ pages: number }>(
    "INSERT INTO resident_search (resident_search, rank) VALUES ('merge', @pages)",
  )
  const countChanges = db.prepare<[], number>('SELECT total_changes()').pluck()

  const remove = (tx: Tx, residents: readonly string[], why: Gone['why']): void =>
    overwriting(db, () => removeNow(tx, residents, why))

  function removeNow(tx: Tx, residents: readonly string[], why: Gone['why']): void {
    const gone: Person[] = []
    for (const resident of residents) {
      const versions = selectVersions.all({ resident })
      const people = versions.map(personIn)
      gone.push(...people)
      for (const person of people) marks.remember(tx, person, why)
      search.remove(versions.map(({ row }) => row))
      staging.uncount(tx, resident)
      deleteVersions.run({ resident })
      deleteSeen.run({ resident })
      journal.eraseParts(tx, selectOpenings.all({ resident }))
    }
    const isNamed = (said: PersonFields) => gone.some((person) => isOne(person, said))
    for (const forget of listeners) forget(tx, { residents: new Set(residents), isNamed })
    const niks = JSON.stringify(gone.flatMap(({ nik }) => nik ?? []))
    for (const one of parents) one.run({ niks })
    eraseWords(gone)
    facts.write(uncleanFact, '1')
  }

  /** One step; answers whether there is more. Terms that were deleted stay in the index's pages until those are written anew. */
  function cleanStep(isFirst: boolean): boolean {
    return store.write(() => {
      const before = countChanges.get() ?? 0
      overwriting(db, () => mergeTerms.run({ pages: isFirst ? -cleanedPages : cleanedPages }))
      const isMore = (countChanges.get() ?? 0) - before > 1
      if (!isMore) facts.forget(uncleanFact)
      return isMore
    })
  }

  /** What was deleted leaves the file and its log as well, between other work. Resolves when nothing of it is left. */
  async function clean(): Promise<void> {
    for (let isFirst = true; facts.read(uncleanFact) !== undefined && !isStopped; isFirst = false) {
      cleanStep(isFirst)
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (!isStopped) db.pragma('wal_checkpoint(TRUNCATE)')
  }
  let cleaning: Promise<void> = Promise.resolve()
  const beginCleaning = (): Promise<void> => {
    cleaning = cleaning
      .then(clean)
      .catch(({ code }) =>
        log.error({ code }, 'what was erased is still in the file; it is tried again within a minute'),
      )
    return cleaning
  }

  return {
    /** Tables of other rooms, and of this one: each takes away what it has of whom is erased. */
    onErase: (forget: Forget): void => void listeners.push(forget),

    /**
     * Erases whom the caller has open. Throws `residents.unknown`, `residents.not-open`, `residents.name-differs` where the name
     * that was typed is another one, and `residents.note-needed`.
     */
    async erase({ resident, reason, note, typed, actor, key }: Erase): Promise<void> {
      if (key !== null && pen.entryByKey(key, 'residents.person-erased')) return
      if (plainName(typed) !== plainName(records.opened(resident, actor).name))
        throw new AppError('invalid', 'residents.name-differs', 'The name is another one.', { field: 'typed' })
      const words = tidyText(note)
      if (reason === 'other' && words === '')
        throw new AppError('invalid', 'residents.note-needed', 'Say in a few words why.', { field: 'note' })
      const part = words === '' ? undefined : await pen.seal('residents.person-erased', { note: words })
      store.write((tx) => {
        if (!records.isKnown(resident)) return
        remove(tx, [resident], 'erased')
        const data = { resident, reason }
        pen.append(tx, { type: 'residents.person-erased', actor, key, data, ...(part ? { private: part } : {}) })
      })
      changed()
      await beginCleaning()
    },

    /** These have been kept long enough; in the caller's transaction, who then calls `look`. Answers how many. */
    letGo(tx: Tx, residents: readonly string[]): number {
      if (residents.length > 0) remove(tx, residents, 'ended')
      return residents.length
    },

    /** Erases again who came back under the old id, and goes on with what a stop has cut short. Called now and then. */
    look(): void {
      const back = selectBack.all()
      if (back.length > 0) {
        store.write((tx) => remove(tx, back, 'erased'))
        changed()
      }
      if (facts.read(uncleanFact) !== undefined) void beginCleaning()
    },

    async stop(): Promise<void> {
      isStopped = true
      await cleaning
    },
  }
}

const isOne = (person: Person, { nik, name = '', birthDate }: PersonFields): boolean =>
  (nik !== undefined && nik === person.nik) ||
  (birthDate !== undefined && birthDate === person.birthDate && plainName(name) === plainName(person.name))
