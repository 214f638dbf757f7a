/*
 * What a cell of any kind of file is before anybody knows what its column means.
 */

/** A formula whose value was not saved, or an error of the spreadsheet: #REF!, #N/A. */
export type Broken = { broken: string }

/** Text, a number as the spreadsheet keeps it (dates are numbers there, too), or nothing. */
export type Cell = string | number | Broken | null

/** `row`: as the spreadsheet counts it, from 1, empty ones included. Columns count from 0. */
export type SheetRow = { row: number; cells: readonly Cell[] }

/** What a spreadsheet's number is as text: never with an exponent, whole ones without a point. */
const numberText = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : String(value))

// Marks that nobody sees: byte order, zero width, soft hyphen, directions, bells.
const unseen = /[\p{Cc}\p{Cf}]/gu

/** A cell's words, each space single; what says "nothing" (`-`, NULL, a lone apostrophe) is empty. */
export function textOf(cell: Cell): string {
  if (cell === null || typeof cell === 'object') return ''
  if (typeof cell === 'number') return numberText(cell)
  const text = cell.replaceAll(/\s/g, ' ').replaceAll(unseen, '').replaceAll(/ +/g, ' ').trim()
  // An apostrophe in front is how people tell a spreadsheet that digits are text.
  const bare = /^['’‘`´]+(?=[\d\-+]|$)/.test(text) ? text.replace(/^['’‘`´]+/, '').trim() : text
  return /^(?:[-–—.]+|null|\(null\)|#n\/a)$/i.test(bare) ? '' : bare
}

export const isBroken = (cell: Cell): cell is Broken => cell !== null && typeof cell === 'object'

/** Whether nothing stands there that anyone could see. */
export const isEmpty = (cell: Cell): boolean => !isBroken(cell) && textOf(cell) === ''

/** What a text looks like, and nothing of what it says: `Budi 12` is `Aaaa 99`. */
export const maskShape = (text: string): string =>
  text
    .replaceAll(/\p{Lu}/gu, 'A')
    .replaceAll(/\p{Ll}|\p{Lo}/gu, 'a')
    .replaceAll(/\d/g, '9')
