import { Type } from 'typebox'
import { defaultLanguage } from '../base/messages/catalogues.ts'
import { closed, Key } from '../base/schemas.ts'
import { managers, staff } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { TicketView } from '../queue/ticket-view.ts'
import { PrinterSettings } from './events.ts'
import type { Paper } from './paper.ts'
import { PrintOutcome } from './views.ts'

const Language = Type.Optional(Type.String({ pattern: '^[a-z]{2,3}$', description: 'Code of a catalogue' }))

type Parts = {
  paper: Paper
  readTicket: (ticket: string) => TicketView
  /** Address of this box as phones reach it. */
  phoneBase: () => string
}

/** The office's printer: which one, a test, and a ticket once more. */
export function printRoutes(app: App, { paper, readTicket, phoneBase }: Parts): void {
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
