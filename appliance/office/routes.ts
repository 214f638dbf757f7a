import { Type } from 'typebox'
import { Key } from '../base/command.ts'
import { managers } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { Devices } from '../devices/devices.ts'
import type { People } from '../people/people.ts'
import type { Paper } from '../print/paper.ts'
import type { Queue } from '../queue/queue.ts'
import type { AdminView } from '../screens/admin-view.ts'
import type { Voice } from '../voice/voice.ts'
import { openingRoutes } from './opening-routes.ts'
import { WholeSettings } from './settings.ts'
import { usualServices } from './usual-services.ts'

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })
const closed = { additionalProperties: false } as const
const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' })
const ServiceText = {
  name: Name,
  requires: Type.Array(Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }), { maxItems: 12 }),
  minutes: Type.Integer({ minimum: 1, maximum: 480 }),
  collection: Type.Optional(Type.Boolean({ description: 'Finished papers are fetched here' })),
  publicName: Type.Optional(
    Type.Union([Name, Type.Null()], { description: 'What the waiting room reads; null: the name' }),
  ),
}
const CounterText = {
  name: Name,
  services: Type.Array(Id, { maxItems: 60 }),
  autoCall: Type.Optional(Type.Boolean({ description: 'The next ticket may be called here by itself' })),
}
const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }
const done = { 200: Type.Object({}), ...refused }
const KeyOnly = Type.Object({ key: Key }, closed)

type Parts = {
  /** Address of this box as phones and screens reach it. */
  phoneBase: () => string
  voice: Voice
  paper: Paper
  devices: Devices
  queue: Queue
  people: People
  live: Live
  office: () => Office
}

/** Services, counters and running text, and the one view of everything that is set at `/admin`. */
export function adminRoutes(app: App, { queue, people, live, office, voice, paper, devices, phoneBase }: Parts): void {
  const view = (): AdminView => {
    const weeks = queue.opening.weeks()
    const head = office()
    return {
      office: head,
      refuses: queue.refusesNumbers({ at: head.now, trust: head.clock }),
      services: queue.services().map((row) => {
        const { service, prefix, name, publicName, requires, minutes, collection, open, quota } = row
        return {
          ...{ service, prefix, name, requires, minutes, collection, open, quota },
          publicName: publicName === name ? null : publicName,
          week: weeks.get(service) ?? null,
        }
      }),
      week: weeks.get('') ?? null,
      holidays: queue.opening.holidays(),
      counters: queue
        .counters()
        .map(({ counter, name, services, open, autoCall }) => ({ counter, name, services, open, autoCall })),
      people: people.accounts().map(({ account, name, role, active, hasPin }) => {
        const seconds = people.lockedSeconds(account)
        return { account, name, role, active, hasPin, lockedUntil: seconds > 0 ? office().now + seconds * 1_000 : null }
      }),
      notice: queue.notice(),
      settings: queue.settings(),
      voice: voice.settings(),
      recordings: voice.recordings.list(),
      printer: { settings: paper.settings(), now: paper.view(), found: paper.found() },
      screens: devices.list().map(({ device, name }) => ({ device, name })),
      start: { address: phoneBase(), served: queue.everTaken(), usual: [...usualServices] },
    }
  }

  openingRoutes(app, queue)

  liveRoute(app, live, 'admin', { mayCall: managers }, () => ({ name: 'admin', compute: view }))

  app.post(
    '/api/services',
    {
      schema: {
        summary: 'Add a service',
        body: Type.Object(
          {
            prefix: Type.String({ pattern: '^[A-Z]$' }),
            ...ServiceText,
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.addService({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.put(
    '/api/services/:service',
    {
      schema: {
        summary: 'Change a service',
        params: Type.Object({ service: Id }),
        body: Type.Object({ ...ServiceText, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeService({ ...request.body, ...request.params, actor: request.caller.actor })
      return {}
    },
  )

  app.post(
    '/api/counters',
    {
      schema: { summary: 'Add a counter', body: Type.Object({ ...CounterText, key: Key }, closed), response: done },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.addCounter({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.put(
    '/api/counters/:counter',
    {
      schema: {
        summary: 'Change a counter',
        params: Type.Object({ counter: Id }),
        body: Type.Object({ ...CounterText, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeCounter({ ...request.body, ...request.params, actor: request.caller.actor })
      return {}
    },
  )

  for (const [word, open] of [
    ['open', true],
    ['close', false],
  ] as const) {
    app.post(
      `/api/services/:service/${word}`,
      {
        schema: { summary: `${word} a service`, params: Type.Object({ service: Id }), body: KeyOnly, response: done },
        config: { mayCall: managers },
      },
      async (request) => {
        queue.setServiceOpen({ ...request.params, ...request.body, open, actor: request.caller.actor })
        return {}
      },
    )

    app.post(
      `/api/counters/:counter/${word}`,
      {
        schema: { summary: `${word} a counter`, params: Type.Object({ counter: Id }), body: KeyOnly, response: done },
        config: { mayCall: managers },
      },
      async (request) => {
        queue.setCounterOpen({ ...request.params, ...request.body, open, actor: request.caller.actor })
        return {}
      },
    )
  }

  app.put(
    '/api/settings/queue',
    {
      schema: {
        summary: 'Change how this office calls',
        body: Type.Object({ settings: WholeSettings, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeSettings({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.post(
    '/api/notice',
    {
      schema: {
        summary: 'Change the running text',
        body: Type.Object(
          {
            text: Type.String({ maxLength: 300 }),
            until: Type.Optional(
              Type.Union([Type.String({ format: 'date' }), Type.Null()], { description: 'Last day; null: no end' }),
            ),
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeNotice({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
