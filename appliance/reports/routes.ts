import { Type } from 'typebox'
import type { Catalogues } from '../base/messages/catalogues.ts'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Language } from '../base/schemas.ts'
import { managers, overseers } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { ReportTask } from './pdf-task.ts'
import type { Reports } from './reports.ts'
import { figuresSheet, ticketsSheet } from './sheet.ts'
import { ReportView, Suggestions } from './views.ts'

const Day = Type.String({ format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const period = { from: Day, to: Day }
const Download = Type.Object({ ...period, language: Type.Optional(Language) }, closed)
/** Words of visitors may name somebody who works here: not for whoever looks after the machine. */
const readers = ['secretary', 'head'] as const
const refused = { 400: Problem, 403: Problem, 503: Problem }

type Parts = {
  reports: Reports
  press: PdfPress
  catalogues: Catalogues
  live: Live
  office: () => Office
  /** Public names of the services that are open. */
  offered: () => string[]
  /** Name of the head of the village, if there is exactly one. */
  headName: () => string | null
  regency: string | null
}

/** What the office has done: live for its head, and over any of its days as page, sheet and letter. */
export function reportRoutes(
  app: App,
  { reports, press, catalogues, live, office, offered, headName, regency }: Parts,
): void {
  const print = (task: ReportTask & { language: string }) => press.print(task)

  liveRoute(app, live, 'today', { mayCall: overseers }, () => ({ name: 'today', compute: reports.today }))

  app.get(
    '/api/reports',
    {
      schema: {
        summary: 'Figures over some office days',
        querystring: Type.Object(period, closed),
        response: { 200: ReportView, ...refused },
      },
      config: { mayCall: managers },
    },
    async (request) => reports.report(request.query),
  )

  for (const [name, file, write] of [
    [
      ...['figures', 'ringkasan'],
      ({ from, to, language = 'id' }) => figuresSheet(reports.report({ from, to }), catalogues.speak(language)),
    ],
    [
      ...['tickets', 'nomor'],
      ({ from, to, language = 'id' }) =>
        ticketsSheet(reports.tickets({ from, to }), office().zone, catalogues.speak(language)),
    ],
  ] as [string, string, (asked: { from: string; to: string; language?: string }) => string][]) {
    app.get(
      `/api/reports/${name}.csv`,
      { schema: { summary: `${name} as CSV`, querystring: Download }, config: { mayCall: managers } },
      async (request, reply) => {
        const sheet = write(request.query)
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', attached(file, request.query, 'csv'))
          .send(sheet)
      },
    )
  }

  app.get(
    '/api/reports/report.pdf',
    { schema: { summary: 'The report as a letter', querystring: Download }, config: { mayCall: managers } },
    async (request, reply) => {
      const { from, to, language = 'id' } = request.query
      const pdf = await print({ report: reports.report({ from, to }), head: headName(), language, regency })
      return reply
        .type('application/pdf')
        .header('content-disposition', attached('laporan', request.query, 'pdf'))
        .send(pdf)
    },
  )

  app.get(
    '/api/reports/suggestions',
    {
      schema: {
        summary: 'What visitors wrote in the survey in their own words',
        querystring: Type.Object(period, closed),
        response: { 200: Suggestions, ...refused },
      },
      config: { mayCall: readers },
    },
    async (request) => reports.suggestions(request.query),
  )

  app.get(
    '/api/reports/skm.pdf',
    {
      schema: {
        summary: 'The report of the survey as a letter, with its tables and suggestions',
        querystring: Download,
      },
      config: { mayCall: readers },
    },
    async (request, reply) => {
      const { from, to, language = 'id' } = request.query
      const [survey, suggestions] = [reports.report({ from, to }), reports.suggestions({ from, to })]
      const pdf = await print({ survey, suggestions, head: headName(), language, regency })
      return reply
        .type('application/pdf')
        .header('content-disposition', attached('laporan-skm', request.query, 'pdf'))
        .send(pdf)
    },
  )

  app.get(
    '/api/reports/questionnaire.pdf',
    {
      schema: {
        summary: 'The survey’s questionnaire, to be filled in by hand',
        querystring: Type.Object({ language: Type.Optional(Language) }, closed),
      },
      config: { mayCall: managers },
    },
    async ({ query: { language = 'id' } }, reply) => {
      const services = offered()
      const pdf = await print({ questionnaire: { office: office(), services }, language, regency })
      return reply
        .type('application/pdf')
        .header('content-disposition', `attachment; filename="kuesioner-${office().village}.pdf"`)
        .send(pdf)
    },
  )

  const attached = (name: string, { from, to }: { from: string; to: string }, ending: string) =>
    `attachment; filename="${name}-${office().village}-${from}-${to}.${ending}"`
}
