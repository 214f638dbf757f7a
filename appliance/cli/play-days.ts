import { AppError } from '../base/errors.ts'
import { dayMs, minuteMs } from '../base/time.ts'
import type { Box } from '../open-box.ts'
import { type Random, seededRandom } from './seeded-random.ts'

/* Office days played through the queue's own commands, by a clock that the player owns: the demo's past, and tests'. */

type Days = { from: number; days: number; visitors: number }
type PlayedClock = { wall: () => number; setWall: (to: number) => void }
type PlayedOffice = { services: readonly string[]; clerks: readonly string[]; counters: readonly string[] }

/**
 * Plays working days from 08.00 local on (`from`, ms since 1970 UTC), so many `visitors` on the fullest. The last one stays
 * open with people waiting where `open` is set. Always the same for the same input.
 */
export function playDays(
  box: Box,
  time: PlayedClock,
  office: PlayedOffice,
  { from, days, visitors, open: leaveOpen }: Days & { open: boolean },
): void {
  const { queue } = box
  const random = seededRandom(days)
  const by = (account: string) => ({ account, actor: account, key: null })
  for (let day = 0; day < days; day++) {
    const begins = from + day * dayMs
    const weekday = new Date(begins).getUTCDay()
    if (weekday === 0 || weekday === 6) continue
    time.setWall(begins)
    box.lookAtDay()
    const last = leaveOpen && day === days - 1
    playDay(begins, last ? visitors / 2 : visitors - (weekday % 3) * 4, last)
  }

  function playDay(begins: number, count: number, open: boolean): void {
    const served: string[] = []
    for (const [i, counter] of office.counters.entries()) box.office.sit({ ...by(office.clerks[i] ?? ''), counter })
    const busyUntil = office.counters.map(() => begins)
    const came = Array.from({ length: count }, () => begins + Math.round(minuteMs * 420 * random() * random())).sort(
      (a, b) => a - b,
    )
    while (came.length > 0 || (!open && queue.openTickets().length > 0)) {
      const free = Math.min(...busyUntil)
      const next = came[0]
      if (next !== undefined && (next <= free || queue.openTickets().length === 0)) {
        came.shift()
        time.setWall(Math.max(next, time.wall()))
        queue.takeTicket({ service: anyService(), actor: 'kiosk:1', key: null })
        continue
      }
      if (next === undefined && open) return
      const at = busyUntil.indexOf(free)
      busyUntil[at] = serve(at, Math.max(free, time.wall()), served)
    }
    const satisfied = served.filter((_ticket, i) => i % 3 === 0)
    for (const ticket of satisfied) box.survey.answerSurvey({ ticket, answers: surveyAnswers(random), actor: 'phone' })
  }

  /** Six of ten want the first service, of the others six of ten the next, and so on. */
  function anyService(): string {
    const which = Math.floor(Math.log(1 - random()) / Math.log(0.4))
    return office.services[Math.min(which, office.services.length - 1)] ?? ''
  }

  /** One visit from the call to its end; answers when the counter is free again. */
  function serve(at: number, begins: number, served: string[]): number {
    const account = office.clerks[at] ?? ''
    const counter = office.counters[at] ?? ''
    time.setWall(begins)
    const [first] = queue.openTickets().filter(({ state }) => state === 'waiting')
    if (first && random() < 0.05) {
      queue.cancel({ ticket: first.ticket, actor: 'phone', key: null, reason: 'cancelled' })
      return begins
    }
    const ticket = call(account, counter)
    if (ticket === null) return begins + 2 * minuteMs
    if (random() < 0.08) {
      queue.miss({ ...by(account), ticket })
      return begins + minuteMs
    }
    queue.start({ ...by(account), ticket })
    const endsAt = begins + Math.round(minuteMs * (4 + 18 * random()))
    time.setWall(endsAt)
    queue.complete({ ...by(account), ticket, result: 'done' })
    served.push(ticket)
    return endsAt
  }

  /** Null: those who wait want services of another counter. */
  function call(account: string, counter: string): string | null {
    try {
      return queue.callNext({ ...by(account), counter }).ticket
    } catch (error) {
      if (error instanceof AppError && error.code === 'queue.nobody-waiting') return null
      throw error
    }
  }
}

/** A questionnaire of somebody who is mostly content. */
export function surveyAnswers(random: Random) {
  const score = () => (random() < 0.6 ? 4 : random() < 0.8 ? 3 : 2) as 2 | 3 | 4
  return {
    requirements: score(),
    procedure: score(),
    time: score(),
    cost: score(),
    product: score(),
    competence: score(),
    behaviour: score(),
    complaints: score(),
    facilities: score(),
  }
}
