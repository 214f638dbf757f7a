import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInflateRaw } from 'node:zlib'
import { AppError } from '../../base/errors.ts'

/*
 * The parts of a ZIP (PKWARE's APPNOTE 6.3), inflated piece by piece: spreadsheets are ZIPs, and a small one of a stranger
 * may hold more than any disk. Without ZIP64, which no spreadsheet under 4 GB needs.
 */

export type ZipEntry = { name: string; method: number; isEncrypted: boolean; packedBytes: number; at: number }
export type Zip = { entries: ReadonlyMap<string, ZipEntry>; read(name: string): AsyncGenerator<Buffer> }

const endBytes = 22
const longestComment = 65_535
const mostEntries = 10_000
/** Spreadsheets' XML packs to a tenth; sheets of nothing but styles to a hundredth. */
const mostTimesLarger = 250
const alwaysAllowedBytes = 16 * 1024 * 1024
/** A hundred thousand people with 43 columns are a third of it. */
const mostBytes = 1024 * 1024 * 1024

/** Reads a ZIP's directory. Throws `imports.not-a-table` where there is none. */
export async function openZip(path: string): Promise<Zip> {
  const file = await open(path)
  try {
    const directory = await readDirectory(file)
    return { entries: directory, read: (name) => inflate(path, directory.get(name)) }
  } finally {
    await file.close()
  }
}

async function readDirectory(file: FileHandle): Promise<Map<string, ZipEntry>> {
  const { size } = await file.stat()
  const tail = await readAt(
    file,
    Math.max(0, size - endBytes - longestComment),
    Math.min(size, endBytes + longestComment),
  )
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + endBytes > tail.length) throw broken('it has no directory')
  const [count, bytes, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
  if (count > mostEntries || start + bytes > size) throw broken('its directory is none')
  const directory = await readAt(file, start, bytes)
  const entries = new Map<string, ZipEntry>()
  for (let at = 0, left = count; left > 0; left--) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50)
      throw broken('its directory ends early')
    const nameBytes = directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes).replaceAll('\\', '/')
    const header = directory.readUInt32LE(at + 42)
    const local = await readAt(file, header, 30)
    if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw broken(`${name} is not where it should be`)
    entries.set(name, {
      ...{ name, method: directory.readUInt16LE(at + 10), isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1 },
      ...{
        packedBytes: directory.readUInt32LE(at + 20),
        at: header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28),
      },
    })
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
  return buffer.subarray(0, bytesRead)
}

/** Throws `imports.bomb` as soon as a part becomes larger than any list of people, whatever the directory says of it. */
async function* inflate(path: string, entry: ZipEntry | undefined): AsyncGenerator<Buffer> {
  if (!entry) throw broken('a part is missing')
  if (entry.isEncrypted) throw new AppError('invalid', 'imports.locked', `${entry.name} is encrypted.`)
  if (entry.packedBytes === 0) return
  const packed = createReadStream(path, { start: entry.at, end: entry.at + entry.packedBytes - 1 })
  if (entry.method !== 0 && entry.method !== 8) throw broken(`${entry.name} is packed in an unknown way`)
  const pieces = entry.method === 0 ? packed : packed.pipe(createInflateRaw())
  packed.on('error', (error) => pieces.destroy(error))
  const most = Math.min(mostBytes, Math.max(alwaysAllowedBytes, entry.packedBytes * mostTimesLarger))
  let bytes = 0
  try {
    for await (const piece of pieces) {
      bytes += (piece as Buffer).length
      if (bytes > most) throw new AppError('invalid', 'imports.bomb', `${entry.name} grows beyond ${most} bytes.`)
      yield piece as Buffer
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_')) throw broken(`${entry.name} is damaged`)
    throw error
  } finally {
    packed.destroy()
    pieces.destroy()
  }
}

const broken = (what: string) => new AppError('invalid', 'imports.not-a-table', `The file is no whole ZIP: ${what}.`)
