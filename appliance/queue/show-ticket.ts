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
  /** How long a ticket waits. */
  waitOf: (ticket: { ticket: string; service: string; ahead: number }) => WaitRange
  wasSurveyed: (ticket: string) => boolean
  /** Address of this box as phones reach it: http://192.168.1.5. */
  phoneBase: () => string
}

/** One ticket as kiosk and phone show it. */
export const createShowTicket =
  ({ office, queue, waitOf, wasSurveyed, phoneBase }: Parts) =>
  (row: TicketRow): TicketView => {
    const { publicName, requires, published } = office.service(row.service)
    const waits = row.state === 'waiting'
    const counts = waits ? queue.ahead(row.rank, rivalServices(row.service, queue.line.openCounters())) : null
    const ahead = counts ? countAhead(counts, row.group !== null, office.settings().normalsPerPriority) : 0
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
      ahead,
      wait: waits ? waitOf({ ticket: row.ticket, service: row.service, ahead }) : null,
      mayAnswer: row.state === 'completed' && !wasSurveyed(row.ticket),
      mayGiveWay: waits && row.gaveWay < mostWaysGiven && queue.isFollowed(row),
      address: `${phoneBase()}/t/${row.ticket}`,
    }
  }
