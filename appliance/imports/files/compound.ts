import { AppError } from '../../base/errors.ts'

/*
 * Microsoft's compound file ([MS-CFB]): a file system in a file, which .xls and locked .xlsx are. Each chain of sectors is
 * followed no further than the file is long, so that one that leads in circles ends.
 */

const endOfChain = 0xfffffffe
const freeSector = 0xffffffff
const entryBytes = 128

/** The streams of a compound file by their names. Throws `imports.not-a-table`, and RangeError where the file ends early. */
export function readCompound(file: Buffer): ReadonlyMap<string, () => Buffer> {
  const sectorBytes = 1 << file.readUInt16LE(0x1e)
  const smallBytes = 1 << file.readUInt16LE(0x20)
  const smallLimit = file.readUInt32LE(0x38)
  if (sectorBytes !== 512 && sectorBytes !== 4096) throw damaged(`sectors of ${sectorBytes} bytes`)
  const most = Math.ceil(file.length / sectorBytes)
  const sector = (at: number): Buffer => file.subarray((at + 1) * sectorBytes, (at + 2) * sectorBytes)

  const table = readTable()
  const directory = chain(file.readUInt32LE(0x30))
  const entries = Array.from({ length: Math.floor(directory.length / entryBytes) }, (_, at) =>
    readEntry(directory.subarray(at * entryBytes, (at + 1) * entryBytes)),
  )
  const root = entries.find(({ type }) => type === 5)
  const smallTable = chain(file.readUInt32LE(0x3c))
  let small: Buffer | null = null
  return new Map(
    entries.filter(({ type }) => type === 2).map((entry) => [entry.name, () => open(entry).subarray(0, entry.bytes)]),
  )

  function open({ start, bytes }: ReturnType<typeof readEntry>): Buffer {
    if (bytes >= smallLimit) return chain(start)
    small ??= root ? chain(root.start) : Buffer.alloc(0)
    const pieces: Buffer[] = []
    for (let at = start; at < endOfChain && pieces.length * smallBytes < bytes; at = smallTable.readUInt32LE(at * 4))
      pieces.push(small.subarray(at * smallBytes, (at + 1) * smallBytes))
    return Buffer.concat(pieces)
  }

  /** The table of sectors: 109 of its own in the head, more in a chain of their own. */
  function readTable(): Buffer {
    const places: number[] = []
    for (let at = 0; at < 109; at++) places.push(file.readUInt32LE(0x4c + at * 4))
    let more = file.readUInt32LE(0x44)
    for (let count = 0; more < endOfChain && count < most; count++) {
      const list = sector(more)
      for (let at = 0; at < sectorBytes / 4 - 1; at++) places.push(list.readUInt32LE(at * 4))
      more = list.readUInt32LE(sectorBytes - 4)
    }
    return Buffer.concat(places.filter((place) => place < freeSector - 4).map(sector))
  }

  function chain(start: number): Buffer {
    const pieces: Buffer[] = []
    for (let at = start; at < endOfChain; at = table.readUInt32LE(at * 4)) {
      if (pieces.length > most) throw damaged('a chain leads in circles')
      pieces.push(sector(at))
    }
    return Buffer.concat(pieces)
  }
}

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
