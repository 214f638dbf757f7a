import type { Static } from 'typebox'
import type { Clock } from '../base/clock.ts'
import type { Office } from '../base/web/office-view.ts'
import type { OfficeRoom } from '../office/office.ts'
import { isTaking } from '../queue/availability.ts'
import type { Queue } from '../queue/queue.ts'
import type { OfficeForFlows } from './views.ts'

export type OfficeFacts = ReturnType<typeof createOfficeFacts>

/** The office as flows see it: who waits for what, which counter has whom. No name of a person. */
export const createOfficeFacts =
  (head: () => Office, clock: Clock, office: OfficeRoom, queue: Queue) => (): Static<typeof OfficeForFlows> => {
    const open = queue.openTickets()
    const availability = queue.availabilities(clock.read())
    const services = office.services().map((row) => ({ row, ...availability(row) }))
    const moments = (of: 'opensAt' | 'closesAt') => services.flatMap((one) => one[of] ?? [])
    const isOpen = services.some(({ state }) => state !== 'closed' && state !== 'off')
    return {
      ...head(),
      open: isOpen,
      opensAt: isOpen ? null : (moments('opensAt').sort((a, b) => a - b)[0] ?? null),
      closesAt: moments('closesAt').sort((a, b) => b - a)[0] ?? null,
      services: services.map(({ row: { service, prefix, name }, state }) => ({
        ...{ service, prefix, name, open: isTaking(state) },
        waiting: open.filter((ticket) => ticket.state === 'waiting' && ticket.service === service).length,
      })),
      counters: office.counters().map(({ counter, name, open: isCounterOpen, account, paused }) => ({
        ...{ counter, name, open: isCounterOpen, staffed: account !== null, paused },
        ticket: queue.ticketAt(counter)?.label ?? null,
      })),
    }
  }
