import type { PersonFields } from '../residents/person.ts'
import type { ProblemCode } from './problem-codes.ts'

/*
 * People who stand in one file twice, and numbers that two people have. Seen in a first reading that keeps a few bytes of
 * each row, so that what becomes of a row does not depend on which of them stands first.
 */

type Entry = { row: number; who: number; isLiving: boolean; marks: readonly string[] }

/**
 * What the others make of a row: what is said of it, naming the other `row`, or the marks that those of the same person have,
 * since a list of aid has a row for each programme.
 */
export type TwinVerdict = { code: ProblemCode; row: number } | { marks: readonly string[] }

const goneStatuses: readonly number[] = [2, 3, 9]

/** Notes each row of a first reading, and then says of each what the others make of it. */
export function createTwins() {
  const firsts = new Map<string, Entry>()
  const twins = new Map<string, Entry[]>()
  let verdicts: Map<number, TwinVerdict> | null = null

  return {
    note(row: number, person: PersonFields, marks: readonly string[]): void {
      const key = keyOf(person)
      if (key === null) return
      const entry = { row, who: whoIs(person), isLiving: !goneStatuses.includes(person.status ?? 1), marks }
      const first = firsts.get(key)
      if (!first) firsts.set(key, entry)
      else twins.set(key, [...(twins.get(key) ?? [first]), entry])
    },
    /** Null: nothing. All rows have to be noted before. */
    verdict(row: number): TwinVerdict | null {
      verdicts ??= new Map([...twins.values()].flatMap(judge))
      return verdicts.get(row) ?? null
    },
  }
}

/** By NIK; who has none, by name, birth place and birth date, where all three are known. */
function keyOf({ nik, name, birthPlace, birthDate }: PersonFields): string | null {
  if (nik !== undefined) return nik
  return name && birthPlace && birthDate ? `${squeeze(name)}|${squeeze(birthPlace)}|${birthDate}` : null
}

/** Of one number: two living people with it are both refused; of one person the first living row counts. */
function judge(entries: readonly Entry[]): [number, TwinVerdict][] {
  const living = entries.filter(({ isLiving }) => isLiving)
  const rivals = living.length > 0 ? living : entries
  const [first] = rivals
  if (!first) return []
  const isOfTwo = rivals.some(({ who }) => who !== first.who)
  return entries.flatMap((entry): [number, TwinVerdict][] => {
    if (isOfTwo && rivals.includes(entry)) {
      const other = rivals.find(({ who }) => who !== entry.who)
      return [[entry.row, { code: 'nik-of-two', row: other?.row ?? first.row }]]
    }
    const same = rivals.filter(({ who }) => who === entry.who)
    const marks = same.flatMap((one) => one.marks)
    if (entry === first) return marks.length > 0 ? [[entry.row, { marks }]] : []
    const twice = entry.marks.length > 0 ? 'twice-joined' : 'twice-in-file'
    const code = same.length > 0 ? twice : 'nik-of-living'
    return [[entry.row, { code, row: first.row }]]
  })
}

const squeeze = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\d]/gu, '')

/** FNV-1a over name and birth date: two rows with one number are the same person if these are the same. */
function whoIs({ name = '', birthDate = '' }: PersonFields): number {
  let hash = 0x811c9dc5
  for (const char of `${squeeze(name)}|${birthDate}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
