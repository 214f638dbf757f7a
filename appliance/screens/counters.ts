import { keptUntil, nextFor } from '../queue/policy.ts'
import type { CountersView } from './counters-view.ts'
import type { Shown } from './shown.ts'

/** Every open counter with who works there, the number before it and the next one; and who waits, by letter. */
export const createCountersView =
  ({ head, office, queue, people }: Pick<Shown, 'head' | 'office' | 'queue' | 'people'>) =>
  (): CountersView => {
    const { line } = queue
    const services = new Map(office.services().map((row) => [row.service, row]))
    const names = people.names()
    const waiting = queue.openTickets().filter(({ state }) => state === 'waiting')
    const candidates = line.candidates()
    const labels = new Map(queue.openTickets().map(({ ticket, label }) => [ticket, label]))
    const { normalsPerPriority } = office.settings()
    return {
      office: head(),
      counters: office
        .counters()
        .filter(({ open }) => open)
        .map((row) => {
          const current = queue.ticketAt(row.counter)
          const next = nextFor(line.calling(row), candidates, normalsPerPriority)
          const mayCall = waiting.filter((ticket) => {
            const { heldFor } = line.asWaiting(ticket)
            return heldFor === null ? row.services.includes(ticket.service) : heldFor === row.counter
          })
          return {
            ...{ counter: row.counter, name: row.name, account: row.account, paused: row.paused, backAt: row.backAt },
            letters: row.services.map((service) => services.get(service)?.prefix ?? '').sort(),
            person: row.account === null ? null : (names.get(row.account) ?? null),
            current: current && {
              ...{ ticket: current.ticket, number: current.label, state: current.state },
              service: services.get(current.service)?.name ?? '',
              since: (current.state === 'serving' ? current.startedAt : current.lastCallAt) ?? current.takenAt,
              ...{ answer: current.answer, answeredAt: current.answeredAt, keptUntil: keptUntil(current) },
            },
            next: next && (labels.get(next.ticket) ?? null),
            waiting: mayCall.length,
          }
        }),
      waiting: [...services.values()].flatMap(({ service, prefix, name, open }) => {
        const here = waiting.filter((ticket) => ticket.service === service)
        if (!open && here.length === 0) return []
        const since = here.length > 0 ? Math.min(...here.map(({ takenAt }) => takenAt)) : null
        return [{ prefix, name, waiting: here.length, since }]
      }),
    }
  }
