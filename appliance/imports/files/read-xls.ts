import { readFile, stat } from 'node:fs/promises'
import { read, type WorkBook } from '@e965/xlsx'
import { AppError } from '../../base/errors.ts'
import type { Cell, SheetRow } from './cells.ts'
import type { Encoding } from './read-csv.ts'
import type { Sheets } from './read-xlsx.ts'

/*
 * .xls of Excel 97 to 2003 (BIFF), which needs its whole file, and what else goes by that name: HTML as Indonesian sites
 * hand it out, and Excel's XML of 2003. Only here is the library that reads them, and only in the thread.
 */

/** Beyond it the memory of the thread would end before the file does. */
const mostBytes = 48 * 1024 * 1024

/** `top`: only so many rows of each sheet; null: all. */
export async function openXls(path: string, encoding: Encoding | null, top: number | null): Promise<Sheets> {
  const { size } = await stat(path)
  if (size > mostBytes)
    throw new AppError('invalid', 'imports.too-large', `A file of this kind has ${mostBytes} bytes at most.`)
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
