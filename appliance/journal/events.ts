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
  }),
  'clock.confirmed': closedType({
    confirmed: Type.Integer({ description: 'What the person said, ms since 1970 UTC' }),
    before: Type.Integer({ description: 'What the box thought until then' }),
  }),
} as const
