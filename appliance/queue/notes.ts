import { AppError } from '../base/errors.ts'
import type { Store } from '../base/store/store.ts'
import type { QueueTables } from './tables.ts'

/**
 * What clerks write down for each other about an open ticket. It may name a person, so it is kept apart from the
 * journal: nothing of it goes to the regency, and it is gone soon after the ticket has ended.
 */
export function createNotes({ db, write }: Store, tables: QueueTables) {
  const upsert = db.prepare<{ ticket: string; note: string }>(
    'INSERT INTO ticket_note (ticket, note) VALUES (@ticket, @note) ON CONFLICT (ticket) DO UPDATE SET note = excluded.note',
  )
  const remove = db.prepare<{ ticket: string }>('DELETE FROM ticket_note WHERE ticket = @ticket')
  const selectAll = db.prepare<[], { ticket: string; note: string }>('SELECT ticket, note FROM ticket_note')
  const selectOne = db
    .prepare<{ ticket: string }, string>('SELECT note FROM ticket_note WHERE ticket = @ticket')
    .pluck()

  return {
    /** All of them by ticket; there are few, and a view asks for many tickets at once. */
    notes: (): Map<string, string> => new Map(selectAll.all().map(({ ticket, note }) => [ticket, note])),

    noteOf: (ticket: string): string | null => selectOne.get({ ticket }) ?? null,

    /** Keeps the note in place of the one before; an empty one takes it away. Throws where the ticket has ended. */
    writeNote({ ticket, note }: { ticket: string; note: string }): void {
      const { label, endedAt } = tables.ticket(ticket)
      if (endedAt !== null)
        throw new AppError('conflict', 'queue.note-too-late', `${label} has ended.`, { number: label })
      write(() => (note ? upsert.run({ ticket, note }) : remove.run({ ticket })))
    },

    /** Takes away what was written about tickets that have ended since. */
    forgetNotes(): void {
      const over = selectAll.all().filter(({ ticket }) => tables.ticket(ticket).endedAt !== null)
      if (over.length === 0) return
      write(() => {
        // In the file at once, also where a page is let go; the log is cut at night.
        db.pragma('secure_delete = ON')
        for (const { ticket } of over) remove.run({ ticket })
        db.pragma('secure_delete = FAST')
      })
    },
  }
}
