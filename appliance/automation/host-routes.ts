import { Type } from 'typebox'
import { closed, closedType, Id, nullable } from '../base/schemas.ts'
import { type App, Problem, refused } from '../base/web/server.ts'
import { mostFlowBytes } from './flow-file.ts'
import { HostBeat, type HostLine } from './host-line.ts'
import type { Versions } from './versions.ts'

const done = { 200: Type.Object({}), 401: Problem, ...refused }
const host = { mayCall: ['flow'] as const, scope: 'host' as const }
const JsonText = Type.String({ maxLength: mostFlowBytes })

type Parts = {
  line: HostLine
  versions: Versions
  /** Sets of nodes beyond the closed palette. */
  nodeSets: readonly string[]
  /** An IANA time zone: what nodes show as the time. */
  zone: string
}

/** What the process of the flows asks for: what to run, and where its flows are kept. */
export function hostRoutes(app: App, { line, versions, nodeSets, zone }: Parts): void {
  app.get(
    '/api/flows/host',
    {
      schema: {
        summary: 'The line of the process that runs the flows; its end is the end of the process',
        querystring: closedType({ ended: Type.Optional(Type.Union([Type.Literal('silent'), Type.Literal('memory')])) }),
        response: { 401: Problem, ...refused },
      },
      config: host,
    },
    async (request, reply) => {
      const begin = (safeMode: boolean) => ({
        ...{ safeMode, nodeSets, zone },
        credentialSecret: versions.credentialSecret(),
      })
      line.attach(reply, begin, request.query.ended ?? null)
    },
  )

  app.post(
    '/api/flows/host/beat',
    { schema: { summary: 'How the flows are', body: HostBeat, response: done }, config: host },
    async (request) => {
      line.takeBeat(request.body)
      return {}
    },
  )

  app.get('/api/flows/host/flows', { schema: { summary: 'The flows that count' }, config: host }, async () => {
    const current = versions.current()
    return { ...versions.content(current.version), settings: versions.editorSettings() }
  })

  app.post(
    '/api/flows/host/flows',
    {
      bodyLimit: 2 * mostFlowBytes,
      schema: {
        summary: 'Keep what was deployed',
        body: Type.Object({ flows: JsonText, credentials: JsonText, author: nullable(Id) }, closed),
        response: done,
      },
      config: { ...host, verbatim: true },
    },
    async (request) => {
      const { author, ...content } = request.body
      versions.save({ ...content, author: author ?? 'box', origin: 'editor' })
      line.noteVersion({ reload: false })
      return {}
    },
  )

  app.post(
    '/api/flows/host/settings',
    {
      schema: {
        summary: 'Keep what Node-RED keeps for itself',
        body: Type.Record(Type.String(), Type.Unknown()),
        response: done,
      },
      config: { ...host, verbatim: true },
    },
    async (request) => {
      versions.keepEditorSettings(request.body)
      return {}
    },
  )
}
