import { AppError } from '../base/errors.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { queueEvents, VoidReason } from './events.ts'
import type { QueueTables, TicketRow } from './tables.ts'

/** How long a step can be taken back. The page offers ten seconds; the rest is the way of its request. */
export const undoMs = 12_000
export const mostWaysGiven = 2

/** Taking back a step, and what a citizen may change from a phone: giving way and cancelling. */
export function createUndo(store: Store, pen: Pen<typeof queueEvents>, office: OfficeRoom, tables: QueueTables) {
  function assertWaiting(ticket: TicketRow): void {
    if (ticket.state !== 'waiting')
      throw new AppError('conflict', 'queue.ticket-not-waiting', `${ticket.label} is ${ticket.state}.`, {
        number: ticket.label,
      })
  }

  return {
    /**
     * Takes back a ticket's last step, by whoever made it, within ten seconds and only while nothing else has happened
     * to that ticket. The entry stays in the journal and gets a reversing one.
     */
    undo({ ticket, actor, key }: Command & { ticket: string }): TicketRow {
      return store.write((tx) => {
        if (pen.entryByKey(key, 'queue.step-undone')) return tables.ticket(ticket)
        const { label, step, stepAt, stepBy } = tables.ticket(ticket)
        const refuse = (code: string, message: string) => new AppError('conflict', code, message, { number: label })
        if (!step || stepAt === null) throw refuse('queue.nothing-to-undo', `Nothing of ${label} can be taken back.`)
        if (stepBy !== actor) throw refuse('queue.not-your-step', `Somebody else made the last step of ${label}.`)
        if (tx.now.at - stepAt > undoMs)
          throw refuse('queue.too-late-to-undo', `The last step of ${label} is too long ago.`)
        const before = tables.beforeStep(ticket)
        if (before?.counter && (before.state === 'called' || before.state === 'serving')) {
          // It would come back to that counter: its person must still be there, and have nobody else.
          office.assertMine(before.counter, actor)
          const here = tables.ticketAt(before.counter)
          if (here && here.ticket !== ticket) throw refuse('queue.too-late-to-undo', `Its counter has ${here.label}.`)
        }
        pen.append(tx, { type: 'queue.step-undone', actor, key, data: { ticket, undid: step } })
        return tables.ticket(ticket)
      })
    },

    /** Lets three others of the same service go first; twice at most. */
    giveWay({ ticket, actor, key }: Command & { ticket: string }): TicketRow {
      return store.write((tx) => {
        if (pen.entryByKey(key, 'queue.way-given')) return tables.ticket(ticket)
        const known = tables.ticket(ticket)
        assertWaiting(known)
        if (known.gaveWay >= mostWaysGiven)
          throw new AppError('conflict', 'queue.gave-way-enough', `${known.label} gave way twice.`, {
            number: known.label,
          })
        if (!tables.isFollowed(known))
          throw new AppError('conflict', 'queue.nobody-behind', `Nobody waits behind ${known.label}.`, {
            number: known.label,
          })
        pen.append(tx, { type: 'queue.way-given', actor, key, data: { ticket } })
        return tables.ticket(ticket)
      })
    },

    /** Leaves the line for good: the citizen by phone, or a clerk who voids a number. */
    cancel({
      ticket,
      actor,
      key,
      ...left
    }: Command & { ticket: string } & ({ reason: 'cancelled' } | { reason: 'voided'; why: VoidReason })): TicketRow {
      return store.write((tx) => {
        if (pen.entryByKey(key, 'queue.ticket-closed')) return tables.ticket(ticket)
        const known = tables.ticket(ticket)
        if (!['waiting', 'missed', 'parked'].includes(known.state)) assertWaiting(known)
        const data =
          left.reason === 'voided' ? { ticket, reason: left.reason, why: left.why } : { ticket, reason: left.reason }
        pen.append(tx, { type: 'queue.ticket-closed', actor, key, data })
        return tables.ticket(ticket)
      })
    },
  }
}
