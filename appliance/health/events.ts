import { Type } from 'typebox'

export const healthEvents = {
  /** A technician sends an entry that changes nothing, to see it reach the regency. */
  'health.line-tested': Type.Object({}, { additionalProperties: false }),
} as const

export const healthLate = { 'health.line-tested': 'ignore' } as const
