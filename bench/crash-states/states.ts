import type { Random } from '../simulate/random.ts'
import type { DiskOp, Recording } from './recording.ts'

/** What lies on the disk after a power cut, and what had been answered before it. */
export type CrashState = { story: string; files: Map<string, Buffer>; confirmed: string[] }

type Write = Extract<DiskOp, { kind: 'write' | 'truncate' }>
type Renaming = Extract<DiskOp, { kind: 'create' | 'unlink' }>

/** What became of the writes that no sync had covered. */
const fates = ['lost', 'kept', 'some kept', 'torn at 512 bytes', 'torn at 4096 bytes'] as const
type Fate = (typeof fates)[number]

/**
 * States that a power cut could have left: whatever a sync covered is there; of what came after it each write is there,
 * missing, or torn into sectors, whatever its order; of the folder's changes the first few. A sector that was not
 * written to stays as it was, as SQLite expects of disks.
 */
export function* drawCrashStates({ before, ops }: Recording, random: Random, count: number): Generator<CrashState> {
  const moments = Array.from({ length: count }, () => random.between(1, ops.length)).sort((a, b) => a - b)
  const durable = new Map(before.map(({ file, bytes }) => [file, bytes]))
  const names = new Map(before.map(({ name, file }) => [name, file]))
  let writes: Write[] = []
  let renamings: Renaming[] = []
  const confirmed: string[] = []

  function take(op: DiskOp): void {
    if (op.kind === 'write' || op.kind === 'truncate') writes.push(op)
    else if (op.kind === 'create' || op.kind === 'unlink') renamings.push(op)
    else if (op.kind === 'answer') confirmed.push(op.ticket)
    else if (op.kind === 'sync-folder') {
      for (const renaming of renamings) rename(names, renaming)
      renamings = []
    } else {
      const covered = writes.filter(({ file }) => file === op.file)
      writes = writes.filter(({ file }) => file !== op.file)
      durable.set(op.file, apply(durable.get(op.file) ?? empty, covered))
    }
  }

  let taken = 0
  for (const moment of moments) {
    for (; taken < moment; taken++) take(ops[taken] as DiskOp) // moment is within ops
    const fate = random.pick(fates)
    const renamed = random.chance(0.5) ? renamings.length : random.between(0, renamings.length)
    const found = new Map(names)
    for (const renaming of renamings.slice(0, renamed)) rename(found, renaming)
    const files = new Map<string, Buffer>()
    for (const [name, file] of found) {
      const pending = writes.filter((write) => write.file === file)
      files.set(name, apply(durable.get(file) ?? empty, surviving(fate, pending, random)))
    }
    const story = `after call ${moment} of ${ops.length}: ${writes.length} writes ${fate}, ${renamed} of ${renamings.length} changes of the folder`
    yield { story, files, confirmed: [...confirmed] }
  }
}

/** What the disk holds when nothing was lost: the recording is whole if this is what was found there. */
export function replayAll({ before, ops }: Recording): Map<string, Buffer> {
  const names = new Map(before.map(({ name, file }) => [name, file]))
  const writes = ops.filter((op) => op.kind === 'write' || op.kind === 'truncate')
  for (const op of ops) if (op.kind === 'create' || op.kind === 'unlink') rename(names, op)
  const contentOf = (file: number) => before.find((one) => one.file === file)?.bytes ?? empty
  return new Map(
    [...names].map(([name, file]) => [
      name,
      apply(
        contentOf(file),
        writes.filter((write) => write.file === file),
      ),
    ]),
  )
}

const empty = Buffer.alloc(0)

function rename(names: Map<string, number>, change: Renaming): void {
  if (change.kind === 'create') names.set(change.name, change.file)
  else names.delete(change.name)
}

/** The parts of these writes that survived. */
function surviving(fate: Fate, writes: readonly Write[], random: Random): Write[] {
  if (fate === 'kept') return [...writes]
  if (fate === 'lost') return []
  const sector = fate === 'torn at 512 bytes' ? 512 : 4_096
  const parts = fate === 'some kept' ? writes : writes.flatMap((write) => split(write, sector))
  return parts.filter(() => random.chance(0.5))
}

/** The parts of a write that fall into one sector each. */
function split(write: Write, sector: number): Write[] {
  if (write.kind === 'truncate') return [write]
  const { file, offset, bytes } = write
  const parts: Write[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + sector - ((offset + at) % sector))
    parts.push({ kind: 'write', file, offset: offset + at, bytes: bytes.subarray(at, end) })
    at = end
  }
  return parts
}

function apply(bytes: Buffer, writes: readonly Write[]): Buffer {
  const ends = writes.map((write) => (write.kind === 'truncate' ? write.size : write.offset + write.bytes.length))
  const room = Buffer.alloc(ends.reduce((most, end) => Math.max(most, end), bytes.length))
  bytes.copy(room)
  let size = bytes.length
  for (const write of writes) {
    if (write.kind === 'truncate') {
      if (write.size < size) room.fill(0, write.size, size)
      size = write.size
    } else {
      write.bytes.copy(room, write.offset)
      size = Math.max(size, write.offset + write.bytes.length)
    }
  }
  return room.subarray(0, size)
}
