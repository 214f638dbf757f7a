import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { type BookType, utils, type WorkSheet, write } from '@e965/xlsx'
import { openTable } from '../appliance/imports/files/open-table.ts'
import { inspectTable } from '../appliance/imports/inspect.ts'
import { type ReadCounts, type ReadOptions, readPeopleOf } from '../appliance/imports/read-people.ts'
import type { ParsedRow } from '../appliance/imports/rows.ts'

/* Files of residents for tests, read without the thread: a thread for each would cost more than all the reading. */

const folder = mkdtempSync(join(tmpdir(), 'balai-import-'))
let files = 0

/** Writes a file whose name says nothing, and answers its path. */
export function keepFile(content: string | Uint8Array): string {
  const path = join(folder, `${++files}`)
  writeFileSync(path, content)
  return path
}

export const inspectHere = async (content: string | Uint8Array, sheet: string | null = null) =>
  inspectTable(await openTable(keepFile(content)), sheet)

/** Looks at a file and reads it as what it was taken for, on 2026-11-30. */
export async function readHere(content: string | Uint8Array, options: Partial<ReadOptions> = {}) {
  const table = await openTable(keepFile(content))
  const { format, sheet, columns } = await inspectTable(table, options.sheet ?? null)
  const rows: ParsedRow[] = []
  let counts: ReadCounts | null = null
  const as = { format, sheet, fields: null, today: '2026-11-30', asOf: '2026-11-01', ...options }
  for await (const row of readPeopleOf(table, as, (all) => {
    counts = all
  }))
    rows.push(row)
  return { format, sheet, columns, rows, counts, people: rows.map(({ person }) => person) }
}

/** `refused nik-day`: what was said of a row. */
export const saidOf = (row: ParsedRow | undefined): string[] =>
  (row?.problems ?? []).map(({ severity, code }) => `${severity} ${code}`)

export type Cells = readonly (readonly (string | number | null)[])[]

/** A spreadsheet of these sheets; `change` may set what rows of values cannot say. */
export function makeWorkbook(
  bookType: BookType,
  sheets: Readonly<Record<string, Cells>>,
  change: (sheet: WorkSheet, name: string) => void = () => {},
): Buffer {
  const book = utils.book_new()
  for (const [name, cells] of Object.entries(sheets)) {
    const sheet = utils.aoa_to_sheet(cells.map((row) => [...row]))
    change(sheet, name)
    utils.book_append_sheet(book, sheet, name)
  }
  return Buffer.from(write(book, { bookType, type: 'buffer' }) as Uint8Array)
}

/** A ZIP of these parts; `flags` 1: as if encrypted. */
export function makeZip(parts: Readonly<Record<string, string | Uint8Array>>, flags = 0): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content as string)
    const packed = deflateRawSync(bytes)
    const fixed = Buffer.alloc(26)
    fixed.writeUInt16LE(20, 0)
    fixed.writeUInt16LE(flags, 2)
    fixed.writeUInt16LE(8, 4)
    fixed.writeUInt32LE(crc32(bytes), 10)
    fixed.writeUInt32LE(packed.length, 14)
    fixed.writeUInt32LE(bytes.length, 18)
    fixed.writeUInt16LE(name.length, 22)
    const end = Buffer.alloc(14)
    end.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fixed, end, Buffer.from(name))
    pieces.push(Buffer.from('PK\x03\x04'), fixed, Buffer.from(name), packed)
    at += 4 + fixed.length + name.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  const count = Object.keys(parts).length
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...pieces, ...directory, end])
}
