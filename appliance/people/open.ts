import type { Base } from '../base/rooms/base.ts'
import { createSessionTable } from '../base/web/session-table.ts'
import { createSessions } from '../base/web/sessions.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import { accountRoutes } from './account-routes.ts'
import { createPeople } from './people.ts'
import { type PinCost, safePinCost } from './pin.ts'
import { peopleRoutes } from './routes.ts'
import { createSetupCode } from './setup-code.ts'

/** Who works here, and their sessions. While there is no technician, a setup code lies ready. */
export function openPeople(
  base: Base,
  { office, queue }: { office: OfficeRoom; queue: Queue },
  { pinCost = safePinCost, isEditing }: { pinCost: PinCost | undefined; isEditing: (account: string) => boolean },
) {
  const { data, store, journal, clock, alarms, app, live, head, phoneBase } = base
  const setupCode = createSetupCode(data)
  const onGuessing = (isGuessed: boolean) => alarms.set('people.guessed', isGuessed)
  const people = createPeople(store, journal, clock, setupCode, pinCost, onGuessing)
  if (people.needsSetup()) setupCode.make()
  // The two-minute lock waits while a person serves somebody, or works in the editor of the flows.
  const isAtWork = (account: string) =>
    isEditing(account) ||
    office.counters().some((counter) => counter.account === account && queue.ticketAt(counter.counter) !== null)
  // By even time: a date that is set right, or wrong, ends no session and makes none longer.
  const sessions = createSessions(createSessionTable(store.db, clock.even()), clock.even, isAtWork)
  peopleRoutes(app, { people, sessions, office, live, head, setupCode, phoneBase })
  accountRoutes(app, { people, sessions, live })
  return { ...people, sessions, setupCode }
}
