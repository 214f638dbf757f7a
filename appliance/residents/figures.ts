import { labelOf } from './codes.ts'
import { ageOn } from './nik.ts'
import type { Person } from './person.ts'
import type { FiguresView } from './views.ts'

/*
 * The people of a village as figures, pure. Nobody is told apart: a cell of one to four is hidden, and where it alone could be
 * computed from the sum, so is the smallest of the others.
 */

/** The least that a cell shows, besides nobody at all. */
export const leastShown = 5
const groupYears = 5
/** From here on there is one group. */
const oldestGroup = 75

type Cell = FiguresView['groups'][number]['cells'][number]
type Counted = { key: string; label: string; n: number }

/** `today`: the day by which ages are told. Who has died or moved is not counted. */
export async function countResidents(
  people: Iterable<Person> | AsyncIterable<Person>,
  today: string,
): Promise<FiguresView> {
  const counts = new Map<string, Map<string, Counted>>(groupNames.map((name) => [name, new Map()]))
  const pyramid = new Map<number, [number, number]>()
  let total = 0
  const add = (group: (typeof groupNames)[number], key: string, label: string) => {
    const cells = counts.get(group)
    const cell = cells?.get(key) ?? { key, label, n: 0 }
    cell.n++
    cells?.set(key, cell)
  }
  for await (const person of people) {
    if ((person.status ?? 1) !== 1) continue
    total++
    const from = person.birthDate === undefined ? null : ageGroup(Math.max(0, ageOn(person.birthDate, today)))
    add('age', from === null ? unknown : String(from), from === null ? '' : ageLabel(from))
    add('place', placeOf(person) ?? unknown, placeOf(person) ?? '')
    for (const field of codedGroups) {
      const code = person[field]
      add(
        field,
        code === undefined ? unknown : String(code),
        code === undefined ? '' : (labelOf(field, code) ?? String(code)),
      )
    }
    if (from !== null && person.sex !== undefined) {
      const row = pyramid.get(from) ?? [0, 0]
      row[person.sex === 1 ? 0 : 1]++
      pyramid.set(from, row)
    }
  }
  return {
    total,
    groups: groupNames.map((name) => ({
      name,
      cells: hideSmall(inOrder(name, [...(counts.get(name)?.values() ?? [])])),
    })),
    pyramid: hideRows([...pyramid].sort(([one], [other]) => one - other)),
  }
}

/** Of those whose field is not known. */
export const unknown = '?'

const codedGroups = ['sex', 'religion', 'education', 'work', 'marital'] as const
export const groupNames = ['sex', 'age', 'place', 'education', 'work', 'religion', 'marital'] as const

const ageGroup = (age: number): number => Math.min(oldestGroup, age - (age % groupYears))
const ageLabel = (from: number): string => (from >= oldestGroup ? `${from}+` : `${from}–${from + groupYears - 1}`)
const placeOf = ({ hamlet, rt, rw }: Person): string | null => {
  const within = [rt && `RT ${rt}`, rw && `RW ${rw}`].filter(Boolean).join('/')
  return [hamlet, within].filter(Boolean).join(' ') || null
}

/** Ages and places by themselves, all else the most first; what is not known last. */
function inOrder(name: string, cells: Counted[]): Counted[] {
  const rank = (one: Counted) => (one.key === unknown ? 1 : 0)
  return cells.sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (name === 'age'
        ? Number(one.key) - Number(other.key)
        : name === 'place'
          ? one.key.localeCompare(other.key, 'id')
          : other.n - one.n || one.label.localeCompare(other.label, 'id')),
  )
}

/** Cells of one sum. One hidden cell alone is the sum without the others: then the smallest of those goes, too. */
export function hideSmall(cells: readonly Counted[]): Cell[] {
  const hidden = new Set(cells.filter(({ n }) => isSmall(n)).map(({ key }) => key))
  const [only] = hidden
  if (hidden.size === 1) {
    const [next] = cells.filter(({ key, n }) => key !== only && n > 0).sort((one, other) => one.n - other.n)
    if (next) hidden.add(next.key)
  }
  return cells.map(({ key, label, n }) => ({ key, label, n: hidden.has(key) ? veiled(n) : n }))
}

/**
 * Ages by sex, whose sums of both are known elsewhere: a row with a small cell is hidden in both, and one hidden row alone
 * takes the smallest of the others along.
 */
function hideRows(rows: readonly [number, [number, number]][]): FiguresView['pyramid'] {
  const hidden = new Set(rows.filter(([, [male, female]]) => isSmall(male) || isSmall(female)).map(([from]) => from))
  const [only] = hidden
  if (hidden.size === 1) {
    const [next] = rows
      .filter(([from, [male, female]]) => from !== only && male + female > 0)
      .sort(([, one], [, other]) => one[0] + one[1] - other[0] - other[1])
    if (next) hidden.add(next[0])
  }
  return rows.map(([from, [male, female]]) => {
    const show = (n: number) => (hidden.has(from) ? veiled(n) : n)
    return { label: ageLabel(from), male: show(male), female: show(female) }
  })
}

const isSmall = (n: number): boolean => n > 0 && n < leastShown
const veiled = (n: number): 'few' | 'hidden' => (isSmall(n) ? 'few' : 'hidden')
