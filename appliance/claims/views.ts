import { type Static, Type } from 'typebox'
import { closedType, Id, nullable } from '../base/schemas.ts'
import { claimOutcomes } from '../wire/claim-outcomes.ts'

const When = Type.Integer({ description: 'Ms since 1970 UTC' })

/** A letter of another village that is collected here. */
export const ClaimLine = closedType({
  claim: Id,
  /** As people read it; null: erased. */
  code: nullable(Type.String()),
  village: Type.String({ description: 'Whose letter it is' }),
  at: When,
  by: Type.String(),
  /** `here`: it has not left this box; `waiting`: the regency has it; `late`: nobody answered in a week. */
  state: Type.Enum(['here', 'waiting', 'late', 'handed', ...claimOutcomes]),
  left: nullable(Type.Integer({ description: 'Birth dates that may still be tried, of `wrong`' })),
  answeredAt: nullable(When),
  /** Of `given` and `handed`, until it is erased. */
  paper: nullable(
    closedType({
      title: Type.String(),
      written: Type.String(),
      /** Whom it is about. */
      name: nullable(Type.String()),
      /** Who issued it. */
      issuer: Type.String(),
    }),
  ),
  handedAt: nullable(When),
  handedBy: nullable(Type.String()),
})
export type ClaimLine = Static<typeof ClaimLine>

/** What another village asked of this office. */
export const ClaimAnswer = closedType({
  claim: Id,
  village: Type.String({ description: 'That asked' }),
  at: When,
  outcome: Type.Enum(claimOutcomes),
  title: nullable(Type.String()),
  written: nullable(Type.String()),
  handedAt: nullable(When),
})
export type ClaimAnswer = Static<typeof ClaimAnswer>

export const ClaimsView = closedType({
  /** `off`: this box has no regency. */
  line: Type.Enum(['up', 'down', 'off'] as const),
  /** The newest first. */
  asked: Type.Array(ClaimLine),
  answered: Type.Array(ClaimAnswer),
})
export type ClaimsView = Static<typeof ClaimsView>
