import { type Static, Type } from 'typebox'
import { closedType, nullable } from '../base/schemas.ts'

/*
 * How long what is kept of people stays. No regulation of Indonesia names a period for the copy of a village: an office sets
 * its own, and the page says so.
 */

/**
 * `dead`, `moved`: from the file that last changed the record; `openings`: what the trail of a record shows, whose entries stay;
 * `staged`: a file that was checked and not used; `problems`: what was said of the rows of a file; `photos`: of papers, from the
 * end of their application.
 */
export const RetentionKind = Type.Union([
  Type.Literal('dead'),
  Type.Literal('moved'),
  Type.Literal('openings'),
  Type.Literal('staged'),
  Type.Literal('problems'),
  Type.Literal('photos'),
])
export type RetentionKind = Static<typeof RetentionKind>

/** Days; null: it stays. */
const Days = nullable(Type.Integer({ minimum: 1, maximum: 36_500 }))
const members = { dead: Days, moved: Days, openings: Days, staged: Days, problems: Days }
export const RetentionDays = closedType({ ...members, photos: Days })
/** As entries have it: offices that set it before there were photos said nothing of them. */
export const RetentionEntry = closedType({ ...members, photos: Type.Optional(Days) })
export type RetentionDays = Static<typeof RetentionDays>

/** Until an office says otherwise: five years, ten for proofs of service, a month and a quarter for what is only worked with. */
export const usualDays: RetentionDays = {
  dead: 1_825,
  moved: 1_825,
  openings: 3_650,
  staged: 30,
  problems: 90,
  photos: 30,
}

const Count = Type.Integer({ minimum: 0 })
export const RetentionView = closedType({
  days: RetentionDays,
  /** How many of each go in the next 30 days. */
  next: closedType({ dead: Count, moved: Count, openings: Count, staged: Count, problems: Count, photos: Count }),
})
export type RetentionView = Static<typeof RetentionView>
