import { Type } from 'typebox'
import type { Catalogues } from '../base/messages/catalogues.ts'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Day, Key, Language } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, refused } from '../base/web/server.ts'
import type { DispatchTask } from './dispatch-paper.ts'
import { dispatchSheet } from './dispatch-sheet.ts'
import { DispatchesView } from './dispatches-view.ts'
import type { Letters } from './letters.ts'

const writers = ['clerk', 'secretary', 'head'] as const
const keepers = ['secretary', 'head'] as const
const Year = Type.Integer({ minimum: 2000, maximum: 2200 })
const Whole = Type.Object({ year: Year, language: Type.Optional(Language) }, closed)

type Parts = {
  letters: Letters
  press: PdfPress
  live: Live
  catalogues: Catalogues
  office: () => Office
  /** Its name for letterheads; null: the box has none. */
  regency: string | null
}

/** The book of dispatched letters. */
export function dispatchRoutes(app: App, { letters, press, live, catalogues, office, regency }: Parts): void {
  app.post(
    '/api/letters/register/:row/sent',
    {
      schema: {
        summary: 'A letter or other mail was sent: on which day, to whom, and who has signed for it',
        params: Type.Object({ row: Type.Integer({ minimum: 1 }) }, closed),
        body: Type.Object(
          { on: Day, to: Type.String({ maxLength: 100 }), note: Type.String({ maxLength: 200 }), key: Key },
          closed,
        ),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      await letters.noteSent({ ...request.params, ...request.body, actor: personOf(request).actor })
      live.changed(['letters'])
      return {}
    },
  )

  app.get(
    '/api/letters/dispatches',
    {
      schema: {
        summary: 'What has left the office in a year, the newest first; `before`: those before this number of the book',
        querystring: Type.Object(
          { year: Type.Optional(Year), before: Type.Optional(Type.Integer({ minimum: 1 })) },
          closed,
        ),
        response: { 200: DispatchesView, ...refused },
      },
      config: { mayCall: writers },
    },
    async ({ query: { year = null, before = null } }) => letters.dispatches({ year, before }),
  )

  app.get(
    '/api/letters/dispatches.csv',
    {
      schema: { summary: 'What has left in a year as a sheet, the first first', querystring: Whole },
      config: { mayCall: keepers },
    },
    async ({ query: { year, language = 'id' } }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="buku-ekspedisi-${year}.csv"`)
        .send(dispatchSheet(letters.dispatchesOfYear(year), catalogues.speak(language))),
  )

  app.get(
    '/api/letters/dispatches.pdf',
    {
      schema: { summary: 'What has left in a year on paper, the first first', querystring: Whole },
      config: { mayCall: keepers },
    },
    async ({ query: { year, language = 'id' } }, reply) => {
      const task: DispatchTask & { language: string } = {
        ...{ dispatches: letters.dispatchesOfYear(year), year, office: office(), regency, language },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', `attachment; filename="buku-ekspedisi-${year}.pdf"`)
        .send(await press.print(task))
    },
  )
}
