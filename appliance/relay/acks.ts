import type { BatchAck, Chunk, HelloAck } from '../wire/messages.ts'
import {
  type Effect,
  type EpochProgress,
  only,
  quiet,
  type SenderState,
  type Step,
  updateEpoch,
} from './sender-state.ts'
import { backoffMs, times } from './timing.ts'

/* What the sender makes of the hub's answers: pure, like sender.ts. */

/** SYNC-007, SYNC-008: each epoch of the answer is held against the journal. */
export function takeHelloAck(
  state: SenderState,
  { ack, box, own }: { ack: HelloAck; box: string; own: ReadonlyMap<string, string | null> },
  now: number,
  random: () => number,
): Step {
  if (ack.session !== state.session || !state.hello || ack.re !== state.hello.n) return only(state) // SYNC-001
  const isOwner = ack.owner === null || ack.owner === box
  const compared = compareEpochs(state.epochs, ack, own)
  const drained = compared.epochs.every((epoch) => epoch.acked === epoch.last)
  const answered: SenderState = {
    ...state,
    epochs: compared.epochs,
    hello: null,
    open: [],
    want: null,
    missing: isOwner ? compared.missing : [], // SYNC-012
    isOwner,
    ready: true,
    window: ack.window,
    answeredAt: now,
    ceilingBytes: now - state.connectedAt > times.dailyHelloMs / 2 ? state.mostBytes : state.ceilingBytes,
    setbacks: drained && compared.missing.length === 0 ? 0 : state.setbacks,
    helloAt: now + times.dailyHelloMs * (0.9 + random() / 10),
    trouble: null,
  }
  const busy: SenderState = { ...answered, helloAt: now + backoffMs(state.setbacks) }
  return { state: ack.window === 0 ? busy : answered, effects: compared.effects }
}

type Compared = { epochs: EpochProgress[]; missing: { epoch: string; until: number }[]; effects: Effect[] }

function compareEpochs(
  known: readonly EpochProgress[],
  ack: HelloAck,
  own: ReadonlyMap<string, string | null>,
): Compared {
  const answers = new Map(ack.epochs.map((answer) => [answer.epoch, answer]))
  const current = known.at(-1)?.epoch
  const cuts: { epoch: string; upTo: number }[] = []
  const cursors: Effect[] = []
  const missing: Compared['missing'] = []
  let begin = false

  const epochs = known.map((epoch): EpochProgress => {
    const answer = answers.get(epoch.epoch)
    if (!answer) return epoch
    answers.delete(epoch.epoch)
    const { seq, hash, common } = answer
    const agreed = (at: number): EpochProgress => {
      if (at !== epoch.acked) cursors.push({ kind: 'store-cursor', epoch: epoch.epoch, seq: at })
      return { ...epoch, acked: at, sent: at, stopped: null, notTakenFirst: null }
    }
    if (seq <= epoch.last && own.get(epoch.epoch) === hash) return agreed(seq)
    missing.push({ epoch: epoch.epoch, until: seq })
    if (seq > epoch.last && common === epoch.last) {
      begin ||= epoch.epoch === current
      return agreed(epoch.last)
    }
    cuts.push({ epoch: epoch.epoch, upTo: common })
    return { ...agreed(common), last: common }
  })
  for (const { epoch, seq } of answers.values()) if (seq > 0) missing.push({ epoch, until: seq })

  const meets: Effect[] = cuts.length > 0 || begin ? [{ kind: 'meet-other-past', cuts, begin }] : []
  return { epochs, missing, effects: [...meets, ...cursors] }
}

/** SYNC-002: only this moves the cursor. */
export function takeBatchAck(state: SenderState, ack: BatchAck, own: string | null, now: number): Step {
  const question = state.open.find((open) => open.n === ack.re)
  if (ack.session !== state.session || !question || question.epoch !== ack.epoch) return only(state) // SYNC-001
  const rest: SenderState = { ...state, window: ack.window, open: state.open.filter((open) => open !== question) }
  const progress = state.epochs.find((epoch) => epoch.epoch === ack.epoch)
  // The hash first: to a hub with another past every batch is a broken chain; the hello will show which it is.
  if (!progress || ack.unknown || own !== ack.hash || ack.seq > progress.last) return only(helloAgain(rest, now))
  if (ack.refused) return only(stopEpoch({ ...rest, trouble: 'batch-refused' }, ack.epoch, 'refused', now))

  const effects: Effect[] = ack.seq === progress.acked ? [] : [{ kind: 'store-cursor', epoch: ack.epoch, seq: ack.seq }]
  if (ack.seq < question.last) {
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
  const taken: SenderState = { ...moved, setbacks: 0, cutShort: 0, stuckSince: null, trouble: null, answeredAt: now }
  return { state: pace(taken, question, now), effects }
}

/** A batch holds about two seconds of what the line has lately carried: live state is never far behind a backlog. */
function pace(state: SenderState, { bytes, sentAt }: { bytes: number; sentAt: number }, now: number): SenderState {
  const tookMs = Math.max(1, now - Math.max(sentAt, state.lastAckAt))
  const carried = (bytes / tookMs) * times.batchMs
  // A short batch mostly measures the way there and back: it says that the line is at least so good.
  const wanted = bytes < state.batchBytes / 2 ? Math.max(state.batchBytes, carried) : (state.batchBytes + carried) / 2
  const batchBytes = Math.round(Math.min(state.ceilingBytes, Math.max(times.smallestBatchBytes, wanted)))
  return { ...state, batchBytes, paced: true, lastAckAt: now }
}

/** The journal judges what is in it; here only whether it was asked for. */
export function takeChunk(state: SenderState, chunk: Chunk, now: number): Step {
  const { want } = state
  const isAnswer = want && chunk.re === want.n && chunk.epochs.every(({ epoch }) => want.epochs.includes(epoch))
  if (chunk.session !== state.session || !isAnswer) return only(state) // SYNC-001
  const answered: SenderState = { ...state, want: null, answeredAt: now }
  const lacking = chunk.epochs.filter(({ entries }) => entries.length === 0)
  // The hub went back since its answer to the hello: it no longer holds what it named there.
  const next = lacking.length > 0 ? helloAgain(answered, now) : answered
  return { state: next, effects: lacking.length < chunk.epochs.length ? [{ kind: 'take-history', chunk }] : [] }
}

export function historyTaken(state: SenderState, ends: readonly { epoch: string; last: number }[]): SenderState {
  const last = new Map(ends.map((end) => [end.epoch, end.last]))
  const missing = state.missing.filter(({ epoch, until }) => (last.get(epoch) ?? 0) < until)
  return { ...state, missing, setbacks: 0 }
}

export function helloAgain(state: SenderState, now: number): SenderState {
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
