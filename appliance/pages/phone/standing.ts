import type { LineView, TicketState, TicketView, WaitRange } from '../../queue/ticket-view.ts'

export type Standing = {
  state: TicketState
  ahead: number
  calls: number
  counter: string | null
  returnsIn: number | null
  wait: WaitRange
  answer: LineView['line'][number]['answer']
  keptUntil: number | null
}

/**
 * Where this ticket stands by the newest view of the line. Numbers begin anew each day: a line of another day says
 * nothing about this ticket, except that an open one was closed with its day.
 */
export function standing(ticket: TicketView, view: LineView | null): Standing {
  const known = {
    state: ticket.state,
    ahead: ticket.ahead,
    calls: 0,
    counter: null,
    returnsIn: null,
    wait: ticket.wait,
    answer: null,
    keptUntil: null,
  }
  if (!view?.day) return known
  if (view.day !== ticket.day)
    return isOpen(ticket.state) && view.day > ticket.day ? { ...known, state: 'closed' } : known
  const row = view.line.find((one) => one.number === ticket.number)
  return row ?? known
}

const isOpen = (state: TicketState) => state === 'waiting' || state === 'called' || state === 'serving'
