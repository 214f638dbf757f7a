import { Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { closed } from '../../appliance/base/schemas.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import type { Database } from '../base/database.ts'
import { agencyOf } from './access.ts'
import { createCasePhotos } from './photos.ts'

/** Photos of papers that came with an application: age files, which the agency's own key opens. */
export function photoRoutes(app: App, database: Database): void {
  const photos = createCasePhotos(database)

  app.get(
    '/api/agency/photos/:village/:file',
    {
      schema: {
        summary: 'A photo of a paper as an age file, to the agency whose token this is; in clear it is a JPEG',
        params: Type.Object(
          {
            village: Type.String({ pattern: villagePattern }),
            file: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
          },
          closed,
        ),
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ params, headers }, reply) => {
      const { agency } = await agencyOf(database, headers.authorization)
      const bytes = await photos.read({ ...params, agency })
      if (!bytes)
        throw new AppError('not-found', 'agency.no-photo', 'It is not here (yet), or was sent to no such agency.')
      return reply.type('application/octet-stream').send(bytes)
    },
  )
}
