import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'

/* What the console is told of datasets. Times are ms since 1970 UTC by the hub's clock. */

/** How the newest version of a dataset stands in the regency. */
export const Standing = Type.Object({
  version: Type.Integer(),
  at: Type.Integer({ description: 'When it was published' }),
  doer: Type.String(),
  note: Type.String(),
  places: Type.Array(Type.String(), {
    description: 'Codes of districts or of villages that it is meant for; none: the whole regency',
  }),
  meant: Type.Integer({ description: 'Villages of these places' }),
  offered: Type.Integer({ description: 'Villages that shall have it now' }),
  have: Type.Integer({ description: 'Those of them that say that they do' }),
  troubles: Type.Array(Type.Object({ village: Type.String(), name: Type.String(), why: Type.String() }), {
    description:
      'Those that do not take it, or whose office went back from it: checksum, unreadable, schema: where, rolled-back',
  }),
})
export type Standing = Static<typeof Standing>

export const DatasetRow = Type.Object({ dataset: Type.String(), newest: nullable(Standing) })
export type DatasetRow = Static<typeof DatasetRow>

/** What a dataset may be published from and for. */
export const Choices = Type.Object({
  mostBytes: Type.Integer({ description: 'Of a file' }),
  columns: Type.Record(Type.String(), Type.Array(Type.Object({ name: Type.String(), needed: Type.Boolean() })), {
    description: 'Of each dataset as a table',
  }),
  villages: Type.Array(
    Type.Object({ village: Type.String(), name: Type.String(), kind: Type.String(), district: Type.String() }),
    { description: 'Those of the code table today' },
  ),
})
export type Choices = Static<typeof Choices>

const Named = Type.Object({ name: Type.String() })
export const Differences = Type.Object({
  added: Type.Array(Named),
  removed: Type.Array(Named),
  changed: Type.Array(Type.Object({ name: Type.String(), members: Type.Array(Type.String()) })),
  same: Type.Integer(),
})
export type Differences = Static<typeof Differences>

export const FileProblem = Type.Object({
  line: nullable(Type.Integer({ description: 'Of a table and of broken JSON, as an editor counts it' })),
  row: nullable(Type.Integer({ description: 'Of a list in JSON, from 1' })),
  column: Type.String({ description: 'Its heading, or where that is what is wrong, its number; empty: the whole' }),
  why: Type.String({ description: 'Its sentence: hub.data-why-<why>' }),
  bound: nullable(Type.Integer({ description: 'That a value passes; of "twice" the line or row that has it first' })),
  found: Type.String({ description: 'What stands there, cut short; of "headings" those that lack' }),
  nearest: Type.String({ description: 'The nearest heading that is known' }),
})

/** A file as it was checked: what is wrong with it, or what it changes against the newest version. */
export const Checked = Type.Object({
  problems: Type.Array(FileProblem, { description: 'The first of them, by line' }),
  problemsInAll: Type.Integer(),
  newest: nullable(
    Type.Object(
      { version: Type.Integer(), at: Type.Integer(), doer: Type.String() },
      { description: 'null: none yet' },
    ),
  ),
  differences: nullable(Differences),
})
export type Checked = Static<typeof Checked>

export const Sent = Type.Object({
  version: Type.Integer(),
  villages: Type.Integer({ description: 'To so many it goes now' }),
  of: Type.Integer({ description: 'So many are meant' }),
})
export type Sent = Static<typeof Sent>
