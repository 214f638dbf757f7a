import type { FastifyBaseLogger } from 'fastify'
import type { Alarms } from '../alarms.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../journal/journal.ts'
import type { Catalogues } from '../messages/catalogues.ts'
import type { OnClose } from '../open-in-order.ts'
import type { PdfPress } from '../pdf/press.ts'
import type { Store } from '../store/store.ts'
import type { Live } from '../web/live.ts'
import type { Office } from '../web/office-view.ts'
import type { App } from '../web/server.ts'

/** What every room stands on. */
export type Base = {
  /** Folder for the journal and the keys. */
  data: string
  /** An IANA time zone. */
  zone: string
  log: FastifyBaseLogger
  clock: Clock
  alarms: Alarms
  store: Store
  journal: Journal
  catalogues: Catalogues
  press: PdfPress
  /** Rooms add their routes before anything listens. */
  app: App
  live: Live
  /** Which office this is, and what time it is there: the head of every view. */
  head: () => Office
  /** Address of this box as phones and screens reach it: http://192.168.1.5. */
  phoneBase: () => string
  /** Takes note of how to close what a room has opened; it runs in reverse, also when a later room does not open. */
  onClose: OnClose
}
