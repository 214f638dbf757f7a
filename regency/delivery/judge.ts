import { createHash } from 'node:crypto'
import { hash8, type Link, linkDigests } from '../../appliance/wire/chain.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import {
  type BatchAck,
  type Chunk,
  type ChunkPart,
  type Hello,
  type HelloAck,
  limits,
  type Sealed,
  type Want,
  type WireEntry,
} from '../../appliance/wire/messages.ts'
import { sealedLength } from '../../appliance/wire/private-parts.ts'
import { digestSealed, verifyHead } from '../../appliance/wire/sign.ts'
import type { Addressee, DigestedBatch, Refused } from './message.ts'

/*
 * What the hub answers, and what it writes: rule 5 of the wire contract, without database, clock or randomness. The
 * facts are read and the verdict is written by a shell (receiver.ts), in one transaction under the village's row lock.
 */

export type Cursor = { epoch: string; seq: number; hash: Buffer }
export type SigningKey = { key: string; box: string; revoked: boolean }

/** What both kinds of message are judged by. `now`: ms since 1970 UTC; `window`: batches in flight that the hub can bear. */
type Facts = { village: string; now: number; window: number; keys: readonly SigningKey[] }

export type HelloFacts = Facts & {
  owner: string | null
  /** An enrolment file was made for this village: its keys come by enrolment, not by being the first. */
  provisioned: boolean
  /** Every epoch that the hub holds of this village, with the end of its unbroken, verified chain. */
  cursors: readonly Cursor[]
  /** So many of them are there because a hello named them. */
  namedEpochs: number
  /** The hub's own hashes at the places that this hello marks, as far as it has them. */
  marked: readonly Cursor[]
  /**
   * Of epochs with entries whose private part is lacking here, and which this box has not sent without it: the places
   * before the first of them.
   */
  beforeLacking: readonly Cursor[]
}

export type HelloVerdict = {
  answer: HelloAck
  /** The box that owns the village from now on, when it had no owner. */
  owner: string | null
  /** The key to enrol: the first one seen, before provisioning. */
  enrol: { key: string; box: string } | null
  /** Who asked, for the list that an operator enrols from. */
  seen: { key: string; box: string }
  /** It shows a key that counts here: the village pays for it, and not a stranger's budget. */
  known: boolean
  /** Epochs that this box has written and of which the hub has nothing: it may send them, however many began that day. */
  named: Cursor[]
}

export type BatchFacts = Facts & {
  /** The end of the batch's epoch here; null where the hub has nothing of it. */
  cursor: Cursor | null
  /** Of the places that `after` names, and of the batch's end, those within an unbroken chain here, with the hub's own hashes. */
  held: readonly Cursor[]
  /** Epochs of this village that began here in the last 24 hours without a hello's having named them. */
  newEpochs: number
}

/** An entry to write, if its name is not there yet. */
export type NamedEntry = { name: Buffer; entry: WireEntry }

/** What came of the private part `p` of the entry at a place: an age file; null: that box has none. */
export type SentPart = { epoch: string; seq: number; p: Buffer; file: Buffer | null; box: string }

export type BatchVerdict = {
  answer: BatchAck
  places: Link[]
  entries: NamedEntry[]
  /** To keep where there is none yet, and none was erased, also where the entry is here already (SYNC-019). */
  parts: SentPart[]
  cursor: Cursor | null
  /** It is signed by a key that counts here, also where there was nothing to take. */
  known: boolean
}

/** A hello is always answered: where the hub stands in every epoch that the box named or that the hub holds. */
export function judgeHello(hello: Hello, facts: HelloFacts): HelloVerdict {
  const { village, now, window, keys, cursors, marked } = facts
  const named = new Map(hello.epochs.map((epoch) => [epoch.epoch, epoch]))
  const owner = facts.owner ?? hello.box
  const here = new Map(cursors.map((cursor) => [cursor.epoch, cursor]))
  const before = new Map(facts.beforeLacking.map((cursor) => [cursor.epoch, cursor]))
  const hashAt = new Map(marked.map(({ epoch, seq, hash }) => [`${epoch} ${seq}`, hash8(hash)]))

  const epochs = [...new Set([...named.keys(), ...here.keys()])].map((epoch) => {
    const end = here.get(epoch) ?? startOf(village, epoch)
    const shared = (named.get(epoch)?.marks ?? []).filter(
      ([at, mark]) => at <= end.seq && hashAt.get(`${epoch} ${at}`) === mark,
    )
    // Every epoch has mark 0, whose hash follows from its name.
    const common = Math.max(0, ...shared.map(([at]) => at))
    // SYNC-019: a box that has all of it sends again what is lacking; the cursor here stays. One that is not the owner
    // fetches nothing, so all that it will ever have is enough.
    const whole = owner === hello.box ? end.seq : (named.get(epoch)?.last ?? 0)
    const lacks = before.get(epoch)
    const { seq, hash } = common === whole && lacks && lacks.seq < common ? lacks : end
    return { epoch, seq, hash: hash.toString('base64url'), common }
  })
  const enrol = keys.length === 0 && !facts.provisioned ? { key: hello.key, box: hello.box } : null
  const known = enrol !== null || keys.some(({ key, revoked }) => key === hello.key && !revoked)
  const lacking = hello.epochs.filter(({ epoch, last }) => last > 0 && !here.has(epoch))
  const mayName = known ? Math.max(0, limits.namedEpochs - facts.namedEpochs) : 0
  return {
    answer: { session: hello.session, re: hello.n, owner, window, now, epochs },
    owner: facts.owner === null ? hello.box : null,
    enrol,
    seen: { key: hello.key, box: hello.box },
    known,
    named: lacking.slice(0, mayName).map(({ epoch }) => startOf(village, epoch)),
  }
}

/** Takes what is behind the hub's cursor, all of it or nothing. */
export function judgeBatch(batch: DigestedBatch, facts: BatchFacts): BatchVerdict {
  const { village, cursor } = facts
  const end = cursor ?? startOf(village, batch.epoch)
  const nothing = (more: Partial<BatchAck> = {}): BatchVerdict => ({
    answer: { ...answerWith(batch, end, facts), ...more },
    places: [],
    entries: [],
    parts: [],
    cursor: null,
    known: isSigned(batch, facts.keys),
  })
  const refuse = (code: Refused['code'], message: string) => ({
    ...nothing({ refused: { code, message } }),
    known: false,
  })

  if (batch.village !== village)
    return refuse('wrong-village', `The batch is of ${batch.village}, its topic of ${village}.`)
  if (batch.first > end.seq + 1) return nothing()
  const taken = end.seq - batch.first + 1
  if (taken >= batch.entries.length) return { ...nothing(), ...takePartsBehind(batch, facts) }
  if (end.seq === 0 && !holdsAll(batch.after ?? [], facts)) return nothing({ unknown: true })
  if (!cursor && facts.newEpochs >= limits.newEpochsPerDay) {
    return refuse('too-many-epochs', `A village may begin ${limits.newEpochsPerDay} epochs a day.`)
  }
  const places = linkDigests(end.seq + 1, end.hash, batch.digests.slice(taken))
  const last = places.at(-1)
  if (last?.hash.toString('base64url') !== batch.head) {
    return refuse('bad-chain', `The chain behind ${end.seq} does not end in the batch's head.`)
  }
  const refused = checkSignature(batch, last.seq, facts.keys)
  if (refused) return refuse(refused.code, refused.message)

  const entries = batch.entries.slice(taken).flatMap((entry, index) => {
    const place = places[index]
    return place ? [{ name: place.name, entry }] : []
  })
  const moved = { epoch: batch.epoch, seq: last.seq, hash: last.hash }
  return {
    answer: answerWith(batch, moved, facts),
    places,
    entries,
    parts: partsOf(batch),
    cursor: moved,
    known: true,
  }
}

/**
 * All of it is here. Where its chain is the hub's own it is answered by its own end, so that its sender goes on behind it:
 * it may have gone back for parts that are lacking here.
 */
function takePartsBehind(batch: DigestedBatch, facts: BatchFacts): Partial<BatchVerdict> {
  const last = batch.first + batch.entries.length - 1
  const end = facts.held.find(({ epoch, seq }) => epoch === batch.epoch && seq === last)
  if (end?.hash.toString('base64url') !== batch.head || !isSigned(batch, facts.keys)) return {}
  return { answer: answerWith(batch, end, facts), parts: partsOf(batch) }
}

const partsOf = ({ epoch, box, first, entries, sealed = {} }: DigestedBatch): SentPart[] =>
  entries.flatMap((entry, index) => {
    if (!entry.private) return []
    const file = sealed[entry.private]
    const p = Buffer.from(entry.private, 'base64url')
    return [{ epoch, seq: first + index, p, file: file ? Buffer.from(file, 'base64url') : null, box }]
  })

/** Of one epoch, in the order in which they came. */
export type Batches = readonly [DigestedBatch, ...DigestedBatch[]]

/** Each is judged by where the one before it left the cursor. */
export function judgeBatches(batches: Batches, facts: BatchFacts): BatchVerdict[] {
  let { cursor } = facts
  return batches.map((batch) => {
    const verdict = judgeBatch(batch, { ...facts, cursor })
    cursor = verdict.cursor ?? cursor
    return verdict
  })
}

/** What the hub holds behind a place of an epoch. */
export type Behind = {
  epoch: string
  /** The hub's hash at the want's `from`, if it holds it within its unbroken chain. */
  from: Buffer | null
  /** What stands behind it, in order, as far as the hub's unbroken chain goes. */
  behind: readonly { entry: WireEntry; hash: Buffer; file?: Buffer | null }[]
}

/** `epochs`: in the want's order, from its first one on, as many as there is room for in a chunk at most. */
export type WantFacts = { village: string; epochs: readonly Behind[] }

/**
 * History behind the asking box's ends of epochs, as much as a chunk holds; of an epoch nothing where the hub has another
 * hash there, so that the box asks by hello how that is. `sign` is by the hub's key.
 */
export function judgeWant(want: Want, facts: WantFacts, sign: (chunk: Omit<Chunk, 'sig'>) => string): Chunk {
  const { session, n: re } = want
  const all = want.epochs.slice(0, facts.epochs.length).map((asked, index) => {
    const held = facts.epochs[index]
    const from = asked.from === 0 ? epochStart(facts.village, asked.epoch) : (held?.from ?? null)
    return { asked, behind: held && from?.toString('base64url') === asked.prev ? held.behind : [] }
  })
  const mostBytes = Math.min(limits.chunkWireBytes, want.most ?? limits.chunkWireBytes)
  for (let room = countUnpacked(all); ; ) {
    const chunk = { session, re, ...takeParts(all, room) }
    const bytes = packFrame({ ...chunk, sig: placeholder }).length
    // One entry goes whatever it weighs: none is larger than a frame of its own.
    if (bytes <= mostBytes || room <= 1) return { ...chunk, sig: sign(chunk) }
    room = Math.max(1, Math.floor(room * Math.min(0.9, (0.95 * mostBytes) / bytes)))
  }
}

/** As long as a signature, and as hard to compress. */
const placeholder = createHash('sha512').update('balai').digest('base64url')

type Asked = { asked: Want['epochs'][number]; behind: Behind['behind'] }

/** The first `room` entries, with the epochs before them of which there is nothing to give. At least one epoch. */
function takeParts(all: readonly Asked[], room: number): Pick<Chunk, 'epochs' | 'sealed'> {
  const parts: ChunkPart[] = []
  const sealed: Sealed = {}
  let left = room
  for (const { asked, behind } of all) {
    if (left === 0) break
    const taken = behind.slice(0, left)
    left -= taken.length
    for (const { entry, file } of taken) if (entry.private && file) sealed[entry.private] = file.toString('base64url')
    parts.push({
      epoch: asked.epoch,
      first: asked.from + 1,
      entries: taken.map(({ entry }) => entry),
      head: taken.at(-1)?.hash.toString('base64url') ?? asked.prev,
    })
  }
  return { epochs: parts, ...(Object.keys(sealed).length > 0 ? { sealed } : {}) }
}

/** How many entries a box can unpack: by their number and by their bytes. */
function countUnpacked(all: readonly Asked[]): number {
  let bytes = 0
  let count = 0
  for (const { behind } of all) {
    for (const { entry, file } of behind) {
      bytes += Buffer.byteLength(JSON.stringify(entry)) + 1 + sealedLength(file?.length ?? 0)
      if (count === limits.batchEntries || (bytes > limits.chunkUnpackedBytes && count > 0)) return count
      count++
    }
  }
  return Math.max(1, count)
}

/** The answer to what could not even be read, if it says who sent it. */
export function refuseUnread(
  to: Addressee,
  refused: Refused,
  facts: Pick<BatchFacts, 'village' | 'now' | 'window' | 'cursor'>,
): BatchAck {
  return { ...answerWith(to, facts.cursor ?? startOf(facts.village, to.epoch), facts), refused }
}

const startOf = (village: string, epoch: string): Cursor => ({ epoch, seq: 0, hash: epochStart(village, epoch) })

const answerWith = (
  { session, n }: Addressee,
  end: Cursor,
  { window, now }: { window: number; now: number },
): BatchAck => ({
  session,
  re: n,
  window,
  now,
  epoch: end.epoch,
  seq: end.seq,
  hash: end.hash.toString('base64url'),
})

/** Without this a hub that was restored would take a newer epoch before the end of an older one (F51). */
function holdsAll(after: NonNullable<DigestedBatch['after']>, { held, village }: BatchFacts): boolean {
  return after.every(([epoch, seq, hash]) => {
    const here = seq === 0 ? startOf(village, epoch) : held.find((place) => place.epoch === epoch && place.seq === seq)
    return here?.hash.toString('base64url') === hash
  })
}

function isSigned(batch: DigestedBatch, keys: readonly SigningKey[]): boolean {
  const head = signedOf(batch, batch.first + batch.entries.length - 1)
  return keys.some(({ key, revoked }) => !revoked && verifyHead(key, head, batch.sig))
}

const signedOf = ({ village, epoch, head, sealed }: DigestedBatch, last: number) => ({
  ...{ village, epoch, last, head },
  ...digestSealed(sealed),
})

function checkSignature(batch: DigestedBatch, last: number, keys: readonly SigningKey[]): Refused | null {
  const head = signedOf(batch, last)
  const signer = keys.find(({ key }) => verifyHead(key, head, batch.sig))
  if (signer?.revoked) return { code: 'revoked-key', message: `The key of box ${signer.box} is revoked.` }
  if (signer) return null
  const known = keys.some(({ box, revoked }) => box === batch.box && !revoked)
  if (known) return { code: 'bad-signature', message: 'The signature does not fit the batch.' }
  return {
    code: 'unknown-key',
    message: `No key is enrolled for box ${batch.box}. If it is the village’s: balai hub owner.`,
  }
}
