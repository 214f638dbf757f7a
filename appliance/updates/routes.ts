import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closed, Key } from '../base/schemas.ts'
import { type App, isLoopback, Problem } from '../base/web/server.ts'
import { When } from '../wire/releases.ts'
import type { Updates } from './updates.ts'
import { UpdatesView } from './views.ts'

const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }

/** The system of this machine: for technicians only. */
export function updateRoutes(app: App, updates: Updates): void {
  app.get(
    '/api/updates',
    {
      schema: {
        summary: 'Which system runs, what could be installed, and how the last one went',
        response: { 200: UpdatesView, 403: Problem },
      },
      config: { mayCall: ['technician'] },
    },
    async () => updates.view(),
  )

  app.get(
    '/api/updates/proof',
    {
      schema: {
        summary: 'Whether what runs since an update reaches what ran before it reached; for the machine itself',
        response: { 200: Type.Object({}), 403: Problem, 503: Problem },
      },
      config: { mayCall: ['anyone'] },
    },
    async (request) => {
      if (!isLoopback(request))
        throw new AppError('forbidden', 'updates.not-here', 'Only the machine itself asks this.')
      if (!updates.hasProved())
        throw new AppError('unavailable', 'updates.no-line', 'The regency was reached before, and is not any more.')
      return {}
    },
  )

  app.post(
    '/api/updates',
    {
      schema: {
        summary: 'Install a bundle, at night or now; the box makes a backup, and starts again from the other slot',
        body: Type.Object(
          {
            file: Type.String({ maxLength: 400, description: 'As the view names it' }),
            when: When,
            key: Key,
          },
          closed,
        ),
        response: { 200: UpdatesView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async (request) => {
      await updates.ask({ ...request.body, actor: request.caller.actor })
      return updates.view()
    },
  )

  app.post(
    '/api/updates/take-back',
    {
      schema: {
        summary: 'Do not install what waits for the night',
        body: Type.Object({ key: Key }, closed),
        response: { 200: UpdatesView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async (request) => {
      updates.takeBack({ ...request.body, actor: request.caller.actor })
      return updates.view()
    },
  )
}
