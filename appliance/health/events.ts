import { event } from '../base/journal/event-registry.ts'
import { closedType } from '../base/schemas.ts'

export const healthEvents = {
  /** A technician sends an entry that changes nothing, to see it reach the regency. */
  'health.line-tested': event('ignore', closedType({})),
} as const
