import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType } from '../base/schemas.ts'

/* Which kiosks and displays belong to this office. Their tokens are secrets and never stand here. */

const Device = Type.String({ pattern: '^(kiosk|display):[0-9]+$' })

/** The token of a screen paired on a lost card is lost with it. */
export const lanEvents = {
  'lan.device-paired': event('ignore', closedType({ device: Device, name: Type.String({ maxLength: 60 }) })),
  'lan.device-removed': event('ignore', closedType({ device: Device })),
} as const
