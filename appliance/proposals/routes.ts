import { Type } from 'typebox'
import type { Catalogues } from '../base/messages/catalogues.ts'
import { closed, Day, Id, Key, nullable } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import { type App, refused } from '../base/web/server.ts'
import { sheetRoute } from '../base/web/sheet-route.ts'
import { kinds, proposable } from './kinds.ts'
import { monthsSheet } from './months-sheet.ts'
import type { Proposals } from './proposals.ts'
import { Proposal, ProposalsView } from './views.ts'

const readers = ['clerk', 'secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const Typed = Type.Partial(
  Type.Object(
    Object.fromEntries(
      proposable.map((field) => [field, Type.Union([Type.String({ maxLength: 200 }), Type.Integer()])]),
    ),
    closed,
  ),
)

type Parts = { proposals: Proposals; catalogues: Catalogues; live: Live }

/** Life events and corrections, from the page of residents. */
export function proposalRoutes(app: App, { proposals, catalogues, live }: Parts): void {
  liveRoute(app, live, 'proposals', { mayCall: readers }, () => ({ name: 'proposals', compute: proposals.now }))

  app.get(
    '/api/proposals',
    {
      schema: {
        summary: 'What was proposed, and how it stands; `before`: those that are older than this one',
        querystring: Type.Object({ before: Type.Optional(Id) }, closed),
        response: { 200: ProposalsView, ...refused },
      },
      config: { mayCall: readers },
    },
    async ({ query: { before = null } }) => proposals.view(before),
  )

  sheetRoute(app, '/api/proposals/months.csv', {
    summary: 'What each of the last twelve months brought, as a sheet',
    ...{ mayCall: readers, file: 'peristiwa.csv' },
    write: (language) => monthsSheet(proposals.view(null).months, catalogues.speak(language)),
  })

  app.get(
    '/api/residents/:resident/proposals',
    {
      schema: {
        summary: 'What was proposed of this record, whole; once it is open',
        params: Type.Object({ resident: Id }, closed),
        response: { 200: Type.Object({ proposals: Type.Array(Proposal) }), ...refused },
      },
      config: { mayCall: readers },
    },
    async (request) => ({ proposals: proposals.of(request.params.resident, personOf(request).actor) }),
  )

  app.post(
    '/api/proposals',
    {
      schema: {
        summary: 'Record what happened to somebody, or what is written wrongly, and send it to the regency',
        body: Type.Object(
          {
            kind: Type.Enum(kinds),
            resident: nullable(Id),
            on: Day,
            fields: Typed,
            place: Type.String({ maxLength: 200 }),
            other: Type.String({ maxLength: 100 }),
            note: Type.String({ maxLength: 500 }),
            papers: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 }),
            instead: nullable(Id),
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: readers },
    },
    async (request) => {
      await proposals.make({ ...request.body, actor: personOf(request).actor })
      return {}
    },
  )

  app.post(
    '/api/proposals/:proposal/withdraw',
    {
      schema: {
        summary: 'Take one back that was not answered yet',
        params: Type.Object({ proposal: Id }, closed),
        body: Type.Object({ key: Key }, closed),
        response: done,
      },
      config: { mayCall: readers },
    },
    async (request) => {
      proposals.withdraw({ ...request.params, ...request.body, actor: personOf(request).actor })
      return {}
    },
  )
}
