import { type Static, Type } from 'typebox'
import { closedType, Day, nullable } from '../base/schemas.ts'

/** How it stands with a paper: the clerk has seen it, it lacks, or it is to be brought later. */
export const paperStates = ['seen', 'missing', 'later'] as const
export type PaperState = (typeof paperStates)[number]

/** One paper of a case's list. `until`: the day by which it is to be brought. */
export const Paper = closedType({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  state: Type.Enum(paperStates),
  until: nullable(Day),
})
export type Paper = Static<typeof Paper>

export const lacks = (papers: readonly Paper[]): Paper[] => papers.filter(({ state }) => state !== 'seen')
