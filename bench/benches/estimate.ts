import { type Random, seededRandom } from '../../appliance/cli/seeded-random.ts'
import { estimateWaits, type LineState } from '../../appliance/estimate/estimate.ts'
import { createGuessRecord } from '../../appliance/estimate/guess-record.ts'
import {
  learnHistory,
  type PastServices,
  type PastTicket,
  waitOf,
  weekHourOf,
} from '../../appliance/estimate/past-services.ts'
import { dayStreams } from '../../appliance/estimate/past-waits.ts'
import type { CallNext } from '../../appliance/estimate/rollout.ts'
import { nextFor } from '../../appliance/queue/policy.ts'
import { type Day, makeDay, makeOffice, minuteMs, type Office } from '../../testing/estimate-office.ts'
import { dateOf, type InOffice, type Known, liveDay, plannedOpenings } from '../estimate-day.ts'
import { lasted, rivalNames, rivalsOf, usualTimes } from '../estimate-rivals.ts'
import type { Bench } from '../run.ts'
import { median, printTable, round } from '../statistics.ts'

const learningDays = 15
const measuredDays = 60
/** On the last learning days waits are foretold, too, so that it is known how near they were. */
const learnedBefore = 10
const offices = [2, 3, 4].flatMap((counters) => [0.75, 0.95].map((load) => ({ counters, load })))

type Told = { actualMs: number; p50: number; p80: number; rivals: readonly number[] }

/** How well the box knows how long people wait, on 360 days of six model offices, beside what queue systems do. */
export const bench: Bench = {
  name: 'estimate',
  async run() {
    const plays = seededRandom(7)
    const rows: (string | number)[][] = [['', 'P80', 'P50', 'error', ...rivalNames, 'ours ÷ best', 'tickets']]
    const all: Told[] = []
    for (const [index, { counters, load }] of offices.entries()) {
      const office = makeOffice(counters, load, index + 1)
      const told = measureOffice(office, seededRandom(100 + index), plays)
      rows.push([office.name, ...summary(told)])
      all.push(...told)
    }
    rows.push([`all, ${offices.length * measuredDays} days`, ...summary(all)])
    const ms60 = measureSixty()
    printTable(rows)
    console.log('  errors: minutes, mean absolute; P50 and P80: share of tickets called by then')
    console.log(`  one estimate, 60 waiting, 4 counters: ${round(ms60)} ms`)
    return {
      p80Coverage: round(
        shareWithin(all, ({ p80 }) => p80),
        3,
      ),
      p50Coverage: round(
        shareWithin(all, ({ p50 }) => p50),
        3,
      ),
      errorVsBestRival: round(errorOf(all, ({ p50 }) => p50) / bestRival(all), 3),
      ms60: round(ms60),
    }
  },
}

const normalsPerPriority = 2
const callNext: CallNext = (calling, line) => nextFor(calling, line, normalsPerPriority)

function measureOffice(office: Office, random: Random, plays: Random): Told[] {
  const past: PastTicket[] = []
  const told: Told[] = []
  const record = createGuessRecord()
  for (let index = 0; index < learningDays + measuredDays; index++) {
    const day = makeDay(office, index, random)
    const history = learnHistory(past, 0)
    const usual = usualTimes(office, past)
    const open: { past: PastTicket; told: Omit<Told, 'actualMs'> }[] = []
    const tickets = liveDay(office, day, callNext, random, (known, ticket) => {
      if (index < learnedBefore) return
      const wait = estimateWaits(stateOf(office, day, known), history, record, callNext, plays).tickets.at(-1)
      if (index < learningDays || hasFreeCounter(office, known, ticket) || wait?.p50 == null || wait.p80 == null) return
      open.push({
        past: ticket.past,
        told: { p50: wait.p50, p80: wait.p80, rivals: rivalsOf(office, known, ticket, usual, normalsPerPriority) },
      })
    })
    for (const { past: ticket, told: given } of open)
      told.push({ ...given, actualMs: (ticket.calledAt ?? 0) - ticket.takenAt })
    past.push(...tickets)
  }
  return told
}

/** Somebody who is called at once needs no estimate, and would flatter it. */
const hasFreeCounter = (office: Office, { counters, now }: Known, { service }: InOffice): boolean =>
  counters.some(
    ({ inHand, freeSince }, index) =>
      !inHand && freeSince < now - minuteMs && office.counters[index]?.services.includes(service),
  )

function stateOf(office: Office, day: Day, { now, waiting, counters, finishedToday, takenToday }: Known): LineState {
  return {
    waiting,
    counters: counters.map(({ calling, inHand, freeSince }, index) => ({
      counter: office.counters[index]?.counter ?? '',
      services: office.counters[index]?.services ?? [],
      openings: plannedOpenings(office, day, index, now),
      busy: inHand && {
        service: inHand.service,
        elapsedMs: now - (inHand.past.calledAt ?? now),
        state: stateSeen(inHand, now),
      },
      idleMs: inHand ? 0 : now - freeSince,
      normalsSince: calling.normalsSince,
    })),
    services: office.services.map(({ service, publishedMinutes }) => ({ service, minutes: publishedMinutes })),
    finishedToday: finishedToday
      .filter(({ outcome }) => outcome === 'served')
      .map((ticket) => ({ service: ticket.service, ms: lasted(ticket), calledAgoMs: now - (ticket.calledAt ?? now) })),
    today: {
      day: dateOf(day),
      nowMs: now - day.startsAt,
      streams: dayStreams(dateOf(day), takenToday.map(waitOf), 0),
    },
    weekMinute: weekHourOf(now) * 60 + (Math.floor(now / minuteMs) % 60),
    normalsPerPriority,
  }
}

const stateSeen = ({ visitor, past }: InOffice, now: number) =>
  visitor.stays && now - (past.calledAt ?? now) > 20_000 ? 'serving' : 'called'

const shareWithin = (told: readonly Told[], of: (told: Told) => number): number =>
  told.filter((one) => one.actualMs <= of(one)).length / told.length
const errorOf = (told: readonly Told[], of: (told: Told) => number): number =>
  told.reduce((sum, one) => sum + Math.abs(one.actualMs - of(one)), 0) / told.length / minuteMs
const rivalErrors = (told: readonly Told[]): number[] =>
  rivalNames.map((_, index) => errorOf(told, ({ rivals }) => rivals[index] ?? 0))
const bestRival = (told: readonly Told[]): number => Math.min(...rivalErrors(told))

function summary(told: readonly Told[]): (string | number)[] {
  const percent = (share: number) => `${round(share * 100, 1)} %`
  const ours = errorOf(told, ({ p50 }) => p50)
  return [
    percent(shareWithin(told, ({ p80 }) => p80)),
    percent(shareWithin(told, ({ p50 }) => p50)),
    round(ours, 1),
    ...rivalErrors(told).map((error) => round(error, 1)),
    round(ours / bestRival(told)),
    told.length,
  ]
}

/** Milliseconds of one estimate with 60 waiting and four counters, median of 40 after warming up. */
function measureSixty(): number {
  const office = makeOffice(4, 0.95, 3)
  const random = seededRandom(11)
  const past: PastTicket[] = []
  for (let index = 0; index < 30; index++)
    past.push(...liveDay(office, makeDay(office, index, random), callNext, random, () => {}))
  const history: PastServices = learnHistory(past, 0)
  const now = 9.5 * 60
  const day = dateOf(makeDay(office, 30, random))
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const line = Array.from({ length: 60 }, (_, index) => ({
    ticket: String(index),
    service: office.services[index % office.services.length]?.service ?? 'A',
    priority: index % 9 === 0,
    collection: false,
  }))
  const takenToday = line.map((ticket, index) => ({
    ...{ ...ticket, day, moved: false, calledAt: null, leftAt: null },
    takenAt: midnight + now * minuteMs - (60 - index) * minuteMs,
  }))
  const state: LineState = {
    waiting: line.map((ticket, rank) => ({ ...ticket, rank, heldFor: null, returnsIn: null })),
    counters: office.counters.map(({ counter, services }) => ({
      counter,
      services,
      openings: [
        { from: 0, until: 150 * minuteMs },
        { from: 195 * minuteMs, until: 600 * minuteMs },
      ],
      busy: { service: services[0] ?? 'A', elapsedMs: 3 * minuteMs, state: 'serving' as const },
      idleMs: 0,
      normalsSince: 1,
    })),
    services: office.services.map(({ service, publishedMinutes }) => ({ service, minutes: publishedMinutes })),
    finishedToday: past
      .slice(-30)
      .map((ticket) => ({ service: ticket.service, ms: lasted(ticket), calledAgoMs: 30 * minuteMs })),
    today: { day, nowMs: now * minuteMs, streams: dayStreams(day, takenToday, 0) },
    weekMinute: 24 * 60 + now,
    normalsPerPriority,
  }
  const record = createGuessRecord()
  const samples = Array.from({ length: 60 }, () => {
    const began = performance.now()
    estimateWaits(state, history, record, callNext, random)
    return performance.now() - began
  })
  return median(samples.slice(20))
}
