import { AppError } from '../base/errors.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { officeEvents } from './events.ts'
import type { CounterRow, OfficeTables } from './tables.ts'

/** What the office asks of rooms that stand on it. */
export type OfficeHooks = {
  /** The ticket that is called or served at a counter; null: none. */
  ticketAt: (counter: string) => { label: string } | null
  /** Begins the office day that is due. */
  keepDay: (tx: Tx) => unknown
  /** The hours are others now: what can no longer be kept is taken back, in the same transaction. */
  onHoursChanged: (tx: Tx, actor: string) => void
}

export type AtCounter = Command & { counter: string; account: string }

/** Who works where: a person at one counter, a counter with one person. What is refused says why. */
export function createSeats(
  store: Store,
  pen: Pen<typeof officeEvents>,
  tables: OfficeTables,
  { ticketAt, keepDay }: Pick<OfficeHooks, 'ticketAt' | 'keepDay'>,
) {
  function assertOpen({ open, name }: CounterRow): void {
    if (!open) throw new AppError('conflict', 'queue.counter-closed', `${name} is closed.`, { name })
  }

  /** The counter, at which this person works. */
  function assertMine(id: string, account: string): CounterRow {
    const counter = tables.counter(id)
    const { name } = counter
    assertOpen(counter)
    if (counter.account !== account)
      throw new AppError('forbidden', 'queue.counter-not-yours', `Someone else works at ${name}.`, { name })
    return counter
  }

  /** No ticket is called or served there: a counter in use cannot change under the clerk's hands. */
  function assertFree({ counter, name }: CounterRow): void {
    const busy = ticketAt(counter)
    if (busy)
      throw new AppError('conflict', 'queue.counter-busy', `${name} has ${busy.label}.`, { name, number: busy.label })
  }

  /** Back from the break, if there is one; in the caller's transaction. */
  function endBreak(
    tx: Tx,
    { counter, paused }: CounterRow,
    { actor, key }: Partial<Command> & { actor: string },
  ): void {
    if (paused) pen.append(tx, { type: 'queue.counter-resumed', actor, key: key ?? null, data: { counter } })
  }

  return {
    assertMine,
    assertFree,
    endBreak,

    /** Takes place at a counter; whoever worked at another one leaves it. */
    sit({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        if (pen.wasDone(key, ['queue.counter-staffed'])) return
        keepDay(tx)
        const wanted = tables.counter(counter)
        assertOpen(wanted)
        if (wanted.account === account) return
        if (wanted.account) assertFree(wanted)
        const left = tables.counters().find((other) => other.account === account)
        if (left) assertFree(left)
        pen.append(tx, { type: 'queue.counter-staffed', actor, key, data: { counter, account } })
      })
    },

    /** Leaves the counter; refused while a ticket is there. */
    leave({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        if (pen.wasDone(key, ['queue.counter-left'])) return
        assertFree(assertMine(counter, account))
        pen.append(tx, { type: 'queue.counter-left', actor, key, data: { counter } })
      })
    },

    /** A break: the display says so, and until when if it is known (`until`, ms since 1970 UTC). */
    pause({ counter, until, account, actor, key }: AtCounter & { until: number | null }): void {
      store.write((tx) => {
        if (pen.wasDone(key, ['queue.counter-paused'])) return
        const mine = assertMine(counter, account)
        assertFree(mine)
        if (mine.paused && mine.backAt === until) return
        pen.append(tx, { type: 'queue.counter-paused', actor, key, data: { counter, until } })
      })
    },

    resume({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        if (!pen.wasDone(key, ['queue.counter-resumed'])) endBreak(tx, assertMine(counter, account), { actor, key })
      })
    },

    /**
     * The office day has ended: seats are free again, in the caller's transaction. Whoever took theirs since the time was
     * last known, this morning, keeps it, and so does who `stays` for another reason (an account).
     */
    freeSeats(tx: Tx, stays: (account: string) => boolean): void {
      const fresh = new Set(pen.untimed('queue.counter-staffed').map(({ data }) => data.counter))
      for (const { counter, account } of tables.counters()) {
        if (account && !fresh.has(counter) && !stays(account))
          pen.append(tx, { type: 'queue.counter-left', actor: 'box', data: { counter } })
      }
    },
  }
}
