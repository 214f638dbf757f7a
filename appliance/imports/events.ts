import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id } from '../base/schemas.ts'
import { ImportCounts } from './counts.ts'

/** That a file counts now, and that it was taken back. What stands in it, and what it was called, stays in the box. */
export const importEvents = {
  'imports.applied': event(
    'record',
    closedType({ import: Id, format: Type.String({ maxLength: 20 }), asOf: Day, counts: ImportCounts }),
  ),
  'imports.undone': event('record', closedType({ import: Id })),
} as const
