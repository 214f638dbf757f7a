import type { KeyObject } from 'node:crypto'
import type { Identity } from '../base/broker/identity.ts'
import { newSession } from '../base/ids.ts'
import type { PlacedEntry } from '../base/journal/event-registry.ts'
import { fitsItsHash } from '../base/journal/stored-entry.ts'
import { hash8, markPlaces } from '../wire/chain.ts'
import { packFrame } from '../wire/frame.ts'
import { epochStart, sha256Text } from '../wire/hash.ts'
import { limits } from '../wire/messages.ts'
import { signPut } from '../wire/sign.ts'
import { mostStickBytes } from '../wire/stick-file.ts'
import { buildBatch } from './batch.ts'
import type { FileSource } from './file-uplink.ts'
import { packHello } from './hello.ts'

/** Where entries stand, as far as reading goes: the journal's own, or another program's beside it. */
type Places = {
  epochs(): string[]
  last(epoch: string): { seq: number; hash: Buffer } | null
  hashAt(epoch: string, seq: number): Buffer | null
  readBehind(epoch: string, from: number, limit: number): PlacedEntry[]
}

/** What is to be carried, and from whom. */
export type ToCarry = {
  village: string
  places: Places
  identity: Identity
  /** How far the hub has confirmed an epoch. */
  acked: (epoch: string) => number
  /** What entries name that goes along (SYNC-025). */
  files: Pick<FileSource, 'waiting' | 'read'> | null
  /** Of all frames together. */
  mostBytes?: number
}

export type Carried = {
  frames: Buffer[]
  entries: number
  /** Files that entries name. */
  files: number
  /** There was more than a file holds. */
  rest: boolean
  /** An entry does not verify (SYNC-009): what stands behind it stays here. */
  damaged: boolean
}

/**
 * What the hub has not confirmed, as a hello and batches that follow one another (SYNC-024): older epochs first, each
 * signed as on the line. In an epoch's first batch `after` names the ends of the epochs before it, which the same file
 * brings. Behind them the files that wait, each in pieces as the line carries it from its start.
 */
export function collectBatches({
  village,
  places,
  identity,
  acked,
  files,
  mostBytes = mostStickBytes,
}: ToCarry): Carried {
  const session = newSession()
  const hello = helloOf({ village, places, identity }, { session, n: 1 }, limits.batchWireBytes)
  const carried: Carried = { frames: [hello], entries: 0, files: 0, rest: false, damaged: false }
  const before: [string, number, string][] = []
  let bytes = hello.length
  for (const epoch of places.epochs()) {
    const last = places.last(epoch)?.seq ?? 0
    let from = Math.min(acked(epoch), last)
    while (from < last) {
      const entries = places.readBehind(epoch, from, limits.batchEntries)
      if (!doVerify({ village, places }, epoch, from, entries)) return { ...carried, damaged: true }
      const after = from === 0 && before.length > 0 ? { after: [...before] } : {}
      const envelope = { village, session, n: carried.frames.length + 1, epoch, ...after }
      const built = buildBatch(envelope, entries, limits.batchWireBytes, identity)
      bytes += built.payload.length
      if (bytes > mostBytes) return { ...carried, rest: true }
      carried.frames.push(built.payload)
      carried.entries += built.last - from
      from = built.last
    }
    before.push([epoch, from, (ownHash({ village, places }, epoch, from) ?? Buffer.alloc(32)).toString('base64url')])
  }
  for (const { file, size } of files?.waiting() ?? []) {
    const whole = files?.read(file, 0, size)
    // One that has changed on the card goes nowhere: it is none any more.
    if (!whole || sha256Text(whole) !== file) continue
    const pieces = piecesOf({ village, session, key: identity.key }, file, whole, carried.frames.length)
    bytes += pieces.reduce((sum, { length }) => sum + length, 0)
    if (bytes > mostBytes || carried.files === limits.receiptFiles) return { ...carried, rest: true }
    carried.frames.push(...pieces)
    carried.files++
  }
  return carried
}

/** A file as SYNC-025 sends it to a hub that has nothing of it: how much is there is asked first. */
function piecesOf(
  { village, session, key }: { village: string; session: string; key: KeyObject },
  file: string,
  whole: Buffer,
  before: number,
): Buffer[] {
  const firsts = Array.from({ length: Math.ceil(whole.length / limits.pieceBytes) }, (_, n) => n * limits.pieceBytes)
  const parts = firsts.map((first) => ({ first, bytes: whole.subarray(first, first + limits.pieceBytes) }))
  return [{ first: 0, bytes: Buffer.alloc(0) }, ...parts].map(({ first, bytes: part }, index) => {
    const bytes = part.toString('base64url')
    const unsigned = { village, session, n: before + index + 1, file, size: whole.length, first, bytes }
    return packFrame({ ...unsigned, sig: signPut(key, unsigned) })
  })
}

/** Every epoch with its end and its marks. */
export function helloOf(
  { village, places, identity }: Pick<ToCarry, 'village' | 'places' | 'identity'>,
  { session, n }: { session: string; n: number },
  mostBytes: number,
): Buffer {
  const epochs = places.epochs().map((epoch) => {
    const last = places.last(epoch)?.seq ?? 0
    const marks = markPlaces(last).map((seq): [number, string] => [
      seq,
      hash8(ownHash({ village, places }, epoch, seq) ?? Buffer.alloc(8)),
    ])
    return { epoch, last, marks }
  })
  const { box, publicKey: key } = identity
  return packHello({ session, n, box, key, epochs }, mostBytes)
}

/** SYNC-009: nothing that does not verify leaves the box. */
export function doVerify(
  here: Pick<ToCarry, 'village' | 'places'>,
  epoch: string,
  from: number,
  entries: readonly PlacedEntry[],
): boolean {
  let prev = ownHash(here, epoch, from)
  for (const [index, entry] of entries.entries()) {
    if (!prev || entry.seq !== from + index + 1 || !fitsItsHash(here.village, prev, entry)) return false
    prev = entry.hash
  }
  return entries.length > 0
}

/** The hash at a place of this journal; of place 0 it follows from the epoch's name. */
export const ownHash = (
  { village, places }: Pick<ToCarry, 'village' | 'places'>,
  epoch: string,
  seq: number,
): Buffer | null => (seq === 0 ? epochStart(village, epoch) : places.hashAt(epoch, seq))
