import { type Static, Type } from 'typebox'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'
import { ResidentLine } from '../residents/views.ts'
import { ImportCounts } from './counts.ts'

/** What a file was taken for, before anything is read of it but its head. */
export const Inspected = closedType({
  upload: Id,
  format: Type.String(),
  sheet: nullable(Type.String()),
  sheets: Type.Array(Type.String()),
  rows: nullable(Type.Integer()),
  columns: Type.Array(
    closedType({
      index: Type.Integer(),
      heading: Type.String(),
      field: nullable(Type.String()),
      sample: Type.Array(Type.String()),
    }),
  ),
})
export type Inspected = Static<typeof Inspected>

const About = {
  import: Id,
  format: Type.String(),
  source: Type.String(),
  asOf: Day,
  at: Type.Integer(),
  by: Type.String({ description: 'Who brought it' }),
  sent: Type.Boolean({ description: 'Nobody brought it: the regency sent it' }),
}

export const ImportsView = closedType({
  /** The file that is read or lies ready. `counts`: so far; `total` null: its length is not known yet. */
  staged: nullable(
    closedType({
      ...About,
      state: Type.Union([Type.Literal('reading'), Type.Literal('ready')]),
      done: Type.Integer(),
      total: nullable(Type.Integer()),
      counts: ImportCounts,
    }),
  ),
  /** Why the last file was not read to its end: the code of a sentence. */
  failed: nullable(
    closedType({
      code: Type.String(),
      details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    }),
  ),
  /** Those that counted, the newest first. */
  past: Type.Array(closedType({ ...About, counts: ImportCounts, undone: Type.Boolean(), mayUndo: Type.Boolean() })),
})
export type ImportsView = Static<typeof ImportsView>

export const ImportProblem = closedType({
  severity: Type.Union([Type.Literal('refused'), Type.Literal('asked'), Type.Literal('noted')]),
  code: Type.String(),
  heading: nullable(Type.String()),
  value: nullable(Type.String()),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})
export type ImportProblem = Static<typeof ImportProblem>

export const ImportRowView = closedType({
  row: Type.Integer(),
  outcome: Type.Union([Type.Literal('refused'), Type.Literal('asked'), Type.Literal('noted')]),
  problems: Type.Array(ImportProblem),
  /** Who the row speaks of, and whom it may mean: for whoever decides. */
  said: nullable(ResidentLine),
  candidates: Type.Array(ResidentLine),
})
export type ImportRowView = Static<typeof ImportRowView>
