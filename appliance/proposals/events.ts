import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'
import { answers } from '../wire/answers.ts'
import { kinds, papers, proposable } from './kinds.ts'
import { Changes } from './views.ts'

/** As the trail of openings: no regulation names a period yet. */
const keptDays = 10 * 365

const words = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))

export const proposalEvents = {
  /** Something happened to somebody, or is written wrongly at Dukcapil. Who and what, only village and regency read. */
  'proposals.made': event(
    'record',
    closedType({
      proposal: Id,
      kind: Type.Enum(kinds),
      /** Whose record it began from: the person's own, for a newborn a parent's. */
      resident: nullable(Id),
      on: Day,
      fields: Type.Array(Type.Enum(proposable), { maxItems: proposable.length }),
      papers: Type.Array(Type.Enum(papers), { minItems: 1, maxItems: papers.length }),
      /** The one that was answered with "papers are missing", and that this stands for now. */
      instead: nullable(Id),
    }),
    {
      schema: closedType({
        name: Type.String({ minLength: 1, maxLength: 100 }),
        nik: Type.Optional(Type.String({ pattern: '^\\d{16}$' })),
        kk: Type.Optional(Type.String({ pattern: '^\\d{16}$' })),
        changes: Changes,
        /** What the record says now, of the fields that change. */
        before: Changes,
        place: words(200),
        other: words(100),
        note: words(500),
      }),
      reader: 'regency',
      keepDays: keptDays,
    },
  ),
  /** The office takes it back before the regency has answered. */
  'proposals.withdrawn': event('record', closedType({ proposal: Id })),
  'proposals.answered': event(
    'record',
    closedType({
      proposal: Id,
      answer: Type.Enum(answers),
      /** In the regency's words, which go in clear: nobody's name or number. */
      text: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    }),
  ),
} as const
