import { Type } from 'typebox'
import { closed, Key } from '../base/schemas.ts'
import { managers } from '../base/web/callers.ts'
import { type App, Problem } from '../base/web/server.ts'
import { officeEvents } from './events.ts'
import type { OfficeRoom } from './office.ts'

const done = { 200: Type.Object({}), 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }

/** Hours, holidays and quotas of the settings page. */
export function hoursRoutes(app: App, office: OfficeRoom): void {
  const {
    'queue.hours-changed': { schema: hours },
    'queue.holidays-changed': { schema: holidays },
    'queue.quota-changed': { schema: quota },
    'queue.holiday-waived': { schema: waived },
  } = officeEvents

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
      office.changeHours({ ...request.body, actor: request.caller.actor })
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
      office.changeHolidays({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )

  app.put(
    '/api/settings/regency-holiday',
    {
      schema: {
        summary: 'Open on a holiday of the regency, or close on it again',
        body: Type.Object({ ...waived.properties, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      office.waiveHoliday({ ...request.body, actor: request.caller.actor })
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
      office.changeQuota({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
