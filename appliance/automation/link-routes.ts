import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closed, closedType, Day, Key, nullable } from '../base/schemas.ts'
import type { FlowScope } from '../base/web/callers.ts'
import { type App, Problem, refused } from '../base/web/server.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { OfficeRoom } from '../office/office.ts'
import { PaperLine } from '../print/lines-paper.ts'
import type { Paper } from '../print/paper.ts'
import { PrintOutcome } from '../print/views.ts'
import { isDatasetName } from '../wire/datasets.ts'
import { type createFlowCommands, FlowAnswer, FlowCommand } from './link-commands.ts'
import type { Limited } from './link-limits.ts'
import type { OfficeFacts } from './office-facts.ts'
import type { Readers } from './readers.ts'
import type { Readings } from './readings.ts'
import { OfficeForFlows } from './views.ts'

const Node = Type.String({ pattern: '^[A-Za-z0-9._-]{1,40}$' })
const done = { 200: Type.Object({}), 401: Problem, 429: Problem, ...refused }
const EntriesQuery = closedType({
  types: Type.Optional(
    Type.String({ pattern: '^[a-z]+\\.[a-z-]+(,[a-z]+\\.[a-z-]+){0,49}$', description: 'Event types, by commas' }),
  ),
})

type Parts = {
  commands: ReturnType<typeof createFlowCommands>
  spend: (what: Limited, actor: string) => void
  readers: Readers
  readings: Readings
  datasets: Datasets
  office: OfficeRoom
  facts: OfficeFacts
  paper: Paper
  announce: (called: { number: string; counter: string }) => void
  health: () => object
  keepSummary: (text: string) => void
}

/** More answers than a node repeats itself. */
const mostRemembered = 500

/** What flows read and do: the same by the box's own socket and, with a technician's token, by HTTPS. */
export function linkRoutes(
  app: App,
  { commands, spend, readers, readings, datasets, office, facts, paper, announce, health, keepSummary }: Parts,
): void {
  const flow = (scope: FlowScope) => ({ mayCall: ['flow'] as const, scope })
  /** What was printed and spoken leaves no entry to know a repetition by. */
  const answered = new Map<string, Promise<unknown>>()

  function once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = answered.get(key)
    if (known) return known as Promise<T>
    const answer = work()
    answered.set(key, answer)
    answer.catch(() => answered.delete(key))
    const [oldest] = answered.keys()
    if (answered.size > mostRemembered && oldest) answered.delete(oldest)
    return answer
  }

  app.get(
    '/api/flows/entries/:reader',
    {
      schema: {
        summary: 'Entries from this node’s place on, a line each; the place moves by /api/flows/seen',
        params: Type.Object({ reader: Node }),
        querystring: EntriesQuery,
      },
      config: flow('read'),
    },
    async (request, reply) => {
      readers.stream(reply, request.params.reader, request.query.types?.split(',') ?? null)
    },
  )

  app.post(
    '/api/flows/seen/:reader',
    {
      schema: {
        summary: 'This node has dealt with the entries up to n',
        params: Type.Object({ reader: Node }),
        body: Type.Object({ journal: Type.String({ maxLength: 40 }), n: Type.Integer({ minimum: 0 }) }, closed),
        response: done,
      },
      config: flow('read'),
    },
    async (request) => {
      readers.see(request.params.reader, request.body.journal, request.body.n)
      return {}
    },
  )

  app.post(
    '/api/flows/commands',
    {
      schema: {
        summary: 'A button at a counter, for whoever works there',
        body: FlowCommand,
        response: { ...done, 200: FlowAnswer },
      },
      config: flow('act'),
    },
    async (request) => {
      spend('command', request.caller.actor)
      return commands(request.body, request.caller.actor)
    },
  )

  app.post(
    '/api/flows/print',
    {
      schema: {
        summary: 'Print lines on a printer of the office',
        body: closedType({
          printer: Type.Optional(
            Type.String({ maxLength: 60, description: 'Its name; without it the ticket printer' }),
          ),
          lines: Type.Array(PaperLine, { minItems: 1, maxItems: 60 }),
          cut: Type.Optional(Type.Boolean({ default: true })),
          key: Key,
        }),
        response: { ...done, 200: PrintOutcome },
      },
      config: flow('act'),
    },
    async (request) => {
      const { printer, lines, cut = true, key } = request.body
      return once(key, async () => {
        spend('print', request.caller.actor)
        return { printed: await paper.printLines(lines, cut, printer ?? null) }
      })
    },
  )

  app.post(
    '/api/flows/speak',
    {
      schema: {
        summary: 'Speak a call behind which no ticket stands',
        body: closedType({
          number: Type.String({ pattern: '^[A-Z]?\\d{1,3}$' }),
          counter: Type.String({ minLength: 1, maxLength: 60 }),
          key: Key,
        }),
        response: done,
      },
      config: flow('act'),
    },
    async (request) => {
      const { key, ...called } = request.body
      return once(key, async () => {
        spend('speak', request.caller.actor)
        announce(called)
        return {}
      })
    },
  )

  app.post(
    '/api/flows/notice',
    {
      schema: {
        summary: 'Change the running text',
        body: closedType({ text: Type.String({ maxLength: 300 }), until: Type.Optional(nullable(Day)), key: Key }),
        response: done,
      },
      config: flow('act'),
    },
    async (request) => {
      spend('notice', request.caller.actor)
      office.changeNotice({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.post(
    '/api/flows/summary',
    {
      schema: {
        summary: 'A text that the head passes on by his own phone',
        body: closedType({ text: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }), key: Key }),
        response: done,
      },
      config: flow('act'),
    },
    async (request) => {
      spend('notice', request.caller.actor)
      keepSummary(request.body.text)
      return {}
    },
  )

  app.put(
    '/api/flows/readings/:name',
    {
      schema: {
        summary: 'What a flow has measured; forgotten after ten minutes',
        params: Type.Object({ name: Type.String({ pattern: '^[\\p{L}\\d][\\p{L}\\d ._-]{0,39}$' }) }),
        body: closedType({ value: Type.Number(), unit: Type.Optional(Type.String({ maxLength: 20 })) }),
        response: done,
      },
      config: flow('act'),
    },
    async (request) => {
      spend('reading', request.caller.actor)
      readings.take(request.params.name, request.body)
      return {}
    },
  )

  app.get(
    '/api/flows/health',
    { schema: { summary: 'The checks of this box, and its alarms' }, config: flow('read') },
    async () => health(),
  )

  app.get(
    '/api/flows/office',
    {
      schema: { summary: 'The office as it stands now', response: { 200: OfficeForFlows, ...refused } },
      config: flow('read'),
    },
    async () => facts(),
  )

  app.get(
    '/api/flows/datasets/:name',
    {
      schema: {
        summary: 'What the regency has published, and when',
        params: Type.Object({ name: Type.String({ maxLength: 40 }) }),
      },
      config: flow('read'),
    },
    async (request) => {
      const { name } = request.params
      const content = isDatasetName(name) ? datasets.read(name) : null
      if (!isDatasetName(name) || content === null)
        throw new AppError('not-found', 'flow.no-dataset', `The regency has sent no dataset "${name}".`, { name })
      return { dataset: name, version: datasets.version(name), publishedAt: datasets.publishedAt(name), content }
    },
  )
}
