import { Type } from 'typebox'
import { defaultLanguage } from '../base/messages/catalogues.ts'
import type { PdfPress } from '../base/pdf/press.ts'
import { sheets } from '../base/pdf/sheets.ts'
import { closed, Key } from '../base/schemas.ts'
import { managers, staff } from '../base/web/callers.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, refused } from '../base/web/server.ts'
import type { TicketView } from '../queue/ticket-view.ts'
import { PrinterSettings } from './events.ts'
import type { Paper } from './paper.ts'
import type { TestPageTask } from './test-page.ts'
import { DocumentOutcome, PrintOutcome } from './views.ts'

const Language = Type.Optional(Type.String({ pattern: '^[a-z]{2,3}$', description: 'Code of a catalogue' }))

type Parts = {
  paper: Paper
  readTicket: (ticket: string) => TicketView
  press: PdfPress
  office: () => Office
  /** Address of this box as phones reach it. */
  phoneBase: () => string
}

/** The office's printers: which, a test of each, and a ticket once more. */
export function printRoutes(app: App, { paper, press, office, readTicket, phoneBase }: Parts): void {
  app.post(
    '/api/tickets/:ticket/print',
    {
      schema: {
        summary: 'Print a ticket once more',
        params: Type.Object({ ticket: Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' }) }),
        body: Type.Object({ language: Language, key: Key }, closed),
        response: { 200: PrintOutcome, ...refused },
      },
      config: { mayCall: ['kiosk', ...staff] },
    },
    async (request) => ({
      printed: await paper.printAgain(readTicket(request.params.ticket), request.body.language ?? defaultLanguage),
    }),
  )

  app.post(
    '/api/printer/test',
    {
      schema: {
        summary: 'Print a specimen ticket',
        body: Type.Object({ language: Language, key: Key }, closed),
        response: { 200: PrintOutcome, ...refused },
      },
      config: { mayCall: managers },
    },
    async (request) => ({
      printed: await paper.printSpecimen(phoneBase(), request.body.language ?? defaultLanguage),
    }),
  )

  app.post(
    '/api/printer/documents/test',
    {
      schema: {
        summary: 'Print a page to try the printer of letters',
        body: Type.Object({ language: Language, key: Key }, closed),
        response: { 200: DocumentOutcome, ...refused },
      },
      config: { mayCall: managers },
    },
    async ({ body: { language = defaultLanguage, key } }) => {
      const task: TestPageTask & { language: string } = { testPage: { office: office() }, language }
      return paper.documents.print({ pdf: () => press.print(task), sheet: sheets.A4, key })
    },
  )

  app.put(
    '/api/settings/printer',
    {
      schema: {
        summary: 'Change the ticket printer',
        body: Type.Object({ settings: PrinterSettings, key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: managers },
    },
    async (request) => {
      paper.changeSettings({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
