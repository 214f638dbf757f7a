import { Type } from 'typebox'

/* What the box writes about itself. */

const closedType = <T extends Parameters<typeof Type.Object>[0]>(members: T) =>
  Type.Object(members, { additionalProperties: false })

export const journalEvents = {
  'journal.epoch-began': closedType({
    serial: Type.String({ maxLength: 80, description: 'Hardware serial' }),
    card: Type.String({ maxLength: 80, description: 'Card id' }),
    continues: Type.Union([
      Type.Tuple([Type.String(), Type.Integer(), Type.String()], { description: '[epoch, seq, hash]' }),
      Type.Null(),
    ]),
    why: Type.Optional(
      Type.Union(
        [
          Type.Literal('made'),
          Type.Literal('hardware'),
          Type.Literal('restored'),
          Type.Literal('other-past'),
          Type.Literal('damaged'),
        ],
        { description: 'Why this journal may no longer be the only continuation of its past' },
      ),
    ),
  }),
  /** Once a day: what this box wrote since the last of these, for the regency to count again (rule 15). */
  'journal.day-totalled': closedType({
    places: Type.Array(Type.Tuple([Type.String(), Type.Integer(), Type.Integer()]), {
      description: '[epoch, from, to], both included',
    }),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Entries at these places, by type' }),
  }),
  'clock.confirmed': closedType({
    confirmed: Type.Integer({ description: 'What the person said, ms since 1970 UTC' }),
    before: Type.Integer({ description: 'What the box thought until then' }),
  }),
} as const

export const journalLate = {
  'journal.epoch-began': 'ignore',
  'journal.day-totalled': 'ignore',
  'clock.confirmed': 'ignore',
} as const
