import { Type } from 'typebox'
import { closed, Id, Key } from '../base/schemas.ts'
import { managers } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { OfficeRoom } from './office.ts'
import { WholeSettings } from './settings.ts'

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
const done = { 200: Type.Object({}), ...refused }
const KeyOnly = Type.Object({ key: Key }, closed)

/** What the settings page changes of services, counters, running text and calling. */
export function officeRoutes(app: App, office: OfficeRoom): void {
  app.post(
    '/api/services',
    {
      schema: {
        summary: 'Add a service',
        body: Type.Object(
          {
            prefix: Type.String({ pattern: '^[A-Z]$' }),
            ...ServiceText,
            code: Type.Optional(Type.String({ maxLength: 40, description: 'Follows this service of the regency' })),
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      office.addService({ ...request.body, actor: request.caller.actor })
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
      office.changeService({ ...request.body, ...request.params, actor: request.caller.actor })
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
      office.addCounter({ ...request.body, actor: request.caller.actor })
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
      office.changeCounter({ ...request.body, ...request.params, actor: request.caller.actor })
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
        office.setServiceOpen({ ...request.params, ...request.body, open, actor: request.caller.actor })
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
        office.setCounterOpen({ ...request.params, ...request.body, open, actor: request.caller.actor })
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
      office.changeSettings({ ...request.body, actor: request.caller.actor })
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
      office.changeNotice({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
