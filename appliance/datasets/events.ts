import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType } from '../base/schemas.ts'

const Dataset = Type.String({ pattern: '^[a-z][a-z-]{0,39}$' })
const Version = Type.Integer({ minimum: 1 })

/** What became of the regency's datasets here. The data itself is no journal: it is replaced, and never sent back up. */
export const datasetEvents = {
  /** It counts. Of one that comes sealed: it was opened and read, and counts or waits for a person. */
  'datasets.applied': event('ignore', closedType({ dataset: Dataset, version: Version })),
  /** A version that is not what its manifest says, or does not fit its schema; the one before stays. */
  'datasets.refused': event(
    'ignore',
    closedType({
      dataset: Dataset,
      version: Version,
      why: Type.Union([
        Type.Literal('checksum'),
        Type.Literal('unreadable'),
        Type.Literal('schema'),
        Type.Literal('sealed', { description: 'To another box than this one' }),
      ]),
      where: Type.Optional(Type.String({ maxLength: 200, description: 'Row and member: 3 minutes' })),
    }),
  ),
  /** A person took the version before again; `from` does not come back, a newer one does. */
  'datasets.rolled-back': event('ignore', closedType({ dataset: Dataset, from: Version, to: Version })),
} as const
