import { AppError } from '../../base/errors.ts'
import { type Bytes, inWindows } from './bytes.ts'

/*
 * Microsoft's compound file ([MS-CFB]): a file system in a file, which .xls and locked .xlsx are. Each chain of sectors is
 * followed no further than the file is long, so that one that leads in circles ends.
 */

const endOfChain = 0xfffffffe
const freeSector = 0xffffffff
const entryBytes = 128

/** The streams of a compound file by their names. Throws `imports.not-a-table`, and RangeError where the file ends early. */
export function readCompound(file: Bytes): ReadonlyMap<string, () => Bytes> {
  const head = file.read(0, 512)
  const sectorBytes = 1 << head.readUInt16LE(0x1e)
  const smallBytes = 1 << head.readUInt16LE(0x20)
  const smallLimit = head.readUInt32LE(0x38)
  if (sectorBytes !== 512 && sectorBytes !== 4096) throw damaged(`sectors of ${sectorBytes} bytes`)
  const most = Math.ceil(file.length / sectorBytes)
  const sector = (at: number): Buffer => file.read((at + 1) * sectorBytes, sectorBytes)

  const table = readTable()
  const directory = whole(chain(head.readUInt32LE(0x30)))
  const entries = Array.from({ length: Math.floor(directory.length / entryBytes) }, (_, at) =>
    readEntry(directory.subarray(at * entryBytes, (at + 1) * entryBytes)),
  )
  const root = entries.find(({ type }) => type === 5)
  const smallTable = whole(chain(head.readUInt32LE(0x3c)))
  let small: Buffer | null = null
  return new Map(entries.filter(({ type }) => type === 2).map((entry) => [entry.name, () => open(entry)]))

  function open({ start, bytes }: ReturnType<typeof readEntry>): Bytes {
    if (bytes >= smallLimit) {
      const stream = chain(start)
      return inWindows({ ...stream, length: Math.min(stream.length, bytes) })
    }
    small ??= root ? whole(chain(root.start)) : Buffer.alloc(0)
    const pieces: Buffer[] = []
    for (let at = start; at < endOfChain && pieces.length * smallBytes < bytes; at = smallTable.readUInt32LE(at * 4))
      pieces.push(small.subarray(at * smallBytes, (at + 1) * smallBytes))
    const stream = Buffer.concat(pieces).subarray(0, bytes)
    return { length: stream.length, read: (at, count) => stream.subarray(at, at + count) }
  }

  /** The table of sectors: 109 of its own in the head, more in a chain of their own. */
  function readTable(): Buffer {
    const places: number[] = []
    for (let at = 0; at < 109; at++) places.push(head.readUInt32LE(0x4c + at * 4))
    let more = head.readUInt32LE(0x44)
    for (let count = 0; more < endOfChain && count < most; count++) {
      const list = sector(more)
      for (let at = 0; at < sectorBytes / 4 - 1; at++) places.push(list.readUInt32LE(at * 4))
      more = list.readUInt32LE(sectorBytes - 4)
    }
    return Buffer.concat(places.filter((place) => place < freeSector - 4).map(sector))
  }

  /** The sectors of a chain as one: those that stand in a row are read at once. */
  function chain(start: number): Bytes {
    const sectors: number[] = []
    for (let at = start; at < endOfChain; at = table.readUInt32LE(at * 4)) {
      if (sectors.length > most) throw damaged('a chain leads in circles')
      sectors.push(at)
    }
    return { length: sectors.length * sectorBytes, read: (at, bytes) => readOf(sectors, at, bytes) }
  }

  function readOf(sectors: readonly number[], start: number, bytes: number): Buffer {
    const end = Math.min(sectors.length * sectorBytes, start + bytes)
    const pieces: Buffer[] = []
    for (let at = start; at < end; ) {
      const first = Math.floor(at / sectorBytes)
      let behind = first + 1
      while (behind * sectorBytes < end && sectors[behind] === (sectors[first] ?? 0) + behind - first) behind++
      const until = Math.min(end, behind * sectorBytes)
      const place = ((sectors[first] ?? 0) + 1) * sectorBytes + (at - first * sectorBytes)
      const piece = file.read(place, until - at)
      pieces.push(piece)
      if (piece.length < until - at) break // the file ends here
      at = until
    }
    return Buffer.concat(pieces)
  }
}

const whole = ({ length, read }: Bytes): Buffer => read(0, length)

function readEntry(entry: Buffer) {
  const nameBytes = Math.min(64, entry.readUInt16LE(64))
  return {
    name: entry.toString('utf16le', 0, Math.max(0, nameBytes - 2)),
    type: entry[66],
    start: entry.readUInt32LE(116),
    bytes: entry.readUInt32LE(120),
  }
}

const damaged = (what: string) =>
  new AppError('invalid', 'imports.not-a-table', `The compound file is damaged: ${what}.`)
