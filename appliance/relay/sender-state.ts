import type { LinkTrouble } from '../base/broker/link-trouble.ts'
import type { Cut } from '../base/journal/divergence.ts'
import type { BatchAck, Chunk, HelloAck } from '../wire/messages.ts'
import { times } from './timing.ts'

/** One epoch of the journal as the sender sees it. `sent` runs ahead of `acked`; only an ack moves `acked`. */
export type EpochProgress = {
  epoch: string
  last: number
  acked: number
  sent: number
  /** Nothing of this epoch is sent until the next hello. */
  stopped: 'refused' | 'not-taken' | null
  notTakenFirst: number | null
}

/** A question on its way. `last` is 0 until the shell has built the batch and knows how much fitted in. */
export type OpenBatch = { n: number; epoch: string; first: number; last: number; bytes: number; sentAt: number }

export type SenderState = {
  link: 'down' | 'connecting' | 'up'
  session: string | null
  nextN: number
  hello: { n: number; sentAt: number } | null
  /** This session's hello was answered: batches may go. */
  ready: boolean
  window: number
  /** Oldest first; the last is the current one. */
  epochs: readonly EpochProgress[]
  open: readonly OpenBatch[]
  /** History that the hub holds behind this journal's end, up to `until`. */
  missing: readonly { epoch: string; until: number }[]
  want: { n: number; epochs: readonly string[]; sentAt: number } | null
  /** Whether the hub names this box as the village's; null before the first answer. */
  isOwner: boolean | null
  batchBytes: number
  /** What the broker is said to take, in and out. */
  mostBytes: number
  /** No batch is larger: a broker that takes smaller packets only closes the line on it, without a word (F24). */
  ceilingBytes: number
  /** How often in a row the line ended with batches on it and none acked. */
  cutShort: number
  /** Whether an ack has shown what this line carries; one batch at a time until then. */
  paced: boolean
  lastAckAt: number
  /** Bytes that may still go in this hour, and when that was so; null: no limit. */
  budget: { perHour: number; left: number; at: number } | null
  /** How often in a row the hub did not answer or did not take: the longer the wait for the next hello. */
  setbacks: number
  /** Connections in a row that failed or did not last: two boxes with one client id cut each other off (F12). */
  connectFailures: number
  connectedAt: number
  helloAt: number | null
  connectAt: number | null
  answeredAt: number | null
  /** Since when there is a backlog and no ack has moved it. */
  stuckSince: number | null
  trouble: LinkTrouble | 'batch-refused' | 'bad-history' | null
}

/** Where an epoch of the journal ends, and up to where the last ack confirmed it. */
export type JournalEpoch = { epoch: string; last: number; acked: number }

/** `own`: the box's hash at the place that an ack names, base64url, null where it has none there. */
export type Input =
  | { kind: 'tick' }
  | { kind: 'rang'; epochs: readonly JournalEpoch[] }
  /** The journal was cut: what is on its way no longer fits. */
  | { kind: 'reset' }
  /** The journal could not be changed as the hub's answer would have it: later. */
  | { kind: 'disk-failed' }
  | { kind: 'connected'; session: string }
  | { kind: 'closed'; trouble: LinkTrouble }
  | { kind: 'hello-ack'; ack: HelloAck; box: string; own: ReadonlyMap<string, string | null> }
  | { kind: 'batch-ack'; ack: BatchAck; own: string | null }
  | { kind: 'batch-built'; n: number; last: number; bytes: number }
  /** Bytes of a file went beside the entries (SYNC-025). */
  | { kind: 'file-sent'; bytes: number }
  | { kind: 'chunk'; chunk: Chunk }
  | { kind: 'history-taken'; ends: readonly { epoch: string; last: number }[] }
  | { kind: 'history-refused' }
  | { kind: 'roll-call'; spread: number; all: boolean }
  | { kind: 'foreign-box' }
  /** What the box shows to the broker has changed: try it now. */
  | { kind: 'new-credentials' }

export type Effect =
  | { kind: 'connect' }
  | { kind: 'disconnect' }
  | { kind: 'send-hello'; n: number }
  | { kind: 'send-batch'; n: number; epoch: string; from: number; maxBytes: number }
  | { kind: 'send-want'; n: number; epochs: readonly string[] }
  | { kind: 'store-cursor'; epoch: string; seq: number }
  | { kind: 'meet-other-past'; cuts: Cut[]; begin: boolean }
  | { kind: 'take-history'; chunk: Chunk }

export type Step = { state: SenderState; effects: Effect[] }

/** `bytesPerHour`: what a thin line may carry; null for no limit. `mostBytes`: what the broker takes in one message. */
export const initialState = (
  epochs: readonly JournalEpoch[],
  bytesPerHour: number | null = null,
  mostBytes: number = times.fullBatchBytes,
): SenderState => ({
  link: 'down',
  session: null,
  nextN: 1,
  hello: null,
  ready: false,
  window: 0,
  epochs: epochs.map(toProgress),
  open: [],
  missing: [],
  want: null,
  isOwner: null,
  batchBytes: Math.min(times.firstBatchBytes, mostBytes),
  mostBytes,
  ceilingBytes: mostBytes,
  cutShort: 0,
  paced: false,
  lastAckAt: 0,
  budget: bytesPerHour === null ? null : { perHour: bytesPerHour, left: bytesPerHour, at: 0 },
  setbacks: 0,
  connectFailures: 0,
  connectedAt: 0,
  helloAt: null,
  connectAt: 0,
  answeredAt: null,
  stuckSince: null,
  trouble: null,
})

const toProgress = ({ epoch, last, acked }: JournalEpoch): EpochProgress => ({
  epoch,
  last,
  acked,
  sent: acked,
  stopped: null,
  notTakenFirst: null,
})

/** The journal as it is now: new epochs come in, the ends move; what is on its way stays. */
export function mergeEpochs(known: readonly EpochProgress[], seen: readonly JournalEpoch[]): EpochProgress[] {
  const before = new Map(known.map((one) => [one.epoch, one]))
  return seen.map((now) => {
    const one = before.get(now.epoch)
    if (!one) return toProgress(now)
    return { ...one, last: now.last, acked: now.acked, sent: Math.max(now.acked, Math.min(one.sent, now.last)) }
  })
}

export const updateEpoch = (state: SenderState, epoch: string, change: Partial<EpochProgress>): SenderState => ({
  ...state,
  epochs: state.epochs.map((one) => (one.epoch === epoch ? { ...one, ...change } : one)),
})

/** Nothing is on its way any more; what was sent and not acked will be sent again from the cursor. */
export const quiet = (state: SenderState): SenderState => ({
  ...state,
  hello: null,
  ready: false,
  open: [],
  want: null,
  epochs: state.epochs.map((epoch) => ({ ...epoch, sent: epoch.acked, notTakenFirst: null })),
})

export const only = (state: SenderState): Step => ({ state, effects: [] })

/** Entries that the hub has not acknowledged. */
export const backlogOf = (state: SenderState): number =>
  state.epochs.reduce((sum, epoch) => sum + epoch.last - epoch.acked, 0)

/** Whether this session's hello was answered and all that the hub holds of this village is here. */
export const hasHistory = (state: SenderState): boolean => state.ready && state.missing.length === 0

/** SYNC-025: whether the line has nothing else to do, and bytes left in this hour: a file may go. */
export const mayCarryFile = (state: SenderState): boolean =>
  state.link === 'up' &&
  state.isOwner === true &&
  state.window > 0 &&
  state.hello === null &&
  state.want === null &&
  state.open.length === 0 &&
  hasHistory(state) &&
  backlogOf(state) === 0 &&
  (state.budget === null || state.budget.left > 0)
