import { Type } from 'typebox'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Id, Key, Language } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, refused } from '../base/web/server.ts'
import { LetterRequest } from '../letters/views.ts'
import { Notice } from '../wire/notices.ts'
import type { Cases } from './cases.ts'
import { Paper } from './papers.ts'
import type { PosterTask } from './poster-paper.ts'
import { CaseKinds, CaseLine, CasesPage, CasesView, CitizenCase } from './views.ts'

const staff = ['clerk', 'secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const OfCase = Type.Object({ case: Id }, closed)
const Papers = Type.Array(Paper, { maxItems: 12 })

type Parts = {
  cases: Cases
  live: Live
  press: PdfPress
  office: () => Office
  regency: string | null
  /** Who signs the promise; null: nobody is known. */
  head: () => string | null
}

/** Applications: from the page of residents, where they begin, from their own, and from a citizen's phone. */
export function caseRoutes(app: App, { cases, live, press, office, regency, head }: Parts): void {
  liveRoute(app, live, 'cases', { mayCall: staff }, () => ({ name: 'cases', compute: cases.view }))

  app.get(
    '/api/cases',
    {
      schema: {
        summary: 'All applications, the newest first; `before`: those that are older than this one',
        querystring: Type.Object({ before: Type.Optional(Id) }, closed),
        response: { 200: CasesPage, ...refused },
      },
      config: { mayCall: staff },
    },
    async ({ query: { before = null } }) => cases.list(before),
  )

  app.get(
    '/api/cases/open',
    {
      schema: { summary: 'What is open, what is late first', response: { 200: CasesView, ...refused } },
      config: { mayCall: staff },
    },
    async () => cases.view(),
  )

  app.get(
    '/api/cases/kinds',
    {
      schema: {
        summary: 'What can be applied for; first what the number in service came for',
        response: { 200: CaseKinds, ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => ({ kinds: cases.kinds(personOf(request).actor) }),
  )

  app.get(
    '/api/cases/standard.pdf',
    {
      schema: {
        summary: 'The published standard of a service as a poster; without `kind` of all, a page for each',
        querystring: Type.Object(
          { kind: Type.Optional(Type.String({ minLength: 1, maxLength: 41 })), language: Type.Optional(Language) },
          closed,
        ),
      },
      config: { mayCall: staff },
    },
    async ({ query: { kind, language = 'id' } }, reply) => {
      const task: PosterTask & { language: string } = {
        ...{ poster: cases.standards(kind ?? null), office: office(), regency, head: head(), language },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="standar-pelayanan${kind ? `-${kind}` : ''}.pdf"`)
        .send(await press.print(task))
    },
  )

  app.get(
    '/api/cases/maklumat.pdf',
    {
      schema: {
        summary: 'The promise to keep the standards (maklumat pelayanan) as a poster',
        querystring: Type.Object({ language: Type.Optional(Language) }, closed),
      },
      config: { mayCall: staff },
    },
    async ({ query: { language = 'id' } }, reply) => {
      const task: PosterTask & { language: string } = {
        ...{ poster: 'maklumat', office: office(), regency, head: head(), language },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="maklumat-pelayanan.pdf"')
        .send(await press.print(task))
    },
  )

  app.get(
    '/api/residents/:resident/cases',
    {
      schema: {
        summary: 'Applications of this resident, the newest first; once the record is open',
        params: Type.Object({ resident: Id }, closed),
        response: { 200: Type.Object({ cases: Type.Array(CaseLine) }), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => ({ cases: cases.ofResident(request.params.resident, personOf(request).actor) }),
  )

  app.get(
    '/api/tickets/:ticket/cases',
    {
      schema: {
        summary: 'What was applied for with this number; for whoever holds it, nobody is named',
        params: Type.Object({ ticket: Id }, closed),
        response: { 200: Type.Object({ cases: Type.Array(CitizenCase) }), ...refused },
      },
      config: { mayCall: ['anyone'], spends: 'look' },
    },
    async ({ params }) => ({ cases: cases.ofTicket(params.ticket) }),
  )

  app.get(
    '/api/cases/:case/notice',
    {
      schema: {
        summary: 'What a hospital or a midwife has told of it; once the record is open, where there is one',
        params: OfCase,
        response: { 200: Type.Object({ notice: Type.Union([Notice, Type.Null()]) }), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => ({ notice: cases.notice(request.params.case, personOf(request).actor) }),
  )

  app.post(
    '/api/cases',
    {
      schema: {
        summary: 'Open an application for the resident whose record is open',
        body: Type.Object(
          { kind: Type.String({ minLength: 1, maxLength: 41 }), resident: Id, papers: Papers, key: Key },
          closed,
        ),
        response: { 200: Type.Object({ case: Id }), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      const { actor } = personOf(request)
      return { case: await cases.open({ ...request.body, actor }) }
    },
  )

  app.post(
    '/api/cases/:case/papers',
    {
      schema: {
        summary: 'How it stands with the papers now',
        ...{ params: OfCase, body: Type.Object({ papers: Papers, key: Key }, closed), response: done },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      cases.changePapers({ ...request.params, ...request.body, actor: personOf(request).actor })
      return {}
    },
  )

  app.post(
    '/api/cases/:case/letter',
    {
      schema: {
        summary: 'Write the letter that it ends in, for the resident whose record is open; it waits for approval',
        params: OfCase,
        body: LetterRequest,
        response: { 200: Type.Object({ letter: Id }), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      const { actor } = personOf(request)
      return { letter: await cases.writeLetter({ ...request.params, ...request.body, actor }) }
    },
  )

  app.post(
    '/api/cases/:case/relay',
    {
      schema: {
        summary: 'Send it to its agency, sealed to the agency’s key, for the resident whose record is open',
        params: OfCase,
        body: Type.Object({ note: Type.String({ maxLength: 500 }), key: Key }, closed),
        response: done,
      },
      config: { mayCall: staff },
    },
    async (request) => {
      await cases.relay({ ...request.params, ...request.body, actor: personOf(request).actor })
      return {}
    },
  )

  app.post(
    '/api/cases/:case/close',
    {
      schema: {
        summary: 'Whoever applied has what they came for',
        ...{ params: OfCase, body: Type.Object({ key: Key }, closed), response: done },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      cases.close({ ...request.params, ...request.body, actor: personOf(request).actor })
      return {}
    },
  )

  app.post(
    '/api/cases/:case/withdraw',
    {
      schema: {
        summary: 'Take it back, with the reason',
        params: OfCase,
        body: Type.Object({ reason: Type.String({ maxLength: 300 }), key: Key }, closed),
        response: done,
      },
      config: { mayCall: staff },
    },
    async (request) => {
      await cases.withdraw({ ...request.params, ...request.body, actor: personOf(request).actor })
      return {}
    },
  )
}
