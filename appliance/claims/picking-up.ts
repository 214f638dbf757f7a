import { AppError } from '../base/errors.ts'
import type { Command } from '../base/schemas.ts'
import type { TicketRow } from '../queue/tables.ts'
import { undoMs } from '../queue/undo.ts'
import { readClaimCode } from '../wire/claim-code.ts'
import type { ClaimRoom } from './claims.ts'

/** Those who came lately: whoever came before them has been served, or the day has ended. */
const looked = 200

/** Finished letters that are fetched at this office, in a lane of their own: a service that is marked as one for collecting. */
export function createPickingUp({ store, clock, pen, tables, letters, office, queue, village }: ClaimRoom) {
  /** The service at which finished papers are fetched: the first that gives numbers; null: the office has none. */
  function lane() {
    const lanes = office.services().filter(({ collection, open }) => collection && open)
    return lanes[0] ?? null
  }

  /**
   * The letter of a code, while it can be fetched. Throws `pickup.mistyped`, `pickup.elsewhere`, `pickup.unknown`,
   * `pickup.void`, `pickup.not-ready`, `pickup.collected`: none says whose it is.
   */
  function fetchable(typed: string): string {
    const read = readClaimCode(typed, village)
    if (read === 'short' || read === 'mistyped')
      throw new AppError('invalid', 'pickup.mistyped', 'That is no code of a letter.')
    if (read.village !== village) throw new AppError('conflict', 'pickup.elsewhere', `It is of ${read.village}.`)
    const found = tables.letterOf(read.code)
    if (!found) throw new AppError('not-found', 'pickup.unknown', 'No letter has that code.')
    const { state, collectedAt } = letters.collectable(found.letter)
    if (state === 'void' || state === 'withdrawn') throw new AppError('conflict', 'pickup.void', `It is ${state}.`)
    if (state !== 'issued') throw new AppError('conflict', 'pickup.not-ready', `It is ${state}.`)
    if (collectedAt !== null) throw new AppError('conflict', 'pickup.collected', 'It was collected.')
    return found.letter
  }

  return {
    /**
     * Takes a number for fetching a letter by its code; who has one for it in the line gets that one. Throws what is said
     * above, `pickup.no-lane`, and what taking a number throws.
     */
    pickUp({ code, actor, key }: Command & { code: string }): TicketRow {
      return store.write((tx) => {
        const known = pen.entryByKey(key, 'claims.came')
        if (known) return queue.ticket(known.data.ticket)
        const letter = fetchable(code)
        const open = new Set(queue.openTickets().map(({ ticket }) => ticket))
        const again = tables.ticketsFor(letter).find((ticket) => open.has(ticket))
        if (again !== undefined) return queue.ticket(again)
        const service = lane()
        if (!service) throw new AppError('conflict', 'pickup.no-lane', 'No service is for collecting.')
        queue.keepDay(tx)
        queue.assertTakes(service, tx.now, 'bind')
        const row = queue.giveNumber(tx, { service, actor, key: null })
        pen.append(tx, { type: 'claims.came', actor, key, data: { letter, ticket: row.ticket } })
        return row
      })
    },

    /** Which letter a number is for; null: for none. Kind and number of it, nobody's name: the desk's page is seen. */
    letterAt(ticket: string): { letter: string; title: string; written: string } | null {
      const letter = tables.letterAt(ticket)
      if (letter === null) return null
      const { title, written } = letters.collectable(letter)
      return { letter, title, written: written ?? '' }
    },

    /** Letters whose number was completed are in the citizen's hands, once that can no longer be taken back: each half minute. */
    look(): void {
      const now = clock.read().at
      for (const { ticket, letter } of tables.pickUps(looked)) {
        const { collectedAt, state } = letters.collectable(letter)
        if (collectedAt !== null || state !== 'issued') continue
        const { result, endedAt, stepBy } = queue.ticket(ticket)
        if (result !== 'done' || endedAt === null || now - endedAt <= undoMs) continue
        letters.collect({ letter, actor: stepBy ?? 'box', key: null, at: endedAt })
      }
    },
  }
}
