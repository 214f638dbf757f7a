import { readFile, stat } from 'node:fs/promises'
import { read, type WorkBook } from '@e965/xlsx'
import { AppError } from '../../base/errors.ts'
import { type Bytes, fileBytes } from './bytes.ts'
import type { Cell, SheetRow } from './cells.ts'
import { readCompound } from './compound.ts'
import { isBiff8, openBiff } from './read-biff.ts'
import type { Encoding } from './read-csv.ts'
import type { Sheets } from './sheets.ts'

/*
 * What goes by the name of .xls: the books of Excel since 1997, HTML as Indonesian sites hand it out, Excel's XML of 2003,
 * and books of before. Only here is the library that reads the last three, and only in the thread.
 */

/** A book holds 65,536 rows: with the columns of SIAK it has 40 MB. */
const mostBytes = 64 * 1024 * 1024

/** `top`: only so many rows of each sheet; null: all. */
export async function openXls(path: string, encoding: Encoding | null, top: number | null): Promise<Sheets> {
  const { size } = await stat(path)
  if (size > mostBytes)
    throw new AppError('invalid', 'imports.too-large', `A file of this kind has ${mostBytes} bytes at most.`)
  const file = fileBytes(path)
  const stream = encoding === null && isCompound(file.read(0, 8)) ? bookOf(file) : null
  if (stream && isBiff8(stream)) return openBiff(stream)
  const book = parse(await readFile(path), encoding, top)
  return {
    sheets: book.SheetNames,
    rowsOf(sheet) {
      const area = book.Sheets[sheet ?? '']
      const [, row] = /:[A-Z]+(\d+)$/.exec(area?.['!fullref'] ?? area?.['!ref'] ?? '') ?? []
      return row ? Number(row) : null
    },
    async *readRows(sheet) {
      yield* rowsOf(book, sheet ?? '')
    },
  }
}

/** Microsoft's compound file: .xls, and .xlsx under a password. */
export const isCompound = (bytes: Buffer): boolean => bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1'

/** The stream of a book. Null: there is none. */
function bookOf(file: Bytes): Bytes | null {
  const streams = readCompound(file)
  if (streams.has('EncryptedPackage')) throw new AppError('invalid', 'imports.locked', 'The file has a password.')
  return (streams.get('Workbook') ?? streams.get('Book') ?? streams.get('WORKBOOK'))?.() ?? null
}

function parse(bytes: Buffer, encoding: Encoding | null, top: number | null): WorkBook {
  const options = {
    ...{ dense: true, raw: true, cellFormula: false, cellHTML: false, cellText: false, cellDates: false },
    ...(top === null ? {} : { sheetRows: top }),
  }
  try {
    if (encoding === null) return read(bytes, { ...options, type: 'buffer' })
    return read(new TextDecoder(encoding).decode(bytes), { ...options, type: 'string' })
  } catch (error) {
    const message = String(error)
    if (/password|encrypt/i.test(message))
      throw new AppError('invalid', 'imports.locked', `The file has a password: ${message}`)
    throw new AppError('invalid', 'imports.not-a-table', `The file cannot be read as a spreadsheet: ${message}`)
  }
}

function* rowsOf(book: WorkBook, sheet: string): Generator<SheetRow> {
  const addDays = book.Workbook?.WBProps?.date1904 ? 1_462 : 0
  for (const [at, cells] of (book.Sheets[sheet]?.['!data'] ?? []).entries())
    if (cells) yield { row: at + 1, cells: Array.from(cells, (cell) => cellOf(cell, addDays)) }
}

function cellOf(cell: { t: string; v?: unknown; w?: string } | undefined, addDays: number): Cell {
  if (!cell || cell.t === 'z' || cell.v === undefined || cell.v === null) return null
  if (cell.t === 'e') return { broken: errors[Number(cell.v)] ?? '#' }
  if (typeof cell.v === 'number') return addDays > 0 && cell.v > 366 && cell.v < 60_000 ? cell.v + addDays : cell.v
  if (cell.v instanceof Date) return cell.v.toISOString().slice(0, 10)
  return typeof cell.v === 'string' ? cell.v : String(cell.v)
}

/** BIFF's numbers of errors ([MS-XLS] 2.5.10). */
const errors: Readonly<Record<number, string>> = {
  ...{ 0: '#NULL!', 7: '#DIV/0!', 15: '#VALUE!', 23: '#REF!', 29: '#NAME?', 36: '#NUM!', 42: '#N/A' },
}
