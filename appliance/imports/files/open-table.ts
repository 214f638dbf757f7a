import { AppError } from '../../base/errors.ts'
import type { SheetRow } from './cells.ts'
import { type Encoding, findCsvShape, readCsvRows, readHead } from './read-csv.ts'
import { openOds } from './read-ods.ts'
import { isCompound, openXls } from './read-xls.ts'
import { openXlsx } from './read-xlsx.ts'
import { openZip, type Zip } from './zip.ts'

/** A file as rows of cells, whatever kind it is. */
export type Table = {
  kind: 'csv' | 'xls' | 'xlsx' | 'ods' | 'html'
  /** Of a text; null: the kind of file knows none. */
  encoding: Encoding | null
  /** In the order of the file; none where the kind knows no sheets. */
  sheets: string[]
  /** How many rows the file says that a sheet has; null: it does not say. */
  rowsOf(sheet: string | null): number | null
  /** From the top; may be begun again. */
  readRows(sheet: string | null): AsyncIterable<SheetRow>
}

/**
 * Opens a file by what is in it, not by its name. `top`: only so many rows of each sheet will be asked for; null: all.
 * Throws AppError 'invalid': `imports.empty`, `imports.locked`, `imports.bomb`, `imports.too-large`, `imports.zip`,
 * `imports.not-a-table`.
 */
export async function openTable(path: string, top: number | null = null): Promise<Table> {
  try {
    const table = await openByContent(path, top)
    return { ...table, readRows: (sheet) => readWhole(table.readRows(sheet)) }
  } catch (error) {
    throw asDamage(error)
  }
}

async function* readWhole(rows: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow> {
  try {
    yield* rows
  } catch (error) {
    throw asDamage(error)
  }
}

/** Whoever reads behind the end of a buffer was sent there by the file. */
const asDamage = (error: unknown): unknown =>
  error instanceof RangeError
    ? new AppError('invalid', 'imports.not-a-table', `The file is damaged: ${error.message}`)
    : error

async function openByContent(path: string, top: number | null): Promise<Table> {
  const head = await readHead(path, 4096)
  if (head.length === 0) throw new AppError('invalid', 'imports.empty', 'The file is empty.')
  if (isCompound(head) || isBareBiff(head)) return { kind: 'xls', encoding: null, ...(await openXls(path, null, top)) }
  if (head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]))) return openPacked(await openZip(path))
  const shape = await findCsvShape(path)
  const text = new TextDecoder(shape.encoding).decode(head, { stream: true }).trimStart()
  if (/^<(?:!doctype|html|head|body|meta|table|style|\?xml|div|center|!--)/i.test(text))
    return { kind: 'html', encoding: shape.encoding, ...(await openXls(path, shape.encoding, top)) }
  const isText = shape.encoding.startsWith('utf-16') || !head.includes(0)
  if (!isText || /^(?:%PDF|\{\\rtf)/.test(text))
    throw new AppError('invalid', 'imports.not-a-table', 'The file is neither a spreadsheet nor a text.')
  return {
    kind: 'csv',
    encoding: shape.encoding,
    sheets: [],
    rowsOf: () => null,
    readRows: () => readCsvRows(path, shape),
  }
}

async function openPacked(zip: Zip): Promise<Table> {
  const names = [...zip.entries.keys()]
  if (names.some((name) => /(?:^|\/)workbook\.xml$/i.test(name)))
    return { kind: 'xlsx', encoding: null, ...(await openXlsx(zip)) }
  // OpenSID packs what it sends to OpenDK together with photographs. Unpacked here it would lie about in the clear.
  if (names.some((name) => /\.(?:xlsx|xlsm|xls|ods|csv)$/i.test(name)))
    throw new AppError('invalid', 'imports.zip', 'The ZIP holds a spreadsheet beside other files.')
  if (!zip.entries.has('content.xml'))
    throw new AppError('invalid', 'imports.not-a-table', 'The ZIP holds no spreadsheet.')
  if (zip.entries.has('META-INF/manifest.xml') && (await isLockedOds(zip)))
    throw new AppError('invalid', 'imports.locked', 'The file has a password.')
  return { kind: 'ods', encoding: null, ...(await openOds(zip)) }
}

async function isLockedOds(zip: Zip): Promise<boolean> {
  let text = ''
  for await (const piece of zip.read('META-INF/manifest.xml')) text += piece.toString()
  return text.includes('encryption-data')
}

/** A .xls of before 1995, and of programs that write as then: it begins with its first record. */
const isBareBiff = (head: Buffer): boolean => head[0] === 9 && [0, 2, 4, 8].includes(head[1] ?? -1) && head[3] === 0
