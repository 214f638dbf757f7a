import { Type } from 'typebox'
import { closed, Key } from '../base/schemas.ts'
import { managers } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Datasets } from './datasets.ts'

export function datasetRoutes(app: App, datasets: Datasets): void {
  app.post(
    '/api/datasets/:dataset/back',
    {
      schema: {
        summary: 'Take the version of a dataset that counted before',
        params: Type.Object({ dataset: Type.String({ maxLength: 40 }) }),
        body: Type.Object({ key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: managers },
    },
    async (request) => {
      datasets.rollBack({ ...request.params, ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
