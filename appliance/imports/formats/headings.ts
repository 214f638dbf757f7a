import { type Cell, isEmpty, type SheetRow, textOf } from '../files/cells.ts'
import type { Column, ColumnField, Layout } from './format.ts'

/*
 * Finding the row of headings: titles may stand above it, a second row may stand below where cells are merged, and a row of
 * numbers of columns below that.
 */

/** Headings by their letters and digits alone, so that `No. KK`, `NO_KK` and `no kk` are one. */
export const squeezeHeading = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

export type Headings = ReadonlyMap<string, ColumnField | null>

/** The members by each of the words for them. */
export function defineHeadings(words: Partial<Record<ColumnField, readonly string[]>>): Headings {
  return new Map(
    Object.entries(words).flatMap(([field, all]) => all.map((word) => [squeezeHeading(word), field as ColumnField])),
  )
}

/** So far down a heading is looked for. */
export const headRows = 40

/** The row with most known headings, two at least, with what stands merged above its cells. Null: there is none. */
export function findLayout(head: readonly SheetRow[], known: Headings, least = 2): Layout | null {
  let best: { at: number; count: number } | null = null
  for (const [at, row] of head.slice(0, headRows).entries()) {
    const count = countKnown(row, known)
    if (count >= least && count > (best?.count ?? 0)) best = { at, count }
  }
  if (!best) return null
  const upper = head[best.at]
  const lower = head[best.at + 1]
  if (!upper) return null
  const isSecond = lower !== undefined && isSecondHeading(upper, lower, known)
  const columns = nameColumns(upper, isSecond ? lower : null, known)
  return { headingRow: isSecond ? lower.row : upper.row, columns }
}

/** The headings of a layout by their letters and digits, to know a kind of file by. */
export const headingsOf = (layout: Layout | null): ReadonlySet<string> =>
  new Set(layout?.columns.map(({ heading }) => squeezeHeading(heading)))

const countKnown = (row: SheetRow, known: Headings): number =>
  new Set(row.cells.flatMap((cell) => known.get(squeezeHeading(textOf(cell))) ?? [])).size

/** `Tempat Lahir | Tgl/Bln/Th` below `Tempat dan Tanggal Lahir`: words only, a known one among them, no number. */
function isSecondHeading(upper: SheetRow, lower: SheetRow, known: Headings): boolean {
  const filled = lower.cells.filter((cell) => !isEmpty(cell))
  if (filled.length === 0 || filled.some((cell) => typeof cell !== 'string' || /\d{3}/.test(cell))) return false
  return lower.row === upper.row + 1 && filled.some((cell) => known.has(squeezeHeading(textOf(cell))))
}

function nameColumns(upper: SheetRow, lower: SheetRow | null, known: Headings): Column[] {
  const width = Math.max(upper.cells.length, lower?.cells.length ?? 0)
  const taken = new Set<ColumnField>()
  return Array.from({ length: width }, (_, index) => {
    const [above, below] = [wordsAt(upper, index), lower ? wordsAt(lower, index) : '']
    const heading = below || above
    const field = known.get(squeezeHeading(below)) ?? known.get(squeezeHeading(above)) ?? null
    const isFree = field !== null && (field === 'marks' || !taken.has(field))
    if (isFree) taken.add(field)
    return { index, heading, field: isFree ? field : null }
  }).filter(({ heading }) => heading !== '')
}

const wordsAt = (row: SheetRow, index: number): string => textOf(row.cells[index] ?? null)

/** `(1) (2) (3)` or `-1 -2 -3` below a heading: the numbers of the columns. */
export function isColumnNumbers(cells: readonly Cell[]): boolean {
  const numbers = cells.filter((cell) => !isEmpty(cell)).map((cell) => textOf(cell).replaceAll(/[()]/g, ''))
  if (numbers.length < 3 || numbers.some((text) => !/^-?\d{1,3}$/.test(text))) return false
  return numbers.every((text, at) => at === 0 || Math.abs(Number(text)) === Math.abs(Number(numbers[at - 1])) + 1)
}

/** Spreadsheets' own name of a column: A … Z, AA … */
export function columnLetter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnLetter(Math.floor(index / 26) - 1) + last
}
