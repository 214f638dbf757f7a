import { hourMs, minuteMs } from '../base/time.ts'
import type { Waiting } from '../queue/policy.ts'
import { weigh } from './blend.ts'
import { createGuesser } from './experts.ts'
import { blendOf, type GuessRecord, recordRollouts } from './guess-record.ts'
import { type PastServices, sortedTimes } from './past-services.ts'
import { type StreamDay, type StreamKind, streamOf } from './past-waits.ts'
import { type CallNext, createPlay, type Opening, type PlayedTicket } from './rollout.ts'

/** The line now, as the rollouts need it. Durations and times are ms from now. */
export type LineState = {
  /** Who may be called: those who wait, and missed ones on their way back. Parked ones are left out. */
  waiting: readonly Waiting[]
  counters: readonly {
    counter: string
    services: readonly string[]
    /** When it may call: breaks, pauses and closing are the gaps. A counter without staff has none. */
    openings: readonly Opening[]
    /** What is in hand; `elapsedMs` since its call. */
    busy: { service: string; elapsedMs: number; state: 'called' | 'serving' } | null
    /** For how long it could have called somebody who waits, and has not; 0 while busy. */
    idleMs: number
    normalsSince: number
  }[]
  services: readonly { service: string; minutes: number }[]
  /** All tickets of this office day by stream (`past-waits.ts`); `nowMs` is the time since its local midnight. */
  today: { day: string; nowMs: number; streams: ReadonlyMap<string, StreamDay> }
  /** Services finished today: how long each took from call to end, and how long ago its call was. */
  finishedToday: readonly { service: string; ms: number; calledAgoMs: number }[]
  /** Minutes since Sunday 00:00, local. */
  weekMinute: number
  /** Setting of the calling rule: so many ordinary tickets after one with priority. */
  normalsPerPriority: number
}

/** When a ticket will be called, ms from now: in half and in four fifths of the plays it was by then. Null: not today. */
export type Wait = { p50: number | null; p80: number | null }

export type Estimate = {
  tickets: readonly (Wait & { ticket: string })[]
  /** For a ticket that is taken now, of each service. */
  next: readonly (Wait & { service: string })[]
  /** The office has finished enough services for these numbers to be its own; before, the published time is told. */
  learned: boolean
}

const rollouts = 200
/** Published times stand in until this many services were finished here. */
export const learnedFrom = 20
/** What today has shown of its tempo counts half after this many finished services. */
const tempoWeight = 6
/** How far an office's day strays from its usual tempo before anything is known of it (standard deviation, log scale). */
const tempoSpread = 0.25

/**
 * Plays the line forward 200 times by the real calling rule, and puts the P50 of each ticket beside four guesses from how
 * long people waited lately, each weighed by how near it has been (`blend.ts`). What became of the last 400 such blends
 * says how much longer half and four fifths really waited; with fewer than 30 the plays stand alone.
 *
 * Also for one ticket more at the end of each service's line. `random` gives 0 ≤ x < 1; `record` is kept from one
 * estimate to the next, and grows.
 */
export function estimateWaits(
  state: LineState,
  history: PastServices,
  record: GuessRecord,
  callNext: CallNext,
  random: () => number,
): Estimate {
  const weekHour = Math.floor(state.weekMinute / 60)
  const times = new Map(
    state.services.map(({ service, minutes }) => [
      service,
      sortedTimes(history.services.get(service), minutes, weekHour),
    ]),
  )
  const timesOf = (service: string) => times.get(service) ?? sortedTimes(history.services.get(service), 10, weekHour)
  const line = playedLine(state, timesOf)
  const play = createPlay({
    line,
    counters: state.counters.map(({ counter, services, openings, busy, idleMs, normalsSince }) => ({
      calling: { counter, services: new Set(services), normalsSince },
      openings,
      inHand: busy && { past: timesOf(busy.service), elapsedMs: busy.elapsedMs, called: busy.state === 'called' },
      idleMs,
    })),
    jumpers: history.jumpers.map((kind) => ({ ...kind, sortedMs: timesOf(kind.service) })),
    missed: history.missed,
    sortedTurnoverMs: history.sortedTurnoverMs,
    minuteOfDay: state.weekMinute % (24 * 60),
    callNext,
    random,
  })

  const { mean, spread } = tempoToday(state, timesOf)
  const calledMs = new Float64Array(line.length)
  const all = new Float64Array(line.length * rollouts)
  for (let turn = 0; turn < rollouts; turn++) {
    play(mean * Math.exp(spread * normal(random)), calledMs)
    for (let row = 0; row < line.length; row++) all[row * rollouts + turn] = calledMs[row] as number
  }
  const played = line.map((_, row) => waitOf(all.subarray(row * rollouts, (row + 1) * rollouts)))
  const waits = blendWaits(state, history, record, played)
  return {
    tickets: state.waiting.map(({ ticket }, row) => ({ ticket, ...(waits[row] ?? none) })),
    next: state.services.map(({ service }, index) => ({ service, ...(waits[state.waiting.length + index] ?? none) })),
    learned: history.finished >= learnedFrom,
  }
}

const none: Wait = { p50: null, p80: null }

/** Sets what the plays say beside the other guesses; rows as in `playedLine`. */
function blendWaits(state: LineState, history: PastServices, record: GuessRecord, played: readonly Wait[]): Wait[] {
  const { day, nowMs, streams } = state.today
  const rows: readonly (StreamKind & { ticket: string | null })[] = [
    ...state.waiting,
    ...state.services.map(({ service }) => ({ ...nextTicket, service })),
  ]
  const waits = [...played]
  for (const [stream, members] of Map.groupBy(rows.keys(), (row) => streamOf(rows[row] as StreamKind))) {
    const before = (history.waits.get(stream) ?? []).filter((one) => one.day < day)
    const past = { stream, before, today: streams.get(stream), nowMs }
    const blend = blendOf(past, record)
    const guess = createGuesser(before, past.today, nowMs)
    // The next ticket comes last of the rows, and stands behind all who wait.
    const line = members.toSorted((a, b) => rankOf(state, a) - rankOf(state, b))
    const waiting = line.filter((row) => rows[row]?.ticket != null).length
    for (const [index, row] of line.entries()) {
      const ticket = rows[row]?.ticket ?? null
      const { p50, p80 } = played[row] as Wait
      const known = ticket === null ? -1 : (past.today?.tickets.indexOf(ticket) ?? -1)
      if (past.today && known >= 0) {
        const waitedMs = nowMs - (past.today.takenMs[known] as number)
        if (waitedMs < justTakenMs) recordRollouts(past, past.today, known, (p50 ?? Number.NaN) + waitedMs, record)
        // It was called, and came back: it does not wait as those who were just taken.
        if (!Number.isNaN(past.today.calledMs[known])) continue
      }
      // The first in line is played best.
      if (!blend || p50 === null || index === 0) continue
      const centre = Math.exp(weigh(blend.weights, guess(index + 1, Math.max(waiting, index + 1), p50)))
      waits[row] = {
        p50: Math.round(centre * blend.p50),
        p80: p80 === null ? null : Math.round(centre * blend.p80),
      }
    }
  }
  return waits
}

const nextTicket = { ticket: null, priority: false, collection: false }
/** For so long after it was taken the plays still speak of the whole wait of a ticket. */
const justTakenMs = minuteMs

const rankOf = ({ waiting }: LineState, row: number): number => waiting[row]?.rank ?? Infinity

/** Who waits, and behind them one phantom for each service. */
function playedLine(state: LineState, timesOf: (service: string) => Float64Array): PlayedTicket[] {
  const lastRank = state.waiting.reduce((last, { rank }) => Math.max(last, rank), 0)
  return [
    ...state.waiting.map((ticket, row) => ({ ...ticket, row, phantom: false, sortedMs: timesOf(ticket.service) })),
    ...state.services.map(({ service }, index) => ({
      ...{ ticket: '', service, rank: lastRank + 1 + index, priority: false, collection: false, heldFor: null },
      ...{ returnsIn: null, row: state.waiting.length + index, phantom: true, sortedMs: timesOf(service) },
    })),
  ]
}

/**
 * How long today's services take compared with what was to be expected, shrunk towards 1, and how unsure that is (log
 * scale). Each is held against what it could have lasted until now: short ones end first, and early in a day the
 * finished ones alone would always look quick.
 */
function tempoToday({ finishedToday, counters }: LineState, timesOf: (service: string) => Float64Array) {
  let actual = 0
  let expected = 0
  for (const { service, ms, calledAgoMs } of finishedToday) {
    actual += ms
    expected += meanUpTo(timesOf(service), calledAgoMs)
  }
  for (const { busy } of counters) {
    if (!busy) continue
    actual += busy.elapsedMs
    expected += meanUpTo(timesOf(busy.service), busy.elapsedMs)
  }
  const n = finishedToday.length
  const ratio = expected > 0 ? actual / expected : 1
  return { mean: (n * ratio + tempoWeight) / (n + tempoWeight), spread: tempoSpread / Math.sqrt(1 + n / tempoWeight) }
}

/** The mean of times of which none counts for more than `limitMs`. */
function meanUpTo(sorted: Float64Array, limitMs: number): number {
  let sum = 0
  for (const ms of sorted) sum += Math.min(ms, limitMs)
  return sum / sorted.length
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

function waitOf(calledMs: Float64Array): Wait {
  calledMs.sort()
  const at = (share: number) => {
    const ms = calledMs[Math.floor(calledMs.length * share)] ?? Infinity
    return Number.isFinite(ms) ? Math.round(ms) : null
  }
  return { p50: at(0.5), p80: at(0.8) }
}

/** A wait as people read it: `10–15 menit`. `over`: it may be more than `toMinutes`, which is four hours then. */
export type WaitRange = { fromMinutes: number; toMinutes: number; over: boolean }

/** Nobody should plan by minutes for longer. */
const longestRangeMs = 4 * hourMs

/**
 * P50 to P80 rounded to five minutes, at least five apart (0–5 means: at once or nearly). A P80 of over four hours ends
 * the range there. Null: in more than one of five plays nobody calls the ticket before closing.
 */
export function waitRange({ p50, p80 }: Wait): WaitRange | null {
  if (p50 === null || p80 === null) return null
  const over = p80 > longestRangeMs
  const toMinutes = over ? longestRangeMs / minuteMs : Math.ceil(p80 / 300_000 - 0.25) * 5
  const fromMinutes = Math.floor(Math.min(p50, longestRangeMs) / 300_000 + 0.25) * 5
  return { fromMinutes, toMinutes: over ? toMinutes : Math.max(fromMinutes + 5, toMinutes), over }
}
