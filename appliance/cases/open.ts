import type { KeyObject } from 'node:crypto'
import { startLooks } from '../base/looks.ts'
import type { Base } from '../base/rooms/base.ts'
import { minuteMs } from '../base/time.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { LetterTask } from '../letters/letter-paper.ts'
import type { Letters } from '../letters/letters.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { Retention } from '../residents/retention.ts'
import { recipientOfBox, secretOfBox } from '../wire/box-recipient.ts'
import { publicKeyOf } from '../wire/sign.ts'
import { createCases } from './cases.ts'
import { documentRoutes } from './document-routes.ts'
import { createDocumentTables } from './document-tables.ts'
import { createDocuments } from './documents.ts'
import { createPhotoPhones } from './photo-phones.ts'
import { photoRoutes } from './photo-routes.ts'
import { createPhotoTables } from './photo-tables.ts'
import { createPhotos } from './photos.ts'
import { createPhotosForAgency } from './photos-for-agency.ts'
import { caseRoutes } from './routes.ts'
import { createSentPhotos } from './sent-photos-table.ts'
import { createTakeHome } from './take-home.ts'
import { takeHomeRoutes } from './take-home-routes.ts'

export function openCases(
  { store, journal, clock, zone, log, alarms, app, live, press, head, phoneBase, catalogues, onClose }: Base,
  rooms: {
    datasets: Datasets
    letters: Letters
    office: OfficeRoom
    people: People
    queue: Queue
    residents: Residents & Pick<Erasure, 'onErase'> & Pick<Retention, 'addEnding'>
  },
  {
    key,
    regency,
    fetch,
    mostBytes,
  }: {
    key: KeyObject
    /** Its name for letterheads; null: the box has none. */
    regency: string | null
    /** Something is to be fetched from the regency. */
    fetch: () => void
    /** What the broker takes in one message. */
    mostBytes: number
  },
) {
  const photoTables = createPhotoTables(store.db)
  const sent = createSentPhotos(store.db)
  const documentTables = createDocumentTables(store.db)
  const recipient = () => recipientOfBox(publicKeyOf(key))
  const changed = () => live.changed(['cases'])
  const phones = createPhotoPhones({ clock, changed })
  const secret = () => secretOfBox(key)
  const cases = createCases({
    store,
    journal,
    clock,
    zone,
    say: catalogues.speak('id'),
    photos: createPhotosForAgency({ journal, photos: photoTables, sent }),
    ...{ secret, recipient, documents: documentTables, phoneOf: phones.phoneOf },
    ...rooms,
  })
  rooms.residents.onErase(cases.forget)
  const { residents } = rooms
  const photos = createPhotos({
    ...{ store, journal, tables: photoTables, sent, changed, residents },
    documents: documentTables,
    cases: cases.photoSide,
  })
  const documents = createDocuments({
    ...{ store, journal, log, residents, secret, recipient, fetch, mostBytes },
    ...{ monotonicMs: clock.monotonicMs, tables: documentTables, cases: cases.photoSide },
  })
  onClose(documents.stop)
  documentRoutes(app, documents)
  takeHomeRoutes(
    app,
    createTakeHome({
      ...{ store, journal, secret, letters: rooms.letters, tables: { byId: cases.photoSide.find } },
      print: (letter) => press.print({ letter, language: 'id' } satisfies LetterTask & { language: string }),
    }),
  )
  residents.addEnding('photos', photos.ending)
  const { people } = rooms
  caseRoutes(app, { cases, live, press, office: head, regency, head: () => people.head()?.name ?? null })
  photoRoutes(app, {
    ...{ cases, photos, phones, photosOf: photoTables.ofCase, secret, phoneBase },
    recipient,
    officeName: () => head().name,
  })
  const looks = startLooks(
    {
      late() {
        const n = cases.countLate()
        alarms.set('cases.late', n > 0, 'warning', { n })
      },
    },
    { everyMs: minuteMs, onFailure: (job, error) => log.error({ err: error, job }, 'applications were not looked at') },
  )
  onClose(looks.stop)
  return { ...cases, photos, phones, documents, recipient, uploads: photos.uploads, look: looks.look }
}
