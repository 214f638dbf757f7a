import type { FastifyBaseLogger } from 'fastify'
import type { Identity } from '../base/broker/identity.ts'
import type { Journal } from '../base/journal/journal.ts'
import { isDiskFailure } from '../base/store/failures.ts'
import type { Store } from '../base/store/store.ts'
import { packFrame } from '../wire/frame.ts'
import { type Chunk, limits, validators } from '../wire/messages.ts'
import { verifyChunk } from '../wire/sign.ts'
import type { Receipted } from '../wire/stick-file.ts'
import { buildBatch } from './batch.ts'
import { collectBatches, doVerify, ownHash, helloOf as sayHello, type ToCarry } from './carried-batches.ts'
import { step } from './sender.ts'
import {
  type Effect,
  hasHistory,
  type Input,
  initialState,
  type JournalEpoch,
  type SenderState,
  type Step,
} from './sender-state.ts'

export type UpKind = 'hello' | 'up' | 'want'

export type SenderShell = ReturnType<typeof createSenderShell>

type Parts = {
  store: Store
  journal: Journal
  identity: Identity
  /** Ed25519 key by which the regency signs history; null: none is taken. */
  hubKey: string | null
  bytesPerHour: number | null
  /** What the broker takes in one message. */
  mostBytes: number
  monotonicMs: () => number
  random: () => number
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>
  connect: () => void
  disconnect: () => void
  publish: (kind: UpKind, payload: Buffer) => void
  /** The hub's time, in each of its answers. */
  onHubTime: (now: number) => void
  /** A line is up, nothing has gone over it yet: live state goes first. */
  onConnected: () => void
  /** After each input that was taken. */
  onStep: (input: Input) => void
  /** Epochs were cut before an entry that no longer verifies. */
  onDamage: () => void
  /** The regency holds another past of this journal. */
  onOtherPast: () => void
}

const storeCursorMs = 10 * 60_000

/** A ring is answered by reading the journal when its turn comes, so that it is never older than the state. */
type Inbox = Input | { kind: 'rang-unread' }

/**
 * The sender with its journal and without its line: what ships in the box and what the simulator drives. Inputs are
 * taken one after the other; an effect that rings the bell queues behind the one that is on.
 */
export function createSenderShell(parts: Parts) {
  const { store, journal, identity, log } = parts
  const { village } = journal
  const here = { village, places: journal }
  const selectCursor = store.db
    .prepare<{ epoch: string }, number>('SELECT seq FROM cursor WHERE epoch = @epoch')
    .pluck()
  const upsertCursor = store.db.prepare(
    'INSERT INTO cursor (epoch, seq) VALUES (@epoch, @seq) ON CONFLICT (epoch) DO UPDATE SET seq = excluded.seq',
  )

  let known: { shape: number; epochs: JournalEpoch[] } | null = null
  let state = initialState(progress(), parts.bytesPerHour, parts.mostBytes)
  let inbox: Inbox[] = []
  let taking = false
  let cursorsStoredAt = Number.NEGATIVE_INFINITY
  /** Epochs whose cursor has moved since. */
  const moved = new Set<string>()
  /** What could be opened of the private parts of the chunk that is being taken. */
  let opened: ReadonlyMap<string, string> = new Map()

  /** Every epoch with its end and its cursor. Appending moves only the last one's end, so only that is read anew. */
  function progress(): JournalEpoch[] {
    if (known?.shape !== journal.shape()) {
      const acked = new Map(known?.epochs.map((one) => [one.epoch, one.acked]))
      known = { shape: journal.shape(), epochs: journal.epochs().map((epoch) => readEpoch(epoch, acked.get(epoch))) }
      return known.epochs
    }
    const current = known.epochs.at(-1)
    if (current) known.epochs[known.epochs.length - 1] = { ...current, last: journal.last(current.epoch)?.seq ?? 0 }
    return known.epochs
  }

  /** What an ack has said is never behind what is stored of it; a cut takes it back as it does there. */
  function readEpoch(epoch: string, acked = selectCursor.get({ epoch }) ?? 0): JournalEpoch {
    const last = journal.last(epoch)?.seq ?? 0
    return { epoch, last, acked: Math.min(acked, last) }
  }

  /** Feeds the sender and does what it says. */
  function take(input: Inbox): void {
    inbox.push(input)
    if (taking) return
    taking = true
    try {
      for (let next = inbox.shift(); next; next = inbox.shift()) takeOne(next)
    } finally {
      taking = false
      inbox = []
    }
  }

  function takeOne(unread: Inbox): void {
    const input: Input = unread.kind === 'rang-unread' ? { kind: 'rang', epochs: progress() } : unread
    const next: Step = step(state, input, parts.monotonicMs(), parts.random)
    state = next.state
    if (input.kind === 'connected') parts.onConnected()
    performAll(next.effects)
    parts.onStep(input)
  }

  /** A disk that fails or is full changes nothing here: the journal is read anew, and the hub asked again. */
  function performAll(effects: readonly Effect[]): void {
    try {
      for (const effect of effects) perform(effect)
    } catch (error) {
      if (!isDiskFailure(error)) throw error
      log.error({ cause: (error as Error).message }, 'the journal could not be written; the hub is asked again')
      known = null
      inbox = [{ kind: 'rang-unread' }, { kind: 'disk-failed' }]
    }
  }

  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'connect':
        parts.connect()
        break
      case 'disconnect':
        parts.disconnect()
        break
      case 'store-cursor':
        moveCursor(effect)
        break
      case 'send-hello':
        parts.publish('hello', helloOf(state.session ?? '', effect.n))
        break
      case 'send-batch':
        sendBatch(effect)
        break
      case 'send-want':
        sendWant(effect)
        break
      case 'meet-other-past':
        log.warn({ cuts: effect.cuts, begins: effect.begin }, 'the regency holds another past of this journal')
        journal.meetOtherPast(effect.cuts, effect)
        parts.onOtherPast()
        break
      case 'take-history':
        takeHistory(effect.chunk)
        break
    }
  }

  /**
   * The first ack after a start is stored at once, then every ten minutes and at the end: one sync for each was an eighth of a
   * backlog's time, and in an office's day as many syncs again as its people make. What is not stored, as on a disk that is
   * full, only lives on in memory: after a start the hub says it again.
   */
  function moveCursor(effect: { epoch: string; seq: number }): void {
    rememberCursor(effect)
    moved.add(effect.epoch)
    if (parts.monotonicMs() - cursorsStoredAt >= storeCursorMs) storeCursors()
  }

  function storeCursors(): void {
    cursorsStoredAt = parts.monotonicMs()
    const cursors = progress().filter(({ epoch }) => moved.has(epoch))
    if (cursors.length === 0) return
    try {
      store.write(() => {
        for (const { epoch, acked } of cursors) upsertCursor.run({ epoch, seq: acked })
      })
      moved.clear()
    } catch (error) {
      if (!isDiskFailure(error)) throw error
    }
  }

  function writeCursor(cursor: { epoch: string; seq: number }): void {
    upsertCursor.run(cursor)
    rememberCursor(cursor)
  }

  function rememberCursor({ epoch, seq }: { epoch: string; seq: number }): void {
    if (known) known.epochs = known.epochs.map((one) => (one.epoch === epoch ? { ...one, acked: seq } : one))
  }

  const helloOf = (session: string, n: number): Buffer =>
    sayHello({ ...here, identity }, { session, n }, parts.mostBytes)

  function sendBatch({ n, epoch, from, maxBytes }: Effect & { kind: 'send-batch' }): void {
    const { session } = state
    if (!session) return
    const entries = journal.readBehind(epoch, from, limits.batchEntries)
    if (!doVerify(here, epoch, from, entries)) {
      cutDamage()
      return
    }
    const after = from === 0 ? agreedBefore(epoch) : undefined
    const envelope = { village, session, n, epoch, ...(after ? { after } : {}) }
    const { payload, last } = buildBatch(envelope, entries, maxBytes, identity)
    parts.publish('up', payload)
    take({ kind: 'batch-built', n, last, bytes: payload.length })
  }

  function cutDamage(): void {
    journal.cutDamage()
    parts.onDamage()
    take({ kind: 'reset' })
  }

  /** What box and hub agree on in the epochs before this one. */
  function agreedBefore(epoch: string): [string, number, string][] | undefined {
    const before = state.epochs.slice(
      0,
      state.epochs.findIndex((one) => one.epoch === epoch),
    )
    if (before.length === 0) return undefined
    return before.map((one) => [
      one.epoch,
      one.acked,
      (ownHash(here, one.epoch, one.acked) ?? Buffer.alloc(32)).toString('base64url'),
    ])
  }

  function sendWant({ n, epochs }: Effect & { kind: 'send-want' }): void {
    const wanted = epochs.map((epoch) => {
      const from = journal.last(epoch)?.seq ?? 0
      return { epoch, from, prev: ownHashText(epoch, from) }
    })
    const most = parts.mostBytes < limits.chunkWireBytes ? { most: parts.mostBytes } : {}
    parts.publish('want', packFrame({ session: state.session, n, epochs: wanted, ...most }))
  }

  /** SYNC-008: one transaction for each chunk, by the hub's signature and the chain. */
  function takeHistory(chunk: Chunk): void {
    const named = chunk.epochs.map(({ epoch }) => epoch)
    if (!parts.hubKey || !verifyChunk(parts.hubKey, village, chunk)) {
      log.error({ epochs: named, hubKey: parts.hubKey !== null }, 'history is not signed by the hub’s key')
      take({ kind: 'history-refused' })
      return
    }
    try {
      // The hub has it, so it is acknowledged.
      const ends = journal.takeHistory(
        chunk.epochs,
        (_tx, { epoch, last }) => {
          if (last > 0) writeCursor({ epoch, seq: last })
        },
        { sealed: chunk.sealed ?? {}, opened },
      )
      take({ kind: 'history-taken', ends })
    } catch (error) {
      if ((error as { code?: string }).code !== 'journal.bad-history') throw error
      log.error({ epochs: named, cause: (error as Error).message }, 'history of the hub does not fit')
      take({ kind: 'history-refused' })
    }
  }

  const ownHashText = (epoch: string, seq: number): string | null =>
    ownHash(here, epoch, seq)?.toString('base64url') ?? null

  /** SYNC-024: what a stick says that the hub has committed moves the cursor as an ack does, never back. Answers how many entries. */
  function takeReceipt(receipted: Receipted): number {
    const receipts = progress().flatMap(({ epoch, acked, last }) => {
      const said = receipted.find((one) => one.epoch === epoch)
      const isOurs = said && said.seq > acked && said.seq <= last && ownHashText(epoch, said.seq) === said.hash
      return isOurs ? [{ epoch, seq: said.seq, count: said.seq - acked }] : []
    })
    store.write(() => {
      for (const { epoch, seq } of receipts) writeCursor({ epoch, seq })
    })
    take({ kind: 'rang-unread' })
    return receipts.reduce((sum, { count }) => sum + count, 0)
  }

  /** What came on `ack`, unpacked. Throws TypeError for what is no answer. */
  function readAck(message: unknown): void {
    if (validators.helloAck.Check(message)) {
      if (message.session !== state.session) return
      parts.onHubTime(message.now)
      const own = new Map(message.epochs.map(({ epoch, seq }) => [epoch, ownHashText(epoch, seq)]))
      take({ kind: 'hello-ack', ack: message, box: identity.box, own })
      return
    }
    if (!validators.batchAck.Check(message)) throw new TypeError('Neither a hello’s answer nor a batch’s.')
    if (message.session !== state.session) return
    parts.onHubTime(message.now)
    if (message.refused) log.error({ epoch: message.epoch, ...message.refused }, 'the hub refused a batch')
    take({ kind: 'batch-ack', ack: message, own: ownHashText(message.epoch, message.seq) })
  }

  return {
    state: (): SenderState => state,
    take,
    readAck,
    /** History that came on `chunk`; `texts`: what could be opened of its private parts, by `private` of their entries. */
    takeChunk(chunk: Chunk, texts: ReadonlyMap<string, string> = new Map()): void {
      opened = texts
      take({ kind: 'chunk', chunk })
      opened = new Map()
    },
    /** The journal has something new. */
    ring: () => take({ kind: 'rang-unread' }),
    cutDamage,
    takeReceipt,
    /** Before the store closes. */
    storeCursors,
    /** What the hub has not confirmed, to be carried there. */
    collect: (files: ToCarry['files']) => {
      const acked = new Map(progress().map((one) => [one.epoch, one.acked]))
      return collectBatches({ ...here, identity, files, acked: (epoch) => acked.get(epoch) ?? 0 })
    },
    /** A hello of a session that is not the sender's own: its answer is not for `readAck`. */
    helloOf,
    hasHistory: () => hasHistory(state),
  }
}
