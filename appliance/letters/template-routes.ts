import { Type } from 'typebox'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Key, nullable } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { type App, refused } from '../base/web/server.ts'
import { knownValues, valueLabels } from '../wire/letter-template.ts'
import type { LetterPaper, LetterTask } from './letter-paper.ts'
import type { Letters } from './letters.ts'
import type { WhichTemplate } from './template-versions.ts'
import { TemplateList, TemplateView, TriedTemplate } from './templates-view.ts'
import { longDate, splitName } from './values.ts'
import type { ArmsView } from './views.ts'

const keepers = ['secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const OfTemplate = Type.Object({ code: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }) }, closed)
const Which = Type.Object(
  {
    of: Type.Optional(
      Type.String({ pattern: '^(now|beneath|\\d{1,15})$', description: 'Or the row of one that was saved' }),
    ),
  },
  closed,
)
const Anything = Type.Unknown({ description: 'As in appliance/letters/templates; what is wrong with it is answered' })
const config = { mayCall: keepers }

type Parts = { letters: Letters; press: PdfPress; live: Live }

/** Templates as an office writes them. */
export function templateRoutes(app: App, { letters, press, live }: Parts): void {
  const changed = () => live.changed(['letters'])

  app.get(
    '/api/letters/kinds',
    {
      schema: { summary: 'All templates, also those that are off', response: { 200: TemplateList, ...refused } },
      config,
    },
    async () => ({
      templates: letters.listTemplates(),
      values: knownValues.map((name) => ({ name, label: valueLabels[name] })),
    }),
  )

  app.get(
    '/api/letters/kinds/:code',
    {
      schema: {
        summary: 'One template with its past',
        params: OfTemplate,
        response: { 200: TemplateView, ...refused },
      },
      config,
    },
    async ({ params: { code } }) => letters.templateView(code),
  )

  app.post(
    '/api/letters/kinds/try',
    {
      schema: {
        summary: 'All that is wrong with a template, and its letter with words for an example; saves nothing',
        body: Type.Object({ template: Anything }, closed),
        response: { 200: TriedTemplate, ...refused },
      },
      config,
    },
    async ({ body: { template } }) => {
      const { problems, paper } = letters.tryTemplate(template)
      return { problems, paper: paper && describePaper(paper, letters.armsView()) }
    },
  )

  app.post(
    '/api/letters/kinds',
    {
      schema: {
        summary:
          'The office’s own of a template; an empty code makes another one. `expected`: the hash that it was made from',
        body: Type.Object({ template: Anything, expected: nullable(Type.String({ maxLength: 11 })), key: Key }, closed),
        response: { 200: Type.Object({ code: Type.String() }), ...refused },
      },
      config,
    },
    async (request) => {
      const code = letters.saveTemplate({ ...request.body, actor: personOf(request).actor })
      changed()
      return { code }
    },
  )

  app.post(
    '/api/letters/kinds/:code/restore',
    {
      schema: {
        summary: 'One that was saved before counts again',
        params: OfTemplate,
        body: Type.Object({ row: Type.Integer({ minimum: 1 }), key: Key }, closed),
        response: done,
      },
      config,
    },
    async (request) => {
      letters.restoreTemplate({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/kinds/:code/drop',
    {
      schema: {
        summary: 'The regency’s, or the one that came along, counts again',
        ...{ params: OfTemplate, body: Type.Object({ key: Key }, closed), response: done },
      },
      config,
    },
    async (request) => {
      letters.dropTemplate({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/kinds/:code/use',
    {
      schema: {
        summary: 'Whether clerks are offered it',
        ...{ params: OfTemplate, body: Type.Object({ used: Type.Boolean(), key: Key }, closed), response: done },
      },
      config,
    },
    async (request) => {
      letters.useTemplate({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.get(
    '/api/letters/kinds/:code/template.json',
    {
      schema: { summary: 'One as a file, which another office can take', params: OfTemplate, querystring: Which },
      config,
    },
    async ({ params: { code }, query: { of } }, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="${code}.json"`)
        .send(`${JSON.stringify(letters.readTemplate({ code, of: readWhich(of) }), null, 2)}\n`),
  )

  app.get(
    '/api/letters/kinds/:code/sample.pdf',
    {
      schema: { summary: 'Its letter with words for an example, about nobody', params: OfTemplate, querystring: Which },
      config,
    },
    async ({ params: { code }, query: { of } }, reply) => {
      const task: LetterTask & { language: string } = {
        ...{ letter: letters.samplePaper({ code, of: readWhich(of) }), language: 'id' },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="contoh-${code}.pdf"`)
        .send(await press.print(task))
    },
  )
}

const readWhich = (of = 'now'): WhichTemplate['of'] => (of === 'now' || of === 'beneath' ? of : Number(of))

/** As the page sets it. */
function describePaper(
  { content, issuer, address, paper, written }: LetterPaper,
  { state, hash }: ArmsView,
): NonNullable<TriedTemplate['paper']> {
  const { kind, place } = splitName(issuer.name)
  return {
    ...{ regency: issuer.regency, district: issuer.district },
    arms: state === 'here' ? hash : null,
    office: `${kind} ${place}`,
    ...{ address, content, paper, written: written ?? '' },
    place: `${place}, ${longDate(content.on)}`,
  }
}
