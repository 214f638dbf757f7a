import { type Static, Type } from 'typebox'

/**
 * Why a record is opened while nobody's number is in service for it: somebody stands at the desk, asks by phone, an office
 * of the state asks in writing, the record itself is checked. `letter`: a letter that it stands in was seen.
 */
export const OpeningReasonSchema = Type.Union([
  Type.Literal('present'),
  Type.Literal('phone'),
  Type.Literal('request'),
  Type.Literal('check'),
  Type.Literal('letter'),
  Type.Literal('other'),
])
/**
 * Why somebody is erased: the person asks (Law 27/2022, art. 8 and 43), is in the data by mistake, stands there twice, an
 * office of the state or a court orders it.
 */
export const ErasureReasonSchema = Type.Union([
  Type.Literal('asked'),
  Type.Literal('mistake'),
  Type.Literal('twice'),
  Type.Literal('order'),
  Type.Literal('other'),
])
export type ErasureReason = Static<typeof ErasureReasonSchema>

export type OpeningReason = Static<typeof OpeningReasonSchema>
