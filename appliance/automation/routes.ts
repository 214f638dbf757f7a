import { Type } from 'typebox'
import { closed, closedType, Id, Key, Name } from '../base/schemas.ts'
import { managers, personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import { type App, refused } from '../base/web/server.ts'
import { findDifferences } from './differences.ts'
import type { EditorAccess } from './editor-access.ts'
import { assertNoneMissing, missingTypes, mostFlowBytes, readFlowFile } from './flow-file.ts'
import type { HostLine } from './host-line.ts'
import type { RegencyFlows } from './regency-flows.ts'
import type { Tokens } from './tokens.ts'
import type { Versions } from './versions.ts'
import { DifferenceView, type FlowsView, type SummaryView } from './views.ts'

const technician = { mayCall: ['technician'] as const }
const readers = { mayCall: ['head', 'technician'] as const }
const done = { 200: Type.Object({}), ...refused }
const KeyOnly = Type.Object({ key: Key }, closed)
const OneVersion = Type.Object({ version: Type.Integer({ minimum: 1 }) })

type Parts = {
  live: Live
  village: string
  view: () => FlowsView
  versions: Versions
  line: HostLine
  access: EditorAccess
  tokens: Tokens
  regency: RegencyFlows
}

/** What a technician does with the flows outside of their editor. */
export function automationRoutes(
  app: App,
  { live, village, view, versions, line, access, tokens, regency }: Parts,
): void {
  liveRoute(app, live, 'flows', readers, () => ({ name: 'flows', compute: view }))

  liveRoute(app, live, 'flow-summary', { mayCall: managers }, () => ({
    name: 'flow-summary',
    compute: (): SummaryView => ({ summary: versions.summary() }),
  }))

  app.get(
    '/api/flows/writing',
    {
      schema: {
        summary: 'How long this person may still change flows',
        response: { 200: Type.Object({ leftMs: Type.Integer() }), ...refused },
      },
      config: readers,
    },
    async (request) => ({ leftMs: access.leftMs(personOf(request)) }),
  )

  for (const [word, summary, change] of [
    ['unlock', 'Change flows for an hour', access.unlock],
    ['lock', 'Look at flows only', access.lock],
  ] as const)
    app.post(
      `/api/flows/${word}`,
      { schema: { summary, body: KeyOnly, response: done }, config: technician },
      async (request) => {
        change(personOf(request), request.body.key)
        return {}
      },
    )

  app.post(
    '/api/flows/restart',
    { schema: { summary: 'Start the flows anew', body: KeyOnly, response: done }, config: technician },
    async () => {
      line.restart()
      return {}
    },
  )

  app.get(
    '/api/flows/versions/:version/differences',
    {
      schema: {
        summary: 'What this version changed of the one before it',
        params: OneVersion,
        response: { 200: Type.Object({ differences: Type.Array(DifferenceView) }), ...refused },
      },
      config: readers,
    },
    async (request) => {
      const { version } = request.params
      const before = versions.list().find((one) => one.version < version)
      const older = before ? versions.nodes(before.version) : []
      return { differences: findDifferences(older, versions.nodes(version)) }
    },
  )

  app.post(
    '/api/flows/versions/:version/back',
    {
      schema: { summary: 'Run an older version', params: OneVersion, body: KeyOnly, response: done },
      config: technician,
    },
    async (request) => {
      versions.goBack(request.params.version, request.caller.actor, request.body.key)
      line.noteVersion({ reload: true })
      return {}
    },
  )

  app.get(
    '/api/flows/regency/differences',
    {
      schema: {
        summary: 'What the waiting set of the regency would change',
        response: { 200: Type.Object({ differences: Type.Array(DifferenceView) }), ...refused },
      },
      config: readers,
    },
    async () => ({ differences: regency.differences() }),
  )

  app.post(
    '/api/flows/regency/take',
    {
      schema: { summary: 'Run the regency’s set in place of the village’s own', body: KeyOnly, response: done },
      config: technician,
    },
    async (request) => {
      regency.take(request.caller.actor, request.body.key)
      return {}
    },
  )

  app.get(
    '/api/flows/versions/:version/file',
    {
      schema: { summary: 'A version as one file, without credentials', params: OneVersion },
      config: readers,
    },
    async (request, reply) => {
      const { version } = request.params
      const at = versions.list().find((one) => one.version === version)?.at ?? 0
      const file = { balai: 'flows', village, version, savedAt: at, flows: versions.nodes(version) }
      reply.header('content-disposition', `attachment; filename="flow-${village}-${version}.json"`)
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(file, null, 1))
    },
  )

  app.post(
    '/api/flows/import',
    {
      bodyLimit: mostFlowBytes + 1_000,
      schema: {
        summary: 'Run the flows of a file: one that was saved here, or one that a Node-RED has exported',
        body: Type.Object({ text: Type.String(), key: Key }, closed),
        response: done,
      },
      config: { ...technician, verbatim: true },
    },
    async (request) => {
      const { text, key } = request.body
      const nodes = readFlowFile(text)
      assertNoneMissing('invalid', missingTypes(nodes, line.types()))
      versions.save(
        { flows: JSON.stringify(nodes), credentials: '{}', author: request.caller.actor, origin: 'import' },
        key,
      )
      line.noteVersion({ reload: true })
      return {}
    },
  )

  app.post(
    '/api/flows/tokens',
    {
      schema: {
        summary: 'A token for a Node-RED on another machine; it is said this once',
        body: closedType({ name: Name, act: Type.Boolean({ description: 'It may act, not only read' }), key: Key }),
        response: { 201: Type.Object({ secret: Type.String() }), ...refused },
      },
      config: technician,
    },
    async (request, reply) => {
      const { name, act, key } = request.body
      const scopes: ('read' | 'act')[] = act ? ['read', 'act'] : ['read']
      const secret = tokens.make({ name, scopes, actor: request.caller.actor, key })
      live.changed(['flows'])
      return reply.code(201).send({ secret })
    },
  )

  app.delete(
    '/api/flows/tokens/:token',
    {
      schema: { summary: 'Take a token back', params: Type.Object({ token: Id }), body: KeyOnly, response: done },
      config: technician,
    },
    async (request) => {
      tokens.remove({ ...request.params, ...request.body, actor: request.caller.actor })
      live.changed(['flows'])
      return {}
    },
  )
}
