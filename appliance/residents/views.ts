import { type Static, Type } from 'typebox'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'
import { OpeningReasonSchema } from './reasons.ts'

export type { Person } from './person.ts'
export type { ErasureReason, OpeningReason } from './reasons.ts'
export type { RetentionDays, RetentionKind, RetentionView } from './retention-rules.ts'

import { Person } from './person.ts'

/** By what somebody was found. */
export const FoundBy = Type.String({ pattern: '^[a-z-]{2,20}$' })

/** One line of a list: enough to tell people apart, and no number whole. */
export const ResidentLine = closedType({
  resident: Id,
  name: Type.String(),
  /** 351024******0001; null: none yet. */
  nik: nullable(Type.String()),
  sex: nullable(Type.Integer()),
  /** Full years today. */
  age: nullable(Type.Integer()),
  hamlet: nullable(Type.String()),
  rw: nullable(Type.String()),
  rt: nullable(Type.String()),
  /** What somebody is to the head of the family: codes.ts. */
  relation: nullable(Type.Integer()),
  /** 1 alive, 2 dead, 3 moved …: codes.ts. */
  status: Type.Integer(),
  by: nullable(FoundBy),
})
export type ResidentLine = Static<typeof ResidentLine>

/** Where a record is from. */
export const Origin = closedType({
  format: Type.String(),
  source: Type.String({ description: 'What a person called the file' }),
  asOf: Day,
  at: Type.Integer({ description: 'When it was taken in, ms since 1970 UTC' }),
})

export const Opening = closedType({
  at: Type.Integer(),
  name: Type.String({ description: 'Who looked; staff names are no secret' }),
  ticket: nullable(Type.String({ description: 'The number that was in service' })),
  reason: nullable(OpeningReasonSchema),
  note: nullable(Type.String()),
})

/** A record that was opened. */
export const ResidentRecord = closedType({
  resident: Id,
  person: Person,
  age: nullable(Type.Integer()),
  origin: nullable(Origin),
  /** Who stands on the same family card, as a list shows them. */
  family: Type.Array(ResidentLine),
  /** The newest first. */
  trail: Type.Array(Opening),
  /** Whether marks of aid lists are left out: they are for secretary and head, and for who says why. */
  marksHidden: Type.Boolean(),
})
export type ResidentRecord = Static<typeof ResidentRecord>

export const UnusualSchema = Type.Union([Type.Literal('many'), Type.Literal('own-family'), Type.Literal('after-hours')])
export type Unusual = Static<typeof UnusualSchema>

/** Who opened whose record, for the head of the office: the newest first. */
export const OpeningsView = closedType({
  /** Of the last 30 days. */
  people: Type.Array(
    closedType({
      name: Type.String(),
      records: Type.Integer(),
      withoutTicket: Type.Integer(),
      unusual: Type.Integer(),
    }),
  ),
  openings: Type.Array(
    closedType({
      ...{ ordinal: Type.Integer(), at: Type.Integer(), name: Type.String() },
      /** Whose record; null: the box does not know that resident any more. */
      line: nullable(ResidentLine),
      ...{ ticket: nullable(Type.String()), reason: nullable(OpeningReasonSchema), note: nullable(Type.String()) },
      unusual: Type.Array(UnusualSchema),
    }),
  ),
  more: Type.Boolean(),
})
export type OpeningsView = Static<typeof OpeningsView>

/** `few`: one to four. `hidden`: what would give such a one away. */
export const Shown = Type.Union([Type.Integer({ minimum: 0 }), Type.Literal('few'), Type.Literal('hidden')])

/** People as figures, without anybody in them. */
export const FiguresView = closedType({
  total: Type.Integer(),
  groups: Type.Array(
    closedType({
      name: Type.String(),
      cells: Type.Array(closedType({ key: Type.String(), label: Type.String(), n: Shown })),
    }),
  ),
  /** By age and sex, the youngest first. */
  pyramid: Type.Array(closedType({ label: Type.String(), male: Shown, female: Shown })),
})
export type FiguresView = Static<typeof FiguresView>

export const ResidentsView = closedType({
  /** How many people the box knows, and of when the newest file is; null: no file was taken yet. */
  count: Type.Integer(),
  newest: nullable(Origin),
  /** Whoever takes the card out of the box reads them: it is not encrypted. */
  inClear: Type.Boolean(),
})
export type ResidentsView = Static<typeof ResidentsView>
