import { AppError } from '../base/errors.ts'
import { startLooks } from '../base/looks.ts'
import { minuteMs } from '../base/time.ts'
import type { Box } from '../open-box.ts'
import { surveyAnswers } from './play-days.ts'
import { type Random, seededRandom } from './seeded-random.ts'

/* An office that plays itself while the time goes by, through the commands of its rooms, beside the people who use it. */

type Counter = ReturnType<Box['office']['counters']>[number]
type Ticket = ReturnType<Box['queue']['ticket']>
type PriorityGroup = NonNullable<Parameters<Box['queue']['takeTicket']>[0]['group']>

/** Who plays. Accounts of their own, so that each person of the demo can log in at a counter that nobody plays. */
export const playedClerks = ['Petugas otomatis 1', 'Petugas otomatis 2'] as const
const playedPin = '830462'

/** So many wait at most; whoever comes then turns round at the door. */
const mostWaiting = 14
const lookMs = 500

const groups: readonly PriorityGroup[] = ['elderly', 'pregnant-nursing', 'disabled', 'child']

export type Play = {
  /** How many times as fast as in an office people come and are served; the box's own clock is nobody's to change. */
  speed: number
  /** The same visitors for the same seed. */
  seed: number
}

/** Plays until `stop`, which serves whoever stands at a played counter to the end and leaves it. */
export async function startLivePlay(box: Box, play: Play): Promise<{ stop(): Promise<void> }> {
  const office = await openLivePlay(box, play)
  const looks = startLooks(
    { play: office.look },
    { everyMs: lookMs, onFailure: (_job, error) => box.log.error({ err: error }, 'the played office stumbled') },
  )
  return {
    async stop(): Promise<void> {
      await looks.stop()
      endLivePlay(box)
    },
  }
}

/** The played office, moved on by `look`, which does what is due by the box's monotonic clock. */
export async function openLivePlay(box: Box, { speed, seed }: Play) {
  const { office, queue, clock } = box
  const clerks = await hireClerks(box)
  const visitors = createVisitors(box, { speed, seed })
  const chances = new Map(clerks.map((clerk, index) => [clerk, seededRandom(seed * 31 + index + 1)]))
  /** What a counter does next and when, as long as what stands there stays as it is. */
  const plans = new Map<string, { standing: string; due: number; comes: boolean }>()

  /** A played clerk takes the own counter while nobody is there: a person who sits down has it until they leave. */
  function sitDown(): void {
    for (const [index, account] of clerks.entries()) {
      const counter = office.counters()[index]
      if (counter?.open && counter.account === null && !isForPeople(index)) {
        office.sit({ counter: counter.counter, account, actor: account, key: null })
      }
    }
  }

  /** The last counter is a person's, in however small an office. */
  const isForPeople = (index: number) => index >= office.counters().filter(({ open }) => open).length - 1

  function work({ counter, services }: Counter, account: string, random: Random): void {
    const now = clock.monotonicMs()
    const ticket = queue.ticketAt(counter)
    const standing = ticket ? `${ticket.ticket} ${ticket.state} ${ticket.calls}` : 'free'
    const plan = plans.get(counter)
    if (plan?.standing !== standing) {
      const due = now + (minuteMs * minutesFor(ticket, random)) / speed
      plans.set(counter, { standing, due, comes: random() < (ticket?.calls === 1 ? 0.85 : 0.35) })
      return
    }
    if (now < plan.due) return
    plans.delete(counter)
    const command = { account, actor: account, key: null }
    if (!ticket) {
      if (queue.openTickets().some(({ state, service }) => state === 'waiting' && services.includes(service)))
        allowed(() => queue.callNext({ ...command, counter }))
    } else if (ticket.state === 'serving') {
      complete(ticket, account, random)
    } else if (plan.comes) {
      queue.start({ ...command, ticket: ticket.ticket })
    } else if (ticket.calls <= office.settings().recalls) {
      queue.recall({ ...command, ticket: ticket.ticket })
    } else {
      queue.miss({ ...command, ticket: ticket.ticket })
    }
  }

  function minutesFor(ticket: Ticket | null, random: Random): number {
    if (!ticket) return 0.2 + 0.6 * random()
    if (ticket.state === 'called') return 0.4 + 0.8 * random()
    return office.service(ticket.service).minutes * (0.4 + 1.2 * random())
  }

  function complete({ ticket }: Ticket, account: string, random: Random): void {
    const chance = random()
    const result = chance < 0.06 ? 'papers-missing' : chance < 0.1 ? 'referred' : 'done'
    queue.complete({ account, actor: account, key: null, ticket, result })
    if (random() < 0.3) box.survey.answerSurvey({ ticket, answers: surveyAnswers(random), actor: 'phone' })
  }

  return {
    look(): void {
      // A ticket that is taken before the office knows its day belongs to the last one.
      if (clock.trust() === 'doubtful') return
      sitDown()
      visitors.look()
      for (const counter of office.counters()) {
        const random = chances.get(counter.account ?? '')
        if (counter.account && random) work(counter, counter.account, random)
      }
    },
  }
}

/**
 * Those who played end what they had begun, leave, and can no longer log in. After a play that was killed the next start
 * does this: nobody else could take such a counter before the office's day is over.
 */
export function endLivePlay({ people, office, queue }: Box): void {
  for (const { account, active } of people.accounts().filter(isPlayed)) {
    const command = { account, actor: account, key: null }
    for (const { counter } of office.counters().filter((one) => one.account === account)) {
      const ticket = queue.ticketAt(counter)
      if (ticket?.state === 'called') queue.start({ ...command, ticket: ticket.ticket })
      if (ticket) queue.complete({ ...command, ticket: ticket.ticket, result: 'done' })
      office.leave({ ...command, counter })
    }
    if (active) people.setAccountOpen({ ...command, as: 'technician', open: false })
  }
}

const isPlayed = ({ name }: { name: string }) => (playedClerks as readonly string[]).includes(name)

/** Takes numbers for those who come, of the services that somebody serves, and gives one back now and then. */
function createVisitors({ office, queue, clock }: Box, { speed, seed }: Play) {
  const random = seededRandom(seed)
  let due = clock.monotonicMs()

  /** Four of ten want the first service, of the others four of ten the next, and so on. */
  function anyOf(services: readonly string[]): string | undefined {
    const which = Math.floor(Math.log(1 - random()) / Math.log(0.6))
    return services[Math.min(which, services.length - 1)]
  }

  function come(served: readonly string[]): void {
    const service = anyOf(served)
    // Ten times as many chances as groups: most who come have no priority.
    const group = groups[Math.floor(random() * groups.length * 10)]
    const waiting = queue.openTickets().filter(({ state }) => state === 'waiting')
    const givesUp = waiting[Math.floor(random() * 100)]
    if (givesUp) queue.cancel({ ticket: givesUp.ticket, actor: 'phone', key: null, reason: 'cancelled' })
    if (service === undefined || waiting.length >= mostWaiting) return
    allowed(() => queue.takeTicket({ service, actor: 'kiosk:1', key: null, ...(group ? { group } : {}) }))
  }

  return {
    look(): void {
      if (clock.monotonicMs() < due) return
      const staffed = office.counters().filter(({ account, open, paused }) => account && open && !paused)
      const reached = new Set(staffed.flatMap(({ services }) => services))
      const served = office.services().flatMap(({ service }) => (reached.has(service) ? [service] : []))
      come(served)
      // As many as the counters get done, in gusts: a visit takes 12 minutes with its call. More come to an empty room than
      // to a full one, so that about six wait.
      const waiting = queue.openTickets().filter(({ state }) => state === 'waiting').length
      const betweenMinutes =
        (12 / Math.max(1, staffed.length)) * Math.min(3, -Math.log(1 - random())) * (0.3 + waiting / 8)
      due = clock.monotonicMs() + (minuteMs * betweenMinutes) / speed
    },
  }
}

/** The accounts of those who play, made where they are not there yet. */
async function hireClerks({ people }: Box): Promise<string[]> {
  const technician = people.accounts().find(({ role, active }) => role === 'technician' && active)
  const by = { as: 'technician', actor: technician?.account ?? 'setup', key: null } as const
  const hired: string[] = []
  for (const name of playedClerks) {
    const known = people.accounts().find((one) => one.name === name)
    if (known && !known.active) people.setAccountOpen({ ...by, account: known.account, open: true })
    hired.push(known?.account ?? (await people.addAccount({ ...by, name, role: 'clerk', pin: playedPin })))
  }
  return hired
}

/** What an office may refuse (a quota is used up, a service was closed, somebody was quicker) ends no play. */
function allowed(command: () => unknown): void {
  try {
    command()
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'internal') throw error
  }
}
