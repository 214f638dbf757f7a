import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'

/* What the console shows of proposals: of whom they are only the regency's key opens. Times are ms since 1970 UTC. */

export const ProposalRow = Type.Object({
  village: Type.String(),
  name: Type.String({ description: 'Of the village' }),
  proposal: Type.String(),
  kind: nullable(Type.String()),
  on: nullable(Type.String({ description: 'The day on which it happened' })),
  made: Type.Integer(),
  answered: nullable(Type.Integer()),
  state: Type.String(),
  answering: nullable(Type.String({ description: 'An answer that its box has not carried out yet' })),
})
export type ProposalRow = Static<typeof ProposalRow>

export const ProposalsView = Type.Object({
  rows: Type.Array(ProposalRow, { description: 'Village by village' }),
  more: Type.Boolean(),
})
export type ProposalsView = Static<typeof ProposalsView>
