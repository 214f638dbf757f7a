import type { Db } from '../base/store/store.ts'
import { plainName } from './merge.ts'
import type { Person, PersonFields } from './person.ts'
import { personIn, type StoredRecord } from './records.ts'

/** Somebody whom a row may mean. `why`: what they have in common. */
export type Candidate = { resident: string; person: Person; why: 'one-nik' | 'one-birth' }

/** Whom the box knows, found by what a row of a file says of somebody. */
export function createKnownPeople(db: Db) {
  const selectByNik = db.prepare<{ nik: string }, StoredRecord>(
    'SELECT row, resident, person FROM resident_now WHERE nik = @nik',
  )
  const selectByBirth = db.prepare<{ birthDate: string }, StoredRecord>(
    'SELECT row, resident, person FROM resident_now WHERE birth_date = @birthDate LIMIT 1000',
  )
  const selectById = db.prepare<{ resident: string }, StoredRecord>(
    'SELECT row, resident, person FROM resident_now WHERE resident = @resident',
  )

  /** The one whom it means, or those whom it may mean: then a person decides. */
  function find(said: PersonFields): { known: StoredRecord | null; candidates: Candidate[] } {
    const byNik = said.nik ? selectByNik.all({ nik: said.nik }) : []
    const [first] = byNik
    if (first && byNik.length === 1) {
      if (isOtherPerson(personIn(first), said))
        return { known: null, candidates: [{ resident: first.resident, person: personIn(first), why: 'one-nik' }] }
      return { known: first, candidates: [] }
    }
    if (byNik.length > 1)
      return {
        known: null,
        candidates: byNik.map((one) => ({ resident: one.resident, person: personIn(one), why: 'one-nik' })),
      }
    if (!said.birthDate || !said.name) return { known: null, candidates: [] }
    const alike = selectByBirth.all({ birthDate: said.birthDate }).filter((one) => isAlike(personIn(one), said))
    const [only] = alike
    // Neither has a NIK: name, birthplace and birth date are all that tells people apart.
    if (only && alike.length === 1 && !said.nik && !personIn(only).nik) return { known: only, candidates: [] }
    return {
      known: null,
      candidates: alike.map((one) => ({ resident: one.resident, person: personIn(one), why: 'one-birth' })),
    }
  }

  return {
    find,
    byId: (resident: string): StoredRecord | undefined => selectById.get({ resident }),
    byNik: (nik: string): Person[] => selectByNik.all({ nik }).map(personIn),
  }
}

const sameNames = (one: string, other: string): boolean => plainName(one) === plainName(other)

/** One NIK, and neither name nor birth date is the same: somebody has to look. */
const isOtherPerson = (known: Person, said: PersonFields): boolean =>
  said.name !== undefined &&
  !sameNames(known.name, said.name) &&
  said.birthDate !== undefined &&
  known.birthDate !== undefined &&
  said.birthDate !== known.birthDate

/** Born on one day, and called alike, and not in two places. */
const isAlike = (known: Person, said: PersonFields): boolean =>
  sameNames(known.name, said.name ?? '') &&
  (!known.birthPlace || !said.birthPlace || sameNames(known.birthPlace, said.birthPlace))
