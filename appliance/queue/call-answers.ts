import { AppError } from '../base/errors.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import type { CallAnswer, queueEvents } from './events.ts'
import type { QueueTables, TicketRow } from './tables.ts'

/** What a called citizen says by phone: on the way, or in need of a moment. */
export function createCallAnswers(store: Store, pen: Pen<typeof queueEvents>, tables: QueueTables) {
  return {
    /**
     * Answers the call of a ticket. The last answer counts, and saying it twice is saying it once. Throws
     * `queue.ticket-not-called` once it is served, stands aside or has ended.
     */
    answerCall({ ticket, answer, actor, key }: Command & { ticket: string; answer: CallAnswer }): TicketRow {
      return store.write((tx) => {
        if (pen.entryByKey(key, 'queue.call-answered')) return tables.ticket(ticket)
        const known = tables.ticket(ticket)
        if (known.state !== 'called')
          throw new AppError('conflict', 'queue.ticket-not-called', `${known.label} is ${known.state}.`, {
            number: known.label,
          })
        if (known.answer === answer) return known
        pen.append(tx, { type: 'queue.call-answered', actor, key, data: { ticket, answer } })
        return tables.ticket(ticket)
      })
    },
  }
}
