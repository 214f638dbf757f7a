import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import type { Catalogues } from '../base/messages/catalogues.ts'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Id, Key, Language, nullable } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, refused } from '../base/web/server.ts'
import { sheetRoute } from '../base/web/sheet-route.ts'
import { longestNote } from './events.ts'
import type { FiguresTask } from './figures-letter.ts'
import { figuresSheet } from './figures-sheet.ts'
import { OpeningReasonSchema } from './reasons.ts'
import type { ResidentReader, Residents } from './residents.ts'
import type { TrailTask } from './trail-letter.ts'
import { FiguresView, OpeningsView, ResidentLine, ResidentRecord } from './views.ts'

/** Whoever looks after the machine has no business with the people of the village. */
const readers = ['clerk', 'secretary', 'head'] as const

type Parts = {
  residents: Residents
  catalogues: Catalogues
  live: Live
  press: PdfPress
  office: () => Office
  /** Name of the head of the village, if there is exactly one. */
  headName: () => string | null
  /** Its name for letterheads; null for a box without one. */
  regency: string | null
}

/** Finding people. What is typed goes in the body: nothing of a resident stands in an address, which logs and histories keep. */
export function residentRoutes(
  app: App,
  { residents, catalogues, live, press, office, headName, regency }: Parts,
): void {
  liveRoute(app, live, 'residents', { mayCall: readers }, () => ({ name: 'residents', compute: residents.view }))

  app.get(
    '/api/residents/figures',
    {
      schema: { summary: 'People as figures, without anybody in them', response: { 200: FiguresView, ...refused } },
      config: { mayCall: readers },
    },
    async () => residents.figures(),
  )

  sheetRoute(app, '/api/residents/figures.csv', {
    ...{ summary: 'The same as a sheet', mayCall: readers, file: 'penduduk.csv' },
    write: async (language) => figuresSheet(await residents.figures(), catalogues.speak(language)),
  })

  app.get(
    '/api/residents/figures.pdf',
    {
      schema: {
        summary: 'The same as a letter, with the ages drawn',
        querystring: Type.Object({ language: Type.Optional(Language) }, closed),
      },
      config: { mayCall: readers },
    },
    async ({ query: { language = 'id' } }, reply) => {
      const figures = await residents.figures()
      const task: FiguresTask & { language: string } = {
        ...{ figures, origin: residents.view().newest, office: office(), head: headName(), regency, language },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', 'attachment; filename="penduduk.pdf"')
        .send(await press.print(task))
    },
  )

  app.get(
    '/api/residents/openings',
    {
      schema: {
        summary: 'Who opened whose record in the last 30 days, and what is unusual about it',
        querystring: Type.Object(
          { unusual: Type.Boolean(), before: Type.Optional(Type.Integer({ minimum: 1 })) },
          closed,
        ),
        response: { 200: OpeningsView, ...refused },
      },
      // For whoever answers for the office, and for nobody who opens records all day.
      config: { mayCall: ['head'] },
    },
    async ({ query: { unusual, before = null } }) => residents.openings({ unusual, before }),
  )

  app.post(
    '/api/residents/find',
    {
      schema: {
        summary: 'Find residents by whatever is known of them',
        body: Type.Object({ query: Type.String({ maxLength: 200 }) }, closed),
        response: { 200: Type.Object({ found: Type.Array(ResidentLine) }), ...refused },
      },
      config: { mayCall: readers },
    },
    async (request) => ({ found: residents.find(request.body.query) }),
  )

  app.post(
    '/api/residents/:resident/open',
    {
      schema: {
        summary: 'Open one record, for the number in service or for a reason; it leaves a trace',
        params: Type.Object({ resident: Id }, closed),
        body: Type.Object(
          {
            reason: nullable(OpeningReasonSchema),
            note: Type.String({ maxLength: longestNote }),
            key: Key,
          },
          closed,
        ),
        response: { 200: ResidentRecord, ...refused },
      },
      config: { mayCall: readers },
    },
    async (request) => {
      const { kind, actor } = personOf(request)
      return residents.open({ ...request.body, ...request.params, as: kind as ResidentReader, actor })
    },
  )

  app.get(
    '/api/residents/:resident/trail.pdf',
    {
      schema: {
        summary:
          'Who has looked at this record, for the person whose it is, with all that is kept where asked; once it is open',
        params: Type.Object({ resident: Id }, closed),
        querystring: Type.Object({ language: Type.Optional(Language), whole: Type.Optional(Type.Boolean()) }, closed),
      },
      config: { mayCall: readers },
    },
    async (request, reply) => {
      const { language = 'id', whole = false } = request.query
      const { actor, kind } = personOf(request)
      // It has the marks of aid lists, which a clerk sees for a reason only.
      if (whole && kind === 'clerk') throw new AppError('forbidden', 'forbidden', 'A clerk may not do this.')
      const trail = residents.trail(request.params.resident, actor)
      const task: TrailTask & { language: string } = {
        ...{ trail, whole, regency, office: office(), language },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', `attachment; filename="${whole ? 'salinan-data' : 'jejak-data'}.pdf"`)
        .send(await press.print(task))
    },
  )
}
