import { Type } from 'typebox'
import { closed, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Retention } from './retention.ts'
import { RetentionDays, RetentionView } from './retention-rules.ts'

const keepers = ['secretary', 'head'] as const

export function retentionRoutes(app: App, retention: Pick<Retention, 'view' | 'set'>): void {
  app.get(
    '/api/residents/retention',
    {
      schema: {
        summary: 'How long what is kept of people stays, and how much of it goes in the next 30 days',
        response: { 200: RetentionView, ...refused },
      },
      config: { mayCall: keepers },
    },
    async () => retention.view(),
  )

  app.put(
    '/api/residents/retention',
    {
      schema: {
        summary: 'Set how long, in days; null: it stays',
        body: Type.Object({ days: RetentionDays, key: Key }, closed),
        response: { 200: RetentionView, ...refused },
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      retention.set({ ...request.body, actor: personOf(request).actor })
      return retention.view()
    },
  )
}
