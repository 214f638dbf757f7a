import { type Static, Type } from 'typebox'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'
import { Person } from '../residents/person.ts'
import { kinds, proposable } from './kinds.ts'

export const Changes = Type.Partial(Type.Pick(Person, [...proposable, 'status']), { additionalProperties: false })
export type Changes = Static<typeof Changes>

export const states = ['sent', 'accepted', 'refused', 'papers', 'withdrawn', 'replaced'] as const

/** One of a list: whom and what kind, and not what changes. */
export const ProposalLine = closedType({
  proposal: Id,
  kind: Type.Enum(kinds),
  /** Null: its private part was erased. */
  name: nullable(Type.String()),
  on: Day,
  at: Type.Integer({ description: 'When it was made, ms since 1970 UTC' }),
  by: Type.String({ description: 'Who made it' }),
  papers: Type.Array(Type.String()),
  state: Type.Enum(states),
  answeredAt: nullable(Type.Integer()),
  text: nullable(Type.String()),
})
export type ProposalLine = Static<typeof ProposalLine>

/** Of a record that is open: with what changes. */
export const Proposal = closedType({
  ...ProposalLine.properties,
  changes: Changes,
  before: Changes,
  place: nullable(Type.String()),
  other: nullable(Type.String()),
  note: nullable(Type.String()),
})
export type Proposal = Static<typeof Proposal>

/** How many stand how, and when the newest answer came: another one with whatever becomes of any of them. */
export const ProposalsNow = closedType({
  states: Type.Partial(Type.Record(Type.Enum(states), Type.Integer({ minimum: 1 }))),
  answeredAt: nullable(Type.Integer()),
})
export type ProposalsNow = Static<typeof ProposalsNow>

/** `few`: one to four. */
const Counted = Type.Union([Type.Integer({ minimum: 0 }), Type.Literal('few')])

export const ProposalsView = closedType({
  /** The newest first. */
  proposals: Type.Array(ProposalLine),
  more: Type.Boolean(),
  /** What happened in each of the last twelve months, the newest first; without what was withdrawn or refused. */
  months: Type.Array(closedType({ month: Type.String(), counts: Type.Record(Type.Enum(kinds), Counted) })),
})
export type ProposalsView = Static<typeof ProposalsView>
