import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type { Alarms } from '../base/alarms.ts'
import { openFacts } from '../base/store/facts.ts'
import type { Store } from '../base/store/store.ts'
import { syncFolder } from '../base/store/whole-file.ts'
import { hourMs, minuteMs } from '../base/time.ts'
import { packFrame } from '../wire/frame.ts'
import { sha256Text } from '../wire/hash.ts'
import { type FileChunk, type FileWant, limits } from '../wire/messages.ts'
import type { SystemFile } from '../wire/releases.ts'

type Parts = {
  folder: string
  store: Store
  alarms: Alarms
  log: { info(details: object, what: string): void; warn(details: object, what: string): void }
  monotonicMs: () => number
  /** What the broker takes in one message. */
  mostBytes: number
  /** What a thin line may carry; null: no limit. */
  bytesPerHour: number | null
  onChange: () => void
  /** The bundle lies whole in the folder. */
  onWhole: () => void
}

/** A question that is unanswered for so long is asked again. */
const answerMs = 30_000
/** The hub gives nothing now, the disk takes nothing, a part came wrong: asked again then. */
const pauseMs = 10 * minuteMs
/** Below what a hub answers a village in an hour (SYNC-016), with room for history and datasets. */
const mostWantsPerHour = 4_000
/** Bytes as they travel, with their message around them, for each byte of the file. */
const onTheWire = 1.4
/** A backup comes before the update, and the journal goes on. */
const spareBytes = 256 * 1024 * 1024

/**
 * SYNC-020: fetches one bundle at a time into a folder, part by part. A part is kept when its sum is right and it is on the
 * disk; a power cut costs the part that was under way.
 */
export function createDownload(parts: Parts) {
  const { folder, store, alarms, log, monotonicMs, mostBytes, bytesPerHour, onChange, onWhole } = parts
  const facts = openFacts(store.db)
  let wanted: SystemFile | null = null
  /** Bytes of the wanted file that are on the disk. */
  let kept = 0
  /** What has come of the part behind them. */
  let coming: Buffer[] = []
  let question: { session: string; n: number; from: number; askedAt: number } | null = null
  let nextN = 1
  let pausedUntil = 0
  let hour = { began: monotonicMs(), wants: 0, bytes: 0 }

  const partFile = ({ sha256 }: SystemFile) => join(folder, `${sha256}.part`)
  const bundleFile = ({ compatible, version }: SystemFile) => join(folder, `${compatible}-${version}.raucb`)
  const arrived = () => coming.reduce((sum, { length }) => sum + length, 0)
  const isWhole = (file: SystemFile) => existsSync(bundleFile(file))

  /** What shall come; null: nothing any more. Another file than before takes the place of what has come of it. */
  function want(file: SystemFile | null): void {
    if (file?.sha256 === wanted?.sha256) return
    wanted = file
    ;[kept, coming, question, pausedUntil] = [0, [], null, 0]
    alarms.set('updates.no-room', false)
    if (!file) return
    mkdirSync(folder, { recursive: true })
    dropOthers(file)
    kept = keptOf(file)
    onChange()
  }

  function keptOf(file: SystemFile): number {
    if (isWhole(file)) return file.bytes
    const [sha256, bytes] = (facts.read('update-download') ?? '').split(' ')
    if (sha256 !== file.sha256 || !existsSync(partFile(file))) return 0
    return Math.min(Number(bytes), statSync(partFile(file)).size)
  }

  function dropOthers(file: SystemFile): void {
    for (const name of readdirSync(folder))
      if (name.endsWith('.part') && name !== basename(partFile(file))) rmSync(join(folder, name))
  }

  /** The question that is due now in this session, as it goes on `want`; null: none. */
  function due(session: string): Buffer | null {
    const now = monotonicMs()
    if (!wanted || isWhole(wanted) || now < pausedUntil) return null
    if (question?.session === session && now - question.askedAt < answerMs) return null
    // What has come of a part lies in memory: the disk is asked for each part once.
    if (!mayAsk(now) || (coming.length === 0 && !hasRoom(wanted))) return null
    const from = kept + arrived()
    question = { session, n: nextN++, from, askedAt: now }
    hour.wants++
    const most = mostBytes < limits.chunkWireBytes ? { most: mostBytes } : {}
    return packFrame({ session, n: question.n, file: wanted.sha256, from, ...most } satisfies FileWant)
  }

  function mayAsk(now: number): boolean {
    if (now - hour.began >= hourMs) hour = { began: now, wants: 0, bytes: 0 }
    return hour.wants < mostWantsPerHour && (bytesPerHour === null || hour.bytes < bytesPerHour)
  }

  function hasRoom({ bytes }: SystemFile): boolean {
    const { bavail, bsize } = statfsSync(folder)
    const has = bavail * bsize >= bytes - kept + spareBytes
    alarms.set('updates.no-room', !has, 'warning')
    if (!has) pause()
    return has
  }

  function pause(): void {
    pausedUntil = monotonicMs() + pauseMs
  }

  /** What came on `chunk` for a file. Answers whether there is more to fetch. */
  function takeChunk(chunk: FileChunk): boolean {
    if (!wanted || !question || chunk.session !== question.session || chunk.re !== question.n) return false // SYNC-001
    if (chunk.file !== wanted.sha256 || chunk.first !== question.from) return false
    question = null
    const length = Math.min(limits.filePartBytes, wanted.bytes - kept)
    const bytes = Buffer.from(chunk.bytes, 'base64url').subarray(0, length - arrived())
    if (bytes.length === 0) {
      pause()
      return false
    }
    hour.bytes += Math.round(bytes.length * onTheWire)
    coming.push(bytes)
    if (arrived() < length) return true
    const part = Buffer.concat(coming)
    coming = []
    const index = kept / limits.filePartBytes
    if (sha256Text(part) !== wanted.parts[index]) {
      log.warn({ file: wanted.sha256, index }, 'a part of a system is not what the regency has announced')
      pause()
      return false
    }
    return keep(wanted, part)
  }

  function keep(file: SystemFile, part: Buffer): boolean {
    try {
      writePart(partFile(file), part, kept)
      store.write(() => facts.write('update-download', `${file.sha256} ${kept + part.length}`))
    } catch (error) {
      log.warn({ cause: (error as Error).message }, 'a part of a system could not be kept; it is asked for again')
      pause()
      return false
    }
    kept += part.length
    if (kept === file.bytes) finish(file)
    onChange()
    return kept < file.bytes
  }

  function finish(file: SystemFile): void {
    renameSync(partFile(file), bundleFile(file))
    syncFolder(folder)
    log.info({ version: file.version, bytes: file.bytes }, 'a system of the regency has come whole')
    onWhole()
  }

  return {
    want,
    due,
    takeChunk,
    /** Where the wanted file lies; null: it is not whole, or none is wanted. */
    file: (): string | null => (wanted && isWhole(wanted) ? bundleFile(wanted) : null),
    progress: (): { compatible: string; version: string; bytes: number; fetched: number } | null => {
      if (!wanted || isWhole(wanted)) return null
      const { compatible, version, bytes } = wanted
      return { compatible, version, bytes, fetched: kept }
    },
  }
}

function writePart(path: string, part: Buffer, at: number): void {
  const file = openSync(path, at === 0 ? 'w' : 'r+')
  try {
    writeSync(file, part, 0, part.length, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
