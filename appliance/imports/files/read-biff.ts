import { AppError } from '../../base/errors.ts'
import type { Bytes } from './bytes.ts'
import type { Cell, SheetRow } from './cells.ts'
import type { Sheets } from './sheets.ts'
import { createTexts, type Texts } from './texts.ts'

/*
 * The stream Workbook of .xls since Excel 97 ([MS-XLS], BIFF8), row by row. The library that reads it takes an object for
 * each cell: ten thousand people with 43 columns need 310 MiB there, and a village of twenty thousand did not fit into the
 * thread. Here its shared texts are kept, and the file is read where it lies.
 */

const record = {
  ...{
    bof: 0x0809,
    eof: 0x000a,
    filePass: 0x002f,
    boundSheet: 0x0085,
    sst: 0x00fc,
    continue: 0x003c,
    date1904: 0x0022,
  },
  ...{ labelSst: 0x00fd, label: 0x0204, number: 0x0203, rk: 0x027e, mulRk: 0x00bd, boolErr: 0x0205 },
  ...{ formula: 0x0006, string: 0x0207, dimensions: 0x0200, rString: 0x00d6 },
} as const

/** BIFF8 has no more. */
const mostColumns = 256
/** Bytes of a NUMBER's, LABEL's or FORMULA's head: row, column, format. */
const cellHead = 6
const daysTo1904 = 1_462

type BiffRecord = { type: number; data: Buffer; at: number }

/** Whether a stream begins as BIFF8 does; older ones are left to the library. */
export function isBiff8(stream: Bytes): boolean {
  const head = stream.read(0, 8)
  return head.length === 8 && head.readUInt16LE(0) === record.bof && head.readUInt16LE(4) === 0x0600
}

/** Opens the stream of a book. Throws `imports.locked`, `imports.not-a-table`, `imports.too-large`. */
export function openBiff(stream: Bytes): Sheets {
  const places = new Map<string, number>()
  let texts: Texts = createTexts()
  let addDays = 0
  for (const { type, data, at } of recordsFrom(stream, 0)) {
    if (type === record.filePass) throw new AppError('invalid', 'imports.locked', 'The book has a password.')
    if (type === record.boundSheet && data[5] === 0) places.set(readShort(data, 6), data.readUInt32LE(0))
    if (type === record.date1904 && data.readUInt16LE(0) === 1) addDays = daysTo1904
    if (type === record.sst) texts = readShared(stream, at)
    if (type === record.eof) break
  }
  return {
    sheets: [...places.keys()],
    rowsOf(sheet) {
      for (const { type, data } of recordsFrom(stream, places.get(sheet ?? '') ?? stream.length)) {
        if (type === record.dimensions) return data.readUInt32LE(4)
        if (type === record.eof) return null
      }
      return null
    },
    async *readRows(sheet) {
      yield* readSheet(stream, places.get(sheet ?? '') ?? stream.length, texts, addDays)
    },
  }
}

function* recordsFrom(stream: Bytes, start: number): Generator<BiffRecord> {
  for (let at = start; at + 4 <= stream.length; ) {
    const head = stream.read(at, 4)
    const bytes = head.readUInt16LE(2)
    yield { type: head.readUInt16LE(0), data: stream.read(at + 4, bytes), at }
    at += 4 + bytes
  }
}

/** Rows as their cells come: Excel and all whom we know write them from the top; a row that comes back later counts again. */
function* readSheet(stream: Bytes, start: number, texts: Texts, addDays: number): Generator<SheetRow> {
  let row = -1
  let cells: Cell[] = []
  let pending = -1
  for (const { type, data } of recordsFrom(stream, start)) {
    if (type === record.eof) break
    // The text of the formula before.
    if (type === record.string && pending >= 0) cells[pending] = readLong(data, 0)
    const read = readCells(type, data, texts, addDays)
    if (!read) continue
    const next = data.readUInt16LE(0)
    if (next !== row) {
      if (cells.length > 0) yield { row: row + 1, cells }
      ;[row, cells] = [next, []]
    }
    const first = data.readUInt16LE(2)
    pending = read[0] === pendingText && first < mostColumns ? first : -1
    for (const [at, cell] of read.entries())
      if (first + at < mostColumns) put(cells, first + at, cell === pendingText ? null : cell)
  }
  if (cells.length > 0) yield { row: row + 1, cells }
}

function put(cells: Cell[], column: number, cell: Cell): void {
  while (cells.length < column) cells.push(null)
  cells[column] = cell
}

/** A formula's text stands in the record behind it. */
const pendingText: Cell = { broken: 'text follows' }

/** The cells of a record, from its own column on. Null: it holds none. */
function readCells(type: number, data: Buffer, texts: Texts, addDays: number): Cell[] | null {
  const day = (value: number): number => (addDays > 0 && value > 366 && value < 60_000 ? value + addDays : value)
  switch (type) {
    case record.labelSst:
      return [texts.at(data.readUInt32LE(cellHead))]
    case record.label:
    case record.rString:
      return [readLong(data, cellHead)]
    case record.number:
      return [day(data.readDoubleLE(cellHead))]
    case record.rk:
      return [day(readRk(data.readInt32LE(cellHead)))]
    case record.mulRk:
      return Array.from({ length: Math.floor((data.length - 6) / 6) }, (_, at) =>
        day(readRk(data.readInt32LE(6 + at * 6))),
      )
    case record.boolErr:
      return [data[7] === 1 ? errorOf(data[6]) : String(data[6])]
    case record.formula:
      return [readFormula(data, day)]
    default:
      return null
  }
}

/** Thirty bits: whole or the upper half of a number, and whether it is a hundredth. */
function readRk(rk: number): number {
  const isWhole = (rk & 2) === 2
  const upper = Buffer.alloc(8)
  upper.writeInt32LE(rk & ~3, 4)
  const value = isWhole ? rk >> 2 : upper.readDoubleLE(0)
  return (rk & 1) === 1 ? value / 100 : value
}

/** The value that was there when the book was saved. */
function readFormula(data: Buffer, day: (value: number) => number): Cell {
  if (data.readUInt16LE(12) !== 0xffff) return day(data.readDoubleLE(cellHead))
  const kind = data[6]
  if (kind === 0) return pendingText
  if (kind === 2) return errorOf(data[8])
  return kind === 1 ? String(data[8]) : null
}

const errors: Readonly<Record<number, string>> = {
  ...{ 0: '#NULL!', 7: '#DIV/0!', 15: '#VALUE!', 23: '#REF!', 29: '#NAME?', 36: '#NUM!', 42: '#N/A' },
}
const errorOf = (code: number | undefined): Cell => ({ broken: errors[code ?? -1] ?? '#' })

/** A text behind its length in two bytes and a byte that says whether it is UTF-16. */
function readLong(data: Buffer, at: number): string {
  const length = data.readUInt16LE(at)
  const isWide = (data.readUInt8(at + 2) & 1) === 1
  return isWide
    ? data.toString('utf16le', at + 3, at + 3 + length * 2)
    : data.toString('latin1', at + 3, at + 3 + length)
}

/** The same behind one byte of length: names of sheets. */
function readShort(data: Buffer, at: number): string {
  const length = data.readUInt8(at)
  const isWide = (data.readUInt8(at + 1) & 1) === 1
  const from = at + 2
  return isWide ? data.toString('utf16le', from, from + length * 2) : data.toString('latin1', from, from + length)
}

/**
 * The shared texts, which go on in as many CONTINUE records as they need: a text that is cut begins there with a byte that
 * says anew whether it is UTF-16; what is behind its letters goes on without one.
 */
function readShared(stream: Bytes, at: number): Texts {
  const texts = createTexts()
  const records = recordsFrom(stream, at)
  let piece = records.next().value?.data ?? Buffer.alloc(0)
  let offset = 8
  let isLast = false
  const left = (): number => piece.length - offset
  const settle = () => {
    while (left() <= 0 && !isLast) {
      const next = records.next().value
      if (next?.type === record.continue) [piece, offset] = [next.data, 0]
      else isLast = true
    }
  }
  const count = piece.readUInt32LE(4)
  const take = (bytes: number): Buffer => {
    settle()
    const taken = piece.subarray(offset, offset + bytes)
    if (taken.length < bytes) throw new AppError('invalid', 'imports.not-a-table', 'The texts of the book end early.')
    offset += bytes
    return taken
  }
  const skip = (bytes: number) => {
    for (let rest = bytes; rest > 0; ) {
      settle()
      const step = Math.min(rest, left())
      if (step <= 0) return
      offset += step
      rest -= step
    }
  }

  for (let index = 0; index < count; index++) {
    const head = take(3)
    let letters = head.readUInt16LE(0)
    const flags = head.readUInt8(2)
    let isWide = (flags & 1) === 1
    const runs = (flags & 8) === 8 ? take(2).readUInt16LE(0) : 0
    const extra = (flags & 4) === 4 ? take(4).readUInt32LE(0) : 0
    let text = ''
    while (letters > 0) {
      if (left() <= 0) {
        settle()
        isWide = (take(1).readUInt8(0) & 1) === 1
      }
      const size = isWide ? 2 : 1
      const here = Math.min(letters, Math.floor(left() / size))
      if (here <= 0) throw new AppError('invalid', 'imports.not-a-table', 'A text of the book is cut.')
      text += take(here * size).toString(isWide ? 'utf16le' : 'latin1')
      letters -= here
    }
    texts.add(text)
    skip(runs * 4 + extra)
  }
  return texts
}
