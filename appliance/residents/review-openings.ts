import { type Clock, dateIn } from '../base/clock.ts'
import type { Db } from '../base/store/store.ts'
import { dayMs } from '../base/time.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import { plainName } from './merge.ts'
import { judgeOpenings } from './opening-rules.ts'
import { createOpenings } from './openings.ts'
import { residentLine } from './resident-line.ts'
import type { Search } from './search.ts'
import type { OpeningsView } from './views.ts'

type Parts = {
  db: Db
  clock: Clock
  zone: string
  office: Pick<OfficeRoom, 'readHours'>
  queue: Pick<Queue, 'ticket'>
  people: Pick<People, 'names'>
  search: Search
}

const watchedDays = 30
const openingsPage = 100
/** As many namesakes as are held against a reader's name. */
const mostNamesakes = 20

/** Who looked at whom, and what is unusual about it, for the head. */
export function createOpeningsReview({ db, clock, zone, office, queue, people, search }: Parts) {
  const openings = createOpenings(db)

  /** The family cards of residents who are called as this account is. */
  const cardsOf = (name: string, today: string): Set<string> =>
    new Set(
      search
        .find(name, { limit: mostNamesakes, today })
        .flatMap(({ person }) => (person.kk && plainName(person.name) === plainName(name) ? [person.kk] : [])),
    )

  /**
   * Of the last 30 days, a page of them, the newest first. `before`: the ordinal behind which the page begins; null for the
   * newest.
   */
  return ({ before, unusual }: { before: number | null; unusual: boolean }): OpeningsView => {
    const now = clock.read().at
    const today = dateIn(zone, now)
    const all = openings.between({ from: now - watchedDays * dayMs, until: now + 1 })
    const names = people.names()
    const readers = [...new Set(all.map(({ actor }) => actor))]
    const cards = new Map(readers.map((actor) => [actor, cardsOf(names.get(actor) ?? '', today)]))
    const judged = judgeOpenings(
      all.map(({ at, actor, ticket, person }) => ({
        ...{ at, actor, ticket },
        ownFamily: person?.kk !== undefined && (cards.get(actor)?.has(person.kk) ?? false),
      })),
      office.readHours()(''),
      zone,
    )
    const found = all.map((one, index) => ({ ...one, unusual: judged[index] ?? [] }))
    const page = found
      .filter((one) => (before === null || one.ordinal < before) && (!unusual || one.unusual.length > 0))
      .reverse()
    return {
      people: readers.map((actor) => {
        const own = found.filter((one) => one.actor === actor)
        return {
          ...{ name: names.get(actor) ?? actor, records: own.length },
          withoutTicket: own.filter(({ ticket }) => ticket === null).length,
          unusual: own.filter((one) => one.unusual.length > 0).length,
        }
      }),
      openings: page.slice(0, openingsPage).map(({ ordinal, at, actor, resident, person, ticket, ...one }) => ({
        ...{ ordinal, at, name: names.get(actor) ?? actor, reason: one.reason, note: one.note },
        ...{ line: person && residentLine(resident, person, null, today), unusual: one.unusual },
        ticket: ticket === null ? null : queue.ticket(ticket).label,
      })),
      more: page.length > openingsPage,
    }
  }
}
