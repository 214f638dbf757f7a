import { Type } from 'typebox'

/* Which kiosks and displays belong to this office. Their tokens are secrets and never stand here. */

const Device = Type.String({ pattern: '^(kiosk|display):[0-9]+$' })

export const lanEvents = {
  'lan.device-paired': Type.Object(
    { device: Device, name: Type.String({ maxLength: 60 }) },
    { additionalProperties: false },
  ),
  'lan.device-removed': Type.Object({ device: Device }, { additionalProperties: false }),
} as const

/** The token of a screen paired on a lost card is lost with it. */
export const lanLate = { 'lan.device-paired': 'ignore', 'lan.device-removed': 'ignore' } as const
