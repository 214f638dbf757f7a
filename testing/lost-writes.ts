import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import type { Random } from '../bench/simulate/random.ts'

/*
 * What a power cut leaves on a disk: all that was flushed, and of what came after it whatever the disk had got to. The
 * writes of an emulated machine are recorded (qemu's blklogwrites, the format of Linux's dm-log-writes); the disk is then
 * made anew as it may have been at any flush. Torn sectors, and a disk that lies about flushing, are not among it.
 */

const magic = 0x6a_73_66_77_73_68_72n
const flushFlag = 1
const discardFlag = 4
const entryBytes = 32

type Logged = { offset: number; bytes: number; flags: number; dataAt: number; endAt: number }

/** `endAt`: how long the log was when it was whole; what was confirmed at that length was confirmed after it. */
export type LoggedFlush = { index: number; endAt: number }

type WriteLog = { path: string; entries: readonly Logged[]; flushes: readonly LoggedFlush[] }

/** Reads a log from its beginning to where it breaks off. Throws for a file that is none. */
export function readWriteLog(path: string): WriteLog {
  const file = openSync(path, 'r')
  const head = Buffer.alloc(entryBytes)
  readSync(file, head, 0, entryBytes, 0)
  if (head.readBigUInt64LE(0) !== magic) throw new TypeError(`${path} is no log of writes.`)
  const sector = head.readUInt32LE(24)
  const { size } = fstatSync(file)
  const entries: Logged[] = []
  const flushes: LoggedFlush[] = []
  for (let at = sector; at + sector <= size; ) {
    readSync(file, head, 0, entryBytes, at)
    const [first, count] = [Number(head.readBigUInt64LE(0)), Number(head.readBigUInt64LE(8))]
    const flags = Number(head.readBigUInt64LE(16))
    const dataAt = at + sector
    const endAt = dataAt + (flags & discardFlag ? 0 : count * sector)
    if (endAt > size) break
    if (flags & flushFlag) flushes.push({ index: entries.length, endAt })
    entries.push({ offset: first * sector, bytes: count * sector, flags, dataAt, endAt })
    at = endAt
  }
  closeSync(file)
  return { path, entries, flushes }
}

type Rebuilding = {
  log: WriteLog
  /** A file with the partition as it was before the first write of the log; it is written on. */
  partition: string
  /** Where the partition begins on the disk, bytes. */
  startsAt: number
  /** The flushes after which the power goes, in the order of the log. */
  cuts: readonly LoggedFlush[]
  random: Random
  /** The partition as one cut has left it: a file that is the caller's for the time of the call. */
  onCut: (file: string, cut: LoggedFlush) => void
}

/** Plays a log, and at each cut hands out the partition with all that was flushed and a random half of what followed. */
export function playPowerCuts({ log, partition, startsAt, cuts, random, onCut }: Rebuilding): void {
  const { entries } = log
  const source = openSync(log.path, 'r')
  const whole = openSync(partition, 'r+')
  const { size } = fstatSync(whole)
  const apply = (file: number, { offset, bytes, flags, dataAt }: Logged) => {
    const at = offset - startsAt
    if (flags & discardFlag || bytes === 0 || at < 0 || at + bytes > size) return
    const data = Buffer.alloc(bytes)
    readSync(source, data, 0, bytes, dataAt)
    writeSync(file, data, 0, bytes, at)
  }
  let next = 0
  for (const cut of cuts) {
    for (; next <= cut.index; next++) apply(whole, entries[next] as Logged)
    const copy = `${partition}.cut`
    execFileSync('cp', ['--sparse=always', partition, copy])
    const file = openSync(copy, 'r+')
    for (let after = next; after < entries.length && !(entries[after] as Logged).flags; after++)
      if (random.chance(0.5)) apply(file, entries[after] as Logged)
    closeSync(file)
    onCut(copy, cut)
  }
  closeSync(whole)
  closeSync(source)
}
