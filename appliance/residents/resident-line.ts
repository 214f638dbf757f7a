import { maskNumber } from './mask.ts'
import { ageOn } from './nik.ts'
import type { Person } from './person.ts'
import type { ResidentLine } from './views.ts'

/** Full years on a day; null: nobody knows. */
export const ageOf = ({ birthDate }: Pick<Person, 'birthDate'>, today: string): number | null =>
  birthDate ? Math.max(0, ageOn(birthDate, today)) : null

/** Somebody as lists show them, masked. `by`: why they are in it, where that is to be said. */
export function residentLine(resident: string, person: Person, by: string | null, today: string): ResidentLine {
  const { name, nik, sex, hamlet, rw, rt, relation, status } = person
  return {
    ...{ resident, name, nik: nik ? maskNumber(nik) : null, sex: sex ?? null },
    age: ageOf(person, today),
    ...{ hamlet: hamlet ?? null, rw: rw ?? null, rt: rt ?? null, relation: relation ?? null },
    ...{ status: status ?? 1, by },
  }
}
