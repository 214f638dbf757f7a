import type { OfficeRoom } from '../office/office.ts'
import { countAhead, rivalServices } from './policy.ts'
import type { Queue } from './queue.ts'
import type { TicketRow } from './tables.ts'
import type { TicketView, WaitRange } from './ticket-view.ts'
import { mostWaysGiven } from './undo.ts'

export type ShowTicket = ReturnType<typeof createShowTicket>

type Parts = {
  office: OfficeRoom
  queue: Queue
  /** How long a ticket waits: by its id, or for a new one by its service. */
  waitOf: (ticket: string) => WaitRange
  waitFor: (service: string) => WaitRange
  wasSurveyed: (ticket: string) => boolean
  /** Address of this box as phones reach it: http://192.168.1.5. */
  phoneBase: () => string
}

/** One ticket as kiosk and phone show it. */
export const createShowTicket =
  ({ office, queue, waitOf, waitFor, wasSurveyed, phoneBase }: Parts) =>
  (row: TicketRow): TicketView => {
    const { publicName, requires, published } = office.service(row.service)
    const waits = row.state === 'waiting'
    const ahead = waits ? queue.ahead(row.rank, rivalServices(row.service, queue.line.openCounters())) : null
    return {
      ticket: row.ticket,
      number: row.label,
      day: row.day,
      service: publicName,
      requires,
      published,
      state: row.state,
      takenAt: row.takenAt,
      bookedAt: row.bookedAt,
      ahead: ahead ? countAhead(ahead, row.group !== null, office.settings().normalsPerPriority) : 0,
      wait: waits ? (waitOf(row.ticket) ?? waitFor(row.service)) : null,
      mayAnswer: row.state === 'completed' && !wasSurveyed(row.ticket),
      mayGiveWay: waits && row.gaveWay < mostWaysGiven && queue.isFollowed(row),
      address: `${phoneBase()}/t/${row.ticket}`,
    }
  }
