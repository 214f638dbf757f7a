import { Type } from 'typebox'
import { closed, Key } from '../base/schemas.ts'
import { type App, Problem } from '../base/web/server.ts'
import { NetworkSettings } from '../wire/network-settings.ts'
import type { Network } from './network.ts'
import { NetworkView } from './views.ts'

const refused = { 400: Problem, 403: Problem, 409: Problem, 503: Problem }

/** How the box is connected: for technicians only. */
export function networkRoutes(app: App, network: Network): void {
  app.get(
    '/api/network',
    {
      schema: { summary: 'How this box is connected, without passwords', response: { 200: NetworkView, 403: Problem } },
      config: { mayCall: ['technician'] },
    },
    async () => network.view(),
  )

  app.put(
    '/api/network',
    {
      schema: {
        summary: 'Connect it otherwise; falls back by itself unless it is confirmed in time',
        body: Type.Object({ settings: NetworkSettings, key: Key }, closed),
        response: { 200: NetworkView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async (request) => {
      network.change(request.body.settings)
      return network.view()
    },
  )

  app.post(
    '/api/network/confirm',
    {
      schema: {
        summary: 'Keep the new connection: the box was reached by it',
        body: Type.Object({ key: Key }, closed),
        response: { 200: NetworkView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async () => {
      network.confirm()
      return network.view()
    },
  )
}
