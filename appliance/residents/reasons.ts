import { type Static, Type } from 'typebox'

/**
 * Why a record is opened while nobody's number is in service for it: somebody stands at the desk, asks by phone, an office
 * of the state asks in writing, the record itself is checked.
 */
export const OpeningReasonSchema = Type.Union([
  Type.Literal('present'),
  Type.Literal('phone'),
  Type.Literal('request'),
  Type.Literal('check'),
  Type.Literal('other'),
])
export type OpeningReason = Static<typeof OpeningReasonSchema>
