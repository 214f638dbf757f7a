import type { LinkTrouble } from '../base/broker/link-trouble.ts'
import { limits } from '../wire/messages.ts'
import { helloAgain, historyTaken, takeBatchAck, takeChunk, takeHelloAck } from './acks.ts'
import {
  backlogOf,
  type Effect,
  type Input,
  mergeEpochs,
  only,
  quiet,
  type SenderState,
  type Step,
  updateEpoch,
} from './sender-state.ts'
import { backoffMs, connectDelayMs, times } from './timing.ts'

/*
 * The sending half of the wire contract (design section 4), pure: (state, input, now, random) → (state, effects). `now`
 * is monotonic ms. Rules are named by number as in `wire/asyncapi.yaml`. MQTT, SQLite and timers are the shell's.
 */

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
    case 'reset':
      return only(state.link === 'up' ? helloAgain(state, now) : quiet(state))
    case 'disk-failed':
      return only({ ...quiet(state), helloAt: now + backoffMs(state.setbacks), setbacks: state.setbacks + 1 })
    case 'connected':
      return only({
        ...quiet(state),
        link: 'up',
        session: input.session,
        paced: false,
        connectedAt: now,
        helloAt: now,
        trouble: null,
      })
    case 'closed':
      // The end of a line that was given up already says nothing new.
      return only(state.link === 'down' ? state : closed(state, input.trouble, now, random))
    case 'foreign-box':
      return { state: closed(state, 'foreign-box', now, random), effects: [{ kind: 'disconnect' }] }
    case 'new-credentials':
      return {
        state: { ...(state.link === 'down' ? state : closed(state, 'offline', now, random)), connectAt: now },
        effects: state.link === 'up' ? [{ kind: 'disconnect' }] : [],
      }
    case 'roll-call':
      return only(takeRollCall(state, input, now, random))
    case 'batch-built':
      return only(markBuilt(state, input))
    case 'file-sent':
      return only(spendBudget(state, input.bytes, now))
    case 'hello-ack':
      return takeHelloAck(state, input, now, random)
    case 'batch-ack':
      return takeBatchAck(state, input.ack, input.own, now)
    case 'chunk':
      return takeChunk(state, input.chunk, now)
    case 'history-taken':
      return only(historyTaken(state, input.ends))
    case 'history-refused':
      return only({ ...helloAgain(state, now), trouble: 'bad-history' })
  }
}

/** A box that another one has replaced asks at each call: the fleet tool may have made it the owner again. */
function takeRollCall(
  state: SenderState,
  { spread, all }: { spread: number; all: boolean },
  now: number,
  random: () => number,
): SenderState {
  const stale = state.answeredAt === null || now - state.answeredAt > times.rollCallAgeMs || state.isOwner === false
  if (state.link !== 'up' || !(all || stale)) return state
  // A hello that is still open was asked of a hub that was not there.
  return { ...state, hello: null, helloAt: now + random() * spread }
}

/** What is due now: connecting, giving up on an answer, a hello, history, the next batches. */
function pump(state: SenderState, effects: Effect[], now: number, random: () => number): Step {
  if (state.link === 'down' && state.connectAt !== null && now >= state.connectAt) {
    return { state: { ...state, link: 'connecting', connectAt: null }, effects: [...effects, { kind: 'connect' }] }
  }
  if (state.link !== 'up') return { state, effects }
  if (now - oldestQuestionAt(state) >= times.answerMs) return pump(unanswered(state, now), effects, now, random)
  if (!state.hello && state.helloAt !== null && now >= state.helloAt) {
    const n = state.nextN
    const asked = { ...quiet(state), nextN: n + 1, hello: { n, sentAt: now }, helloAt: null }
    return { state: asked, effects: [...effects, { kind: 'send-hello', n }] }
  }
  const wanted = sendWant(state, effects, now)
  return sendBatch(wanted.state, wanted.effects, now)
}

/** SYNC-008: one question for history at a time, for as many epochs as it may name. */
function sendWant(state: SenderState, effects: Effect[], now: number): Step {
  const epochs = state.missing.slice(0, limits.wantEpochs).map(({ epoch }) => epoch)
  if (!state.ready || state.window === 0 || state.want || epochs.length === 0) return { state, effects }
  const n = state.nextN
  return {
    state: { ...state, nextN: n + 1, want: { n, epochs, sentAt: now } },
    effects: [...effects, { kind: 'send-want', n, epochs }],
  }
}

/** SYNC-004: older epochs first, the next when the one before is fully acked or stopped. One batch a step: how much fits, the shell knows. */
function sendBatch(before: SenderState, effects: Effect[], now: number): Step {
  const state = refillBudget(before, now)
  const building = state.open.some((open) => open.last === 0)
  if (!state.ready || building || state.open.length >= windowOf(state)) return { state, effects }
  const due = state.epochs.find((epoch) => !epoch.stopped && epoch.acked < epoch.last)
  if (!due || due.sent >= due.last || (state.budget && state.budget.left <= 0)) return { state, effects }
  const n = state.nextN
  const asked = { n, epoch: due.epoch, first: due.sent + 1, last: 0, bytes: 0, sentAt: now }
  return {
    state: { ...state, nextN: n + 1, open: [...state.open, asked] },
    effects: [...effects, { kind: 'send-batch', n, epoch: due.epoch, from: due.sent, maxBytes: state.batchBytes }],
  }
}

/** Until the line is known one batch is on its way; on a slow line two, so that nothing waits long behind them. */
function windowOf({ window, paced, batchBytes, mostBytes }: SenderState): number {
  if (!paced) return Math.min(window, 1)
  return batchBytes < mostBytes ? Math.min(window, 2) : window
}

function refillBudget(state: SenderState, now: number): SenderState {
  if (!state.budget) return state
  const { perHour, left, at } = state.budget
  const grown = Math.min(perHour, left + (perHour * (now - at)) / times.hourMs)
  return { ...state, budget: { perHour, left: grown, at: now } }
}

function spendBudget(before: SenderState, bytes: number, now: number): SenderState {
  const state = refillBudget(before, now)
  return { ...state, budget: state.budget && { ...state.budget, left: state.budget.left - bytes } }
}

function markBuilt(state: SenderState, { n, last, bytes }: { n: number; last: number; bytes: number }): SenderState {
  const open = state.open.map((one) => (one.n === n ? { ...one, last, bytes } : one))
  const built = open.find((one) => one.n === n)
  if (!built) return state
  const budget = state.budget && { ...state.budget, left: state.budget.left - bytes }
  return updateEpoch({ ...state, open, budget }, built.epoch, { sent: last })
}

/** SYNC-003: a question unanswered for 30 s on a living socket. The socket stays, the next batch is half as large. */
function unanswered(state: SenderState, now: number): SenderState {
  const batchBytes = Math.max(times.smallestBatchBytes, Math.round(state.batchBytes / 2))
  return { ...helloAgain(state, now), batchBytes, trouble: 'no-answer' }
}

function closed(state: SenderState, trouble: LinkTrouble, now: number, random: () => number): SenderState {
  const lasted = state.link === 'up' && now - state.connectedAt >= times.lastingMs
  const failures = lasted ? 0 : state.connectFailures
  return {
    ...quiet(lowerCeiling(state)),
    link: 'down',
    session: null,
    helloAt: null,
    connectAt: now + connectDelayMs(trouble, failures, random),
    connectFailures: failures + 1,
    trouble,
  }
}

/** F24: twice in a row may be the batch's fault. Half of what was sent is tried; a line that lasts a day has shown more. */
function lowerCeiling(state: SenderState): SenderState {
  if (state.open.length === 0) return state
  const cutShort = state.cutShort + 1
  if (cutShort < 2) return { ...state, cutShort }
  const largest = Math.max(...state.open.map(({ bytes }) => bytes))
  const ceilingBytes = Math.max(times.smallestBatchBytes, Math.min(state.ceilingBytes, Math.round(largest / 2)))
  return { ...state, cutShort, ceilingBytes, batchBytes: Math.min(state.batchBytes, ceilingBytes) }
}

function watchBacklog(state: SenderState, now: number): SenderState {
  if (state.epochs.every((epoch) => epoch.acked === epoch.last))
    return state.stuckSince === null ? state : { ...state, stuckSince: null }
  return state.stuckSince === null ? { ...state, stuckSince: now } : state
}

const oldestQuestionAt = ({ hello, want, open }: SenderState): number =>
  Math.min(
    hello?.sentAt ?? Number.POSITIVE_INFINITY,
    want?.sentAt ?? Number.POSITIVE_INFINITY,
    ...open.map((one) => one.sentAt),
  )

/** When the shell must step again at the latest, monotonic ms; null while only an input can change something. */
export function nextTickAt(state: SenderState): number | null {
  const question = oldestQuestionAt(state)
  const waitsForBudget = state.ready && state.budget !== null && state.budget.left <= 0 && backlogOf(state) > 0
  const due = [
    state.link === 'up' && !state.hello ? state.helloAt : null,
    state.link === 'down' ? state.connectAt : null,
    Number.isFinite(question) ? question + times.answerMs : null,
    waitsForBudget && state.budget ? state.budget.at + times.budgetLookMs : null,
  ].filter((at) => at !== null)
  return due.length > 0 ? Math.min(...due) : null
}
