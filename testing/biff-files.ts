import { CFB } from '@e965/xlsx'
import type { Cells } from './import-files.ts'

/*
 * Books as Excel 97 writes them, with shared texts that go on in several records: the library that makes the other files of
 * tests takes minutes and gigabytes for a village, and writes no shared texts.
 */

const u16 = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8])
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const record = (type: number, data: Buffer): Buffer => Buffer.concat([u16(type), u16(data.length), data])
const bof = (kind: number) => record(0x0809, Buffer.concat([u16(0x0600), u16(kind), Buffer.alloc(12)]))

/** A book of one sheet, A. `recordBytes`: how long a record of shared texts may be; Excel’s own limit is 8,224. */
export function makeBiff(cells: Cells, recordBytes = 8_224): Buffer {
  const texts = new Map<string, number>()
  let count = 0
  const rows: Buffer[] = []
  for (const [row, line] of cells.entries())
    for (const [column, cell] of line.entries()) {
      if (cell === null) continue
      const head = [u16(row), u16(column), u16(0)]
      if (typeof cell === 'string') {
        const index = texts.get(cell) ?? texts.size
        texts.set(cell, index)
        count += 1
        rows.push(record(0x00fd, Buffer.concat([...head, u32(index)])))
      } else {
        const number = Buffer.alloc(8)
        number.writeDoubleLE(cell)
        rows.push(record(0x0203, Buffer.concat([...head, number])))
      }
    }
  const shared = sharedTexts([...texts.keys()], count, recordBytes)
  const boundSheet = (at: number) =>
    record(0x0085, Buffer.concat([u32(at), u16(0), Buffer.from([1, 0]), Buffer.from('A')]))
  const eof = record(0x000a, Buffer.alloc(0))
  const globals = (at: number) => Buffer.concat([bof(0x0005), boundSheet(at), ...shared, eof])
  const start = globals(0).length
  const dimensions = record(0x0200, Buffer.concat([u32(0), u32(cells.length), u16(0), u16(50), u16(0)]))
  const file = CFB.utils.cfb_new()
  CFB.utils.cfb_add(file, '/Workbook', Buffer.concat([globals(start), bof(0x0010), dimensions, ...rows, eof]))
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array)
}

/** SST and its CONTINUE: a text that is cut says anew whether it is UTF-16, as Excel does, where the rest may be narrow. */
function sharedTexts(texts: readonly string[], count: number, recordBytes: number): Buffer[] {
  const records: Buffer[] = []
  let pieces = [u32(count), u32(texts.length)]
  let size = 8
  const flush = () => {
    records.push(record(records.length === 0 ? 0x00fc : 0x003c, Buffer.concat(pieces)))
    ;[pieces, size] = [[], 0]
  }
  const add = (bytes: Buffer) => {
    pieces.push(bytes)
    size += bytes.length
  }
  for (const text of texts) {
    // A text's head is never cut.
    if (size + 5 > recordBytes) flush()
    const isWide = (part: string) => [...part].some((char) => (char.codePointAt(0) ?? 0) > 0xff)
    // Formatting of its letters stands behind those that come second of three.
    const runs = text.length % 3 === 1 ? 1 : 0
    let wide = isWide(text)
    add(Buffer.concat([u16(text.length), Buffer.from([(wide ? 1 : 0) | (runs ? 8 : 0)]), ...(runs ? [u16(runs)] : [])]))
    for (let at = 0; at < text.length; ) {
      const fits = Math.floor((recordBytes - size) / (wide ? 2 : 1))
      if (fits <= 0) {
        flush()
        wide = isWide(text.slice(at))
        add(Buffer.from([wide ? 1 : 0]))
        continue
      }
      const part = text.slice(at, at + fits)
      add(Buffer.from(part, wide ? 'utf16le' : 'latin1'))
      at += part.length
    }
    for (let left = runs * 4; left > 0; left--) {
      if (size + 1 > recordBytes) flush()
      add(Buffer.from([0xee]))
    }
  }
  flush()
  return records
}
