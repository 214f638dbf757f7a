import { Type } from 'typebox'
import { newId } from '../base/ids.ts'
import type { Base } from '../base/rooms/base.ts'
import { closedType, Key } from '../base/schemas.ts'
import { staff } from '../base/web/callers.ts'
import { liveRoute } from '../base/web/live-route.ts'
import { refused } from '../base/web/server.ts'
import type { OfficeRoom } from '../office/office.ts'
import { guestbookEvents } from './events.ts'

/** A room that does what every room may do: an entry, a table, a verb, a view, an alarm. */
export function openGuestbook({ store, journal, alarms, app, live }: Base, { office }: { office: OfficeRoom }) {
  const pen = journal.pen(guestbookEvents)
  const count = store.db.prepare<[], number>('SELECT count(*) FROM guestbook_visit').pluck()
  const view = () => ({ visits: count.get() ?? 0, services: office.services().length })

  function rate({ stars, actor, key }: { stars: number; actor: string; key: string }): void {
    store.write((tx) => {
      if (pen.entryByKey(key, 'guestbook.visit-rated')) return
      pen.append(tx, { type: 'guestbook.visit-rated', actor, key, data: { visit: newId(), stars } })
      // @ts-expect-error Another room's event does not compile.
      if (stars > 5) pen.append(tx, { type: 'queue.day-began', actor, key, data: { day: '2026-11-23', resets: true } })
    })
    alarms.set('guestbook.unhappy', stars === 1, 'warning')
  }

  app.post(
    '/api/guestbook',
    {
      schema: {
        summary: 'Say how the visit was',
        body: closedType({ stars: Type.Integer({ minimum: 1, maximum: 5 }), key: Key }),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      rate({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
  liveRoute(app, live, 'guestbook', { mayCall: staff }, () => ({ name: 'guestbook', compute: view }))
  return { rate, view }
}
