import type { App } from '../base/web/server.ts'
import { BestTimes } from './views.ts'

/** When people should come at all. */
export function estimateRoutes(app: App, bestTimes: () => BestTimes): void {
  app.get(
    '/api/best-times',
    {
      schema: { summary: 'The usual wait of each hour of the week', response: { 200: BestTimes } },
      config: { mayCall: ['anyone'], spends: 'look' },
    },
    async () => bestTimes(),
  )
}
