import type { DataOf } from '../../appliance/base/journal/event-registry.ts'
import type { guestbookEvents } from '../../appliance/guestbook/events.ts'
import type { Fold } from './fold.ts'

type Rated = DataOf<typeof guestbookEvents, 'guestbook.visit-rated'>

export const guestbookFold: Fold<Rated[]> = {
  room: 'guestbook',
  version: 1,
  types: ['guestbook.visit-rated'],
  fold: (entries) => entries.map(({ data }) => data as Rated),
  async write(client, village, visits) {
    await client.query(
      `INSERT INTO guestbook_visit (village, visit, stars)
       SELECT $1, visit, stars
       FROM json_to_recordset($2) AS given (visit text, stars int)
       ON CONFLICT DO NOTHING`,
      [village, JSON.stringify(visits)],
    )
  },
}
