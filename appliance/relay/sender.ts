import type { BatchAck, HelloAck } from '../wire/messages.ts'
import { backoffMs, connectDelayMs, times } from './timing.ts'

/*
 * The sending half of the wire contract (design section 4), pure: (state, input, now, random) → (state, effects). `now`
 * is monotonic ms. Rules are named by number as in `wire/asyncapi.yaml`. MQTT, SQLite and timers are the shell's.
 */

/** One epoch of the journal as the sender sees it. `sent` runs ahead of `acked`; only an ack moves `acked`. */
export type EpochProgress = {
  epoch: string
  last: number
  acked: number
  sent: number
  /** Nothing of this epoch is sent until the next hello (refused, not-taken) or until a person looks (other-past). */
  stopped: 'other-past' | 'refused' | 'not-taken' | null
  notTakenFirst: number | null
}

/** A question on its way. `last` is 0 until the shell has built the batch and knows how much fitted in. */
type OpenBatch = { n: number; epoch: string; first: number; last: number; sentAt: number }

export type LinkTrouble = 'offline' | 'connect-refused' | 'subscribe-refused' | 'foreign-box' | 'no-answer'

export type SenderState = {
  link: 'down' | 'connecting' | 'up'
  session: string | null
  nextN: number
  hello: { n: number; sentAt: number } | null
  /** This session's hello was answered: batches may go. */
  ready: boolean
  window: number
  epochs: readonly EpochProgress[]
  open: readonly OpenBatch[]
  batchBytes: number
  /** How often in a row the hub did not answer or did not take: the longer the wait for the next hello. */
  setbacks: number
  connectFailures: number
  helloAt: number | null
  connectAt: number | null
  answeredAt: number | null
  /** Since when there is a backlog and no ack has moved it. */
  stuckSince: number | null
  trouble: LinkTrouble | 'other-past' | 'batch-refused' | null
}

/** `own`: the box's hash at the place that an ack names, base64url, null where it has none there. */
export type Input =
  | { kind: 'tick' }
  | { kind: 'rang'; epochs: readonly { epoch: string; last: number }[] }
  | { kind: 'connected'; session: string }
  | { kind: 'closed'; trouble: LinkTrouble }
  | { kind: 'hello-ack'; ack: HelloAck; own: ReadonlyMap<string, string | null> }
  | { kind: 'batch-ack'; ack: BatchAck; own: string | null }
  | { kind: 'batch-built'; n: number; last: number }
  | { kind: 'roll-call'; spread: number; all: boolean }
  | { kind: 'foreign-box' }

export type Effect =
  | { kind: 'connect' }
  | { kind: 'disconnect' }
  | { kind: 'send-hello'; n: number }
  | { kind: 'send-batch'; n: number; epoch: string; from: number; maxBytes: number }
  | { kind: 'store-cursor'; epoch: string; seq: number }

export type Step = { state: SenderState; effects: Effect[] }

export const initialState = (epochs: readonly { epoch: string; last: number; acked: number }[]): SenderState => ({
  link: 'down',
  session: null,
  nextN: 1,
  hello: null,
  ready: false,
  window: 0,
  epochs: epochs.map(({ epoch, last, acked }) => ({
    epoch,
    last,
    acked,
    sent: acked,
    stopped: null,
    notTakenFirst: null,
  })),
  open: [],
  batchBytes: times.fullBatchBytes,
  setbacks: 0,
  connectFailures: 0,
  helloAt: null,
  connectAt: 0,
  answeredAt: null,
  stuckSince: null,
  trouble: null,
})

/** One step of the sender. `random` gives numbers in [0, 1). */
export function step(state: SenderState, input: Input, now: number, random: () => number): Step {
  const taken = take(state, input, now, random)
  return pump(watchBacklog(taken.state, now), taken.effects, now, random)
}

function take(state: SenderState, input: Input, now: number, random: () => number): Step {
  switch (input.kind) {
    case 'tick':
      return only(state)
    case 'rang':
      return only({ ...state, epochs: mergeEpochs(state.epochs, input.epochs) })
    case 'connected':
      return only({ ...quiet(state), link: 'up', session: input.session, helloAt: now, trouble: null })
    case 'closed':
      return only(closed(state, input.trouble, now, random))
    case 'foreign-box':
      return { state: closed(state, 'foreign-box', now, random), effects: [{ kind: 'disconnect' }] }
    case 'roll-call': {
      const stale = state.answeredAt === null || now - state.answeredAt > times.rollCallAgeMs
      if (state.link !== 'up' || !(input.all || stale)) return only(state)
      // A hello that is still open was asked of a hub that was not there.
      return only({ ...state, hello: null, helloAt: now + random() * input.spread })
    }
    case 'batch-built':
      return only(markBuilt(state, input.n, input.last))
    case 'hello-ack':
      return takeHelloAck(state, input.ack, input.own, now, random)
    case 'batch-ack':
      return takeBatchAck(state, input.ack, input.own, now)
  }
}

/** SYNC-007: each epoch of the answer is held against the journal. */
function takeHelloAck(
  state: SenderState,
  ack: HelloAck,
  own: ReadonlyMap<string, string | null>,
  now: number,
  random: () => number,
): Step {
  if (ack.session !== state.session || !state.hello || ack.re !== state.hello.n) return only(state) // SYNC-001
  const effects: Effect[] = []
  const answers = new Map(ack.epochs.map((answer) => [answer.epoch, answer]))
  const epochs = state.epochs.map((epoch): EpochProgress => {
    const answer = answers.get(epoch.epoch)
    if (!answer) return epoch
    if (answer.seq > epoch.last || own.get(epoch.epoch) !== answer.hash) return { ...epoch, stopped: 'other-past' }
    if (answer.seq !== epoch.acked) effects.push({ kind: 'store-cursor', epoch: epoch.epoch, seq: answer.seq })
    return { ...epoch, acked: answer.seq, sent: answer.seq, stopped: null }
  })
  const otherPast = epochs.some((epoch) => epoch.stopped === 'other-past')
  const drained = epochs.every((epoch) => epoch.acked === epoch.last)
  const answered: SenderState = {
    ...state,
    epochs,
    hello: null,
    open: [],
    ready: true,
    window: ack.window,
    answeredAt: now,
    connectFailures: 0,
    setbacks: drained ? 0 : state.setbacks,
    helloAt: now + times.dailyHelloMs * (0.9 + random() / 10),
    trouble: otherPast ? 'other-past' : null,
  }
  return { state: ack.window === 0 ? { ...answered, helloAt: now + backoffMs(state.setbacks) } : answered, effects }
}

/** SYNC-002: only this moves the cursor. */
function takeBatchAck(state: SenderState, ack: BatchAck, own: string | null, now: number): Step {
  const question = state.open.find((open) => open.n === ack.re)
  if (ack.session !== state.session || !question || question.epoch !== ack.epoch) return only(state) // SYNC-001
  const rest: SenderState = { ...state, window: ack.window, open: state.open.filter((open) => open !== question) }
  const progress = state.epochs.find((epoch) => epoch.epoch === ack.epoch)
  // The hash first: to a hub with another past every batch is a broken chain; the hello will show which it is.
  if (!progress || ack.unknown || own !== ack.hash || ack.seq > progress.last) return only(helloAgain(rest, now))
  if (ack.refused) return only(stopEpoch({ ...rest, trouble: 'batch-refused' }, ack.epoch, 'refused', now))

  const effects: Effect[] = ack.seq === progress.acked ? [] : [{ kind: 'store-cursor', epoch: ack.epoch, seq: ack.seq }]
  if (ack.seq < question.last) {
    // Not taken: back to the hub's cursor. Other batches behind it are void, or each would send us back again (F49).
    const twice = progress.notTakenFirst === question.first
    const back = updateEpoch({ ...rest, open: rest.open.filter((open) => open.epoch !== ack.epoch) }, ack.epoch, {
      acked: ack.seq,
      sent: ack.seq,
      notTakenFirst: question.first,
    })
    return { state: twice ? stopEpoch(back, ack.epoch, 'not-taken', now) : back, effects }
  }
  const moved = updateEpoch(rest, ack.epoch, {
    acked: ack.seq,
    sent: Math.max(progress.sent, ack.seq),
    notTakenFirst: null,
  })
  const grown = Math.min(times.fullBatchBytes, state.batchBytes * 2)
  return {
    state: { ...moved, setbacks: 0, batchBytes: grown, stuckSince: null, trouble: null, answeredAt: now },
    effects,
  }
}

/** What is due now: connecting, giving up on an answer, a hello, the next batches. */
function pump(state: SenderState, effects: Effect[], now: number, random: () => number): Step {
  if (state.link === 'down' && state.connectAt !== null && now >= state.connectAt) {
    return { state: { ...state, link: 'connecting', connectAt: null }, effects: [...effects, { kind: 'connect' }] }
  }
  if (state.link !== 'up') return { state, effects }
  const oldest = Math.min(state.hello?.sentAt ?? Number.POSITIVE_INFINITY, ...state.open.map((open) => open.sentAt))
  if (now - oldest >= times.answerMs) return pump(unanswered(state, now), effects, now, random)
  if (!state.hello && state.helloAt !== null && now >= state.helloAt) {
    const n = state.nextN
    const asked = { ...state, nextN: n + 1, hello: { n, sentAt: now }, ready: false, open: [], helloAt: null }
    return { state: asked, effects: [...effects, { kind: 'send-hello', n }] }
  }
  return sendBatch(state, effects, now)
}

/** SYNC-004: older epochs first, the next when the one before is fully acked or stopped. One batch a step: how much fits, the shell knows. */
function sendBatch(state: SenderState, effects: Effect[], now: number): Step {
  const building = state.open.some((open) => open.last === 0)
  if (!state.ready || building || state.open.length >= state.window) return { state, effects }
  const due = state.epochs.find((epoch) => !epoch.stopped && epoch.acked < epoch.last)
  if (!due || due.sent >= due.last) return { state, effects }
  const n = state.nextN
  const open = [...state.open, { n, epoch: due.epoch, first: due.sent + 1, last: 0, sentAt: now }]
  return {
    state: { ...state, nextN: n + 1, open },
    effects: [...effects, { kind: 'send-batch', n, epoch: due.epoch, from: due.sent, maxBytes: state.batchBytes }],
  }
}

function markBuilt(state: SenderState, n: number, last: number): SenderState {
  const open = state.open.map((one) => (one.n === n ? { ...one, last } : one))
  const built = open.find((one) => one.n === n)
  return built ? updateEpoch({ ...state, open }, built.epoch, { sent: last }) : state
}

/** SYNC-003: a question unanswered for 30 s on a living socket. The socket stays, the next batch is half as large. */
function unanswered(state: SenderState, now: number): SenderState {
  const wait = state.setbacks === 0 ? 0 : backoffMs(state.setbacks)
  return {
    ...quiet(state),
    helloAt: now + wait,
    setbacks: state.setbacks + 1,
    batchBytes: Math.max(times.smallestBatchBytes, state.batchBytes / 2),
    trouble: 'no-answer',
  }
}

function helloAgain(state: SenderState, now: number): SenderState {
  const wait = state.setbacks === 0 ? 0 : backoffMs(state.setbacks)
  return { ...quiet(state), helloAt: now + wait, setbacks: state.setbacks + 1 }
}

function stopEpoch(state: SenderState, epoch: string, stopped: 'refused' | 'not-taken', now: number): SenderState {
  const open = state.open.filter((one) => one.epoch !== epoch)
  return {
    ...updateEpoch({ ...state, open }, epoch, { stopped }),
    helloAt: now + backoffMs(state.setbacks),
    setbacks: state.setbacks + 1,
  }
}

function closed(state: SenderState, trouble: LinkTrouble, now: number, random: () => number): SenderState {
  return {
    ...quiet(state),
    link: 'down',
    session: null,
    helloAt: null,
    connectAt: now + connectDelayMs(trouble, state.connectFailures, random),
    connectFailures: state.connectFailures + 1,
    trouble,
  }
}

/** Nothing is on its way any more; what was sent and not acked will be sent again from the cursor. */
const quiet = (state: SenderState): SenderState => ({
  ...state,
  hello: null,
  ready: false,
  open: [],
  epochs: state.epochs.map((epoch) => ({ ...epoch, sent: epoch.acked, notTakenFirst: null })),
})

function watchBacklog(state: SenderState, now: number): SenderState {
  if (state.epochs.every((epoch) => epoch.acked === epoch.last))
    return state.stuckSince === null ? state : { ...state, stuckSince: null }
  return state.stuckSince === null ? { ...state, stuckSince: now } : state
}

function mergeEpochs(
  known: readonly EpochProgress[],
  seen: readonly { epoch: string; last: number }[],
): EpochProgress[] {
  return seen.map(({ epoch, last }) => ({
    ...(known.find((one) => one.epoch === epoch) ?? { epoch, acked: 0, sent: 0, stopped: null, notTakenFirst: null }),
    last,
  }))
}

const updateEpoch = (state: SenderState, epoch: string, change: Partial<EpochProgress>): SenderState => ({
  ...state,
  epochs: state.epochs.map((one) => (one.epoch === epoch ? { ...one, ...change } : one)),
})

const only = (state: SenderState): Step => ({ state, effects: [] })

/** When the shell must step again at the latest, monotonic ms; null while only an input can change something. */
export function nextTickAt(state: SenderState): number | null {
  const questions = [state.hello?.sentAt, ...state.open.map((open) => open.sentAt)]
    .filter((at) => at !== undefined)
    .map((at) => at + times.answerMs)
  const due = [
    state.link === 'up' && !state.hello ? state.helloAt : null,
    state.link === 'down' ? state.connectAt : null,
    ...questions,
  ].filter((at) => at !== null)
  return due.length > 0 ? Math.min(...due) : null
}

/** Entries that the hub has not acknowledged. */
export const backlogOf = (state: SenderState): number =>
  state.epochs.reduce((sum, epoch) => sum + epoch.last - epoch.acked, 0)
