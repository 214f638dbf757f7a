import { Type } from 'typebox'
import { Key } from '../base/command.ts'
import { managers } from '../base/web/callers.ts'
import { type App, Problem } from '../base/web/server.ts'
import { queueEvents } from '../queue/events.ts'
import type { Queue } from '../queue/queue.ts'

const closed = { additionalProperties: false } as const
const done = { 200: Type.Object({}), 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }

/** Hours, holidays and quotas of the settings page. */
export function openingRoutes(app: App, queue: Queue): void {
  const { 'queue.hours-changed': hours, 'queue.holidays-changed': holidays, 'queue.quota-changed': quota } = queueEvents

  app.put(
    '/api/settings/hours',
    {
      schema: {
        summary: 'Set the weekly hours of the office or of one service',
        body: Type.Object({ ...hours.properties, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeHours({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.put(
    '/api/settings/holidays',
    {
      schema: {
        summary: 'Set all days on which the office is closed',
        body: Type.Object({ ...holidays.properties, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeHolidays({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.put(
    '/api/settings/quota',
    {
      schema: {
        summary: 'Set how many numbers a service gives a day',
        body: Type.Object({ ...quota.properties, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      queue.changeQuota({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
