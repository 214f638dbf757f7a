import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { findSeparator } from '../../base/csv.ts'
import { encodingOf } from '../../base/decode-text.ts'
import { AppError } from '../../base/errors.ts'
import type { SheetRow } from './cells.ts'

/*
 * Tables as text of any size: nothing of the file is kept but the row that is read.
 */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type CsvShape = { encoding: Encoding; separator: string }

const headBytes = 64 * 1024
/** Characters. What has no end within these is no row. */
const longestRow = 256 * 1024
/** `sep=;` in the first line, as Excel reads it. */
const toldSeparator = /^"?sep=(.)"?(?:\r\n|\r|\n)/i

/** How a text file was saved. Reads it to its end where its encoding has to be proved. */
export async function findCsvShape(path: string): Promise<CsvShape> {
  const head = await readHead(path, headBytes)
  const encoding = encodingOf(head) ?? ((await isUtf8(path)) ? 'utf-8' : 'windows-1252')
  const text = new TextDecoder(encoding).decode(head, { stream: true })
  // The last line of the head may be half a one.
  const lines = head.length < headBytes ? text : text.replace(/[^\r\n]*$/, '')
  return { encoding, separator: toldSeparator.exec(text)?.[1] ?? findSeparator(lines || text) }
}

/** The first bytes of a file. */
export async function readHead(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of createReadStream(path)) decoder.decode(piece as Buffer, { stream: true })
    decoder.decode()
    return true
  } catch {
    return false
  }
}

/** The rows of a text file, one after the other. Throws `imports.quote-open`, `imports.not-a-table`. */
export async function* readCsvRows(path: string, { encoding, separator }: CsvShape): AsyncGenerator<SheetRow> {
  const parser = parse({
    ...{ delimiter: separator, relax_column_count: true, relax_quotes: true, max_record_size: longestRow },
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  const feeding = pipeline(Readable.from(decoded(path, encoding)), parser)
  // Who stops reading early ends it, which is no failure of the file.
  feeding.catch(() => {})
  let row = 0
  try {
    for await (const cells of parser) yield { row: ++row, cells: cells as string[] }
  } catch (error) {
    throw readable(error, row + 1)
  } finally {
    parser.destroy()
  }
}

/** The text in pieces, without its byte-order mark and without a line that names the separator. */
async function* decoded(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  let isFirst = true
  for await (const piece of createReadStream(path)) {
    const text = decoder.decode(piece as Buffer, { stream: true })
    yield isFirst ? text.replace(toldSeparator, '') : text
    isFirst = false
  }
  yield decoder.decode()
}

function readable(error: unknown, row: number): unknown {
  const { code } = error as { code?: string }
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE')
    return new AppError('invalid', 'imports.quote-open', `Row ${row} has no end: a quotation mark is open.`, { row })
  if (code?.startsWith('CSV_'))
    return new AppError('invalid', 'imports.not-a-table', `Row ${row} is no row of a table: ${code}.`)
  return error
}
