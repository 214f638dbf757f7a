import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/* Real days of city offices as their number boards showed them; `data/README.md` says where they come from. */

/** Minutes since midnight. `calledAt` null: the day ended before. `counter` and `endedAt` are ours, see `serve`. */
export type BoardTicket = { number: number; takenAt: number; calledAt: number | null; counter: number; endedAt: number }
export type BoardDay = { date: string; tickets: BoardTicket[]; countersAt: (minute: number) => number }
export type BoardQueue = { queue: string; publishedMinutes: number; days: BoardDay[] }

type Sample = { minute: number; open: number; waiting: number; called: number }

const fewestCalls = 15
const longestJump = 40
const mostLower = 0.1
/** From the end of a service to the counter's next call, while somebody waits: 15 s. */
const turnoverMinutes = 0.25

/** Reads `queue,published_minutes,date,samples`; days that a board cannot have shown are left out. */
export function readOfficeDays(path: string): BoardQueue[] {
  const queues = new Map<string, BoardQueue>()
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1)) {
    const [queue, published, date, samples] = line.split(',') as [string, string, string, string]
    const known = queues.get(queue) ?? { queue, publishedMinutes: Number(published), days: [] }
    queues.set(queue, known)
    const day = readDay(date, samples.split(' ').filter(Boolean).map(parseSample), known.publishedMinutes)
    if (day) known.days.push(day)
  }
  return [...queues.values()]
}

function parseSample(text: string): Sample {
  const [minute, open, waiting, called] = text.split(':').map(Number) as [number, number, number, number]
  return { minute, open, waiting, called }
}

/**
 * Numbers rise within a day, and a lower one is ignored; as many were taken as were called and wait, never fewer than
 * before. A number's taking and its call are spread evenly within the sample in which the count passed it.
 */
function readDay(date: string, samples: readonly Sample[], publishedMinutes: number): BoardDay | null {
  const [first, ...others] = samples
  if (!first) return null
  const tickets = new Map<number, BoardTicket>()
  let { minute: since, called } = first
  let taken = called
  let lower = 0
  const calledBefore = called
  const take = (count: number, minute: number) => {
    for (let number = taken + 1; number <= count; number++) {
      const takenAt = since + ((minute - since) * (number - taken - 0.5)) / (count - taken)
      tickets.set(number, { number, takenAt, calledAt: null, counter: 0, endedAt: 0 })
    }
    taken = Math.max(taken, count)
  }
  take(called + first.waiting, since)
  for (const sample of others) {
    if (sample.called < called) {
      lower++
      continue
    }
    if (sample.called - called > longestJump) return null
    take(sample.called + sample.waiting, sample.minute)
    for (let number = called + 1; number <= sample.called; number++) {
      const ticket = tickets.get(number)
      if (!ticket) continue
      const at = since + ((sample.minute - since) * (number - called - 0.5)) / (sample.called - called)
      ticket.calledAt = Math.max(ticket.takenAt, at)
    }
    called = sample.called
    since = sample.minute
  }
  if (called - calledBefore < fewestCalls || lower > samples.length * mostLower) return null
  const countersAt = (minute: number) => Math.max(1, samples.findLast((one) => one.minute <= minute)?.open ?? 1)
  const day = { date, tickets: [...tickets.values()], countersAt }
  serve(day, publishedMinutes)
  return day
}

/**
 * A call goes to the counter whose last one is the oldest, among as many as were open. A service ends shortly before that
 * counter's next call where the next person was waiting by then, else after the published time.
 */
function serve({ tickets, countersAt }: BoardDay, publishedMinutes: number): void {
  const last: (BoardTicket | null)[] = []
  const calledAt = (counter: number) => last[counter]?.calledAt ?? -Infinity
  for (const ticket of byCall(tickets)) {
    const open = countersAt(ticket.calledAt)
    while (last.length < open) last.push(null)
    let counter = 0
    for (let other = 1; other < open; other++) if (calledAt(other) < calledAt(counter)) counter = other
    const before = last[counter]
    if (before?.calledAt != null && ticket.takenAt <= before.endedAt)
      before.endedAt = Math.max(before.calledAt, ticket.calledAt - turnoverMinutes)
    ticket.counter = counter
    ticket.endedAt = ticket.calledAt + publishedMinutes
    last[counter] = ticket
  }
}

export type CalledTicket = BoardTicket & { calledAt: number }

/** Those that were called, in that order. */
export const byCall = (tickets: readonly BoardTicket[]): CalledTicket[] =>
  tickets
    .filter((ticket): ticket is CalledTicket => ticket.calledAt !== null)
    .sort((a, b) => a.calledAt - b.calledAt || a.number - b.number)
