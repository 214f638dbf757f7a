import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'
import { states } from '../commands/states.ts'

/* What the console shows of commands. Times are ms since 1970 UTC. */

const State = Type.Enum([...states])

export const CommandRow = Type.Object({
  given: Type.Integer(),
  type: Type.String(),
  data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Array(Type.String())])),
  createdAt: Type.Integer(),
  expires: Type.Integer(),
  doer: Type.String(),
  villages: Type.Integer({ description: 'To how many it was given' }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'In how many of them it stands how' }),
  read: Type.Integer({ description: 'In how many of them a message was read' }),
})
export type CommandRow = Static<typeof CommandRow>

export const CommandsView = Type.Object({
  rows: Type.Array(CommandRow, { description: 'The newest first' }),
  before: nullable(Type.Integer({ description: 'Where the next page begins; null: there is none' })),
})
export type CommandsView = Static<typeof CommandsView>

export const OutcomesView = Type.Object({
  rows: Type.Array(
    Type.Object({
      village: Type.String(),
      name: Type.String(),
      state: State,
      detail: nullable(Type.String({ description: 'Short code, or a number' })),
      at: nullable(Type.Integer()),
      readAt: nullable(Type.Integer()),
    }),
  ),
})
export type OutcomesView = Static<typeof OutcomesView>
