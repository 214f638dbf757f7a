import { canonicalJson } from '../wire/hash.ts'
import type { Person, PersonFields } from './person.ts'

/* What a file may change of somebody whom the box knows already. */

/**
 * What happens to a person, and is no mistake in writing: a file that says otherwise changes none of it. The rule of
 * OpenSID's import, whose files these are: somebody records the event.
 */
export const eventFields = ['status', 'relation', 'kk', 'address', 'hamlet', 'rw', 'rt'] as const
export type EventField = (typeof eventFields)[number]

export type Merged = {
  person: Person
  /** In canonical form: two that are alike are the same bytes. */
  text: string
  isChanged: boolean
  /** What the file says otherwise and does not change. */
  kept: EventField[]
}

/** As it is stored: members in order. */
export const personText = (person: Person): string => canonicalJson(person)

/**
 * One person as the box knows them and as a file says: fields that the file is silent of stay, what is an event stays
 * where it is known, marks are added, each with its newest day.
 */
export function mergePerson(known: Person, said: PersonFields): Merged {
  const kept = eventFields.filter(
    (field) => said[field] !== undefined && known[field] !== undefined && said[field] !== known[field],
  )
  const { marks, ...fields } = said
  const taken = Object.fromEntries(Object.entries(fields).filter(([field]) => !kept.includes(field as EventField)))
  const person: Person = { ...known, ...taken, ...mergeMarks(known.marks, marks) }
  const text = personText(person)
  return { person, text, isChanged: text !== personText(known), kept }
}

type Marks = Person['marks']

function mergeMarks(known: Marks = [], said: Marks = []): { marks?: NonNullable<Marks> } {
  const newest = new Map(known.map((one) => [one.mark, one]))
  for (const one of said) {
    const before = newest.get(one.mark)
    if (!before || (one.asOf ?? '') >= (before.asOf ?? '')) newest.set(one.mark, one)
  }
  const marks = [...newest.values()].sort((one, other) => (one.mark < other.mark ? -1 : 1))
  return marks.length > 0 ? { marks } : {}
}

/** What two writings of one name share; Moh. and Muhammad are told alike by the search, not here. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}\s]/gu, '')
    .toUpperCase()
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')
