import { type Static, Type } from 'typebox'
import { closedType, Day, nullable } from '../base/schemas.ts'
import { paperStates } from './paper-states.ts'

/** One paper of a case's list. `until`: the day by which it is to be brought. */
export const Paper = closedType({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  state: Type.Enum(paperStates),
  until: nullable(Day),
})
export type Paper = Static<typeof Paper>
