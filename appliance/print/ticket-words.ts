import type { Say } from '../base/messages/catalogues.ts'
import type { Office } from '../base/web/office-view.ts'
import type { TicketView } from '../queue/ticket-view.ts'
import type { PaperTicket } from './ticket-paper.ts'

/** What stands on the paper of a ticket, in one language. The same words for everybody: a priority is not among them. */
export function ticketWords(ticket: TicketView, office: Office, say: Say): PaperTicket {
  const moment = new Intl.DateTimeFormat(say.locale, {
    timeZone: office.zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(ticket.takenAt)
  const { format: clockOf } = new Intl.DateTimeFormat(say.locale, {
    timeZone: office.zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const range = () => {
    if (ticket.bookedAt !== null) return say('paper.booked', { time: clockOf(ticket.bookedAt) })
    // Whoever is next looks at the display, not at the clock.
    if (ticket.wait === null || ticket.ahead === 0) return null
    const { from, to, over, basis } = ticket.wait
    if (over) return say('paper.over', { hours: from < 60 ? to / 60 : Math.floor(from / 60) })
    const span = from === to ? String(to) : `${from}\u2013${to}`
    return say(basis === 'published' ? 'paper.range-published' : 'paper.range', { range: span })
  }
  return {
    village: office.name,
    district: office.district && say('ui.district', { name: office.district }),
    number: ticket.number,
    service: ticket.service,
    ahead: ticket.ahead > 0 ? say('paper.ahead', { n: ticket.ahead }) : say('paper.you-are-next'),
    range: range(),
    requires: ticket.requires,
    published: ticket.published && describe(ticket.published, office.zone, say),
    address: ticket.address,
    takenAt: `${moment}, ${clockOf(ticket.takenAt)}`,
    words: { yourNumber: say('paper.your-number'), bring: say('paper.bring'), follow: say('paper.follow') },
  }
}

/** Gratis - menurut kabupaten, 12 Nov 2026 */
function describe({ fee, at }: NonNullable<TicketView['published']>, timeZone: string, say: Say): string {
  const date = new Intl.DateTimeFormat(say.locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(at)
  const price = fee === 0 ? say('ui.free') : `Rp${new Intl.NumberFormat(say.locale).format(fee ?? 0)}`
  return [fee === null ? null : price, say('ui.published', { date })].filter(Boolean).join(' - ')
}

/** A ticket that is nobody's: no series begins at 000. */
export const specimen = (now: number, address: string, say: Say): TicketView => ({
  ticket: '',
  number: 'A000',
  day: '',
  service: say('paper.specimen'),
  requires: [],
  published: null,
  state: 'waiting',
  takenAt: now,
  bookedAt: null,
  ahead: 3,
  wait: { from: 10, to: 15, over: false, basis: 'own' },
  mayAnswer: false,
  mayGiveWay: false,
  address,
})
