import { type Static, Type } from 'typebox'
import { closedType, Day } from '../base/schemas.ts'
import { paperNames } from '../wire/letter-template.ts'

/** A filled template: what the letter says, whatever becomes of the template later. */
export const LetterContent = closedType({
  title: Type.String({ maxLength: 80 }),
  blocks: Type.Array(
    Type.Union([
      closedType({ text: Type.String({ maxLength: 6_000 }) }),
      closedType({ rows: Type.Array(Type.Tuple([Type.String({ maxLength: 80 }), Type.String({ maxLength: 2_000 })])) }),
      closedType({ heading: Type.String({ maxLength: 80 }) }),
      closedType({
        head: Type.Array(Type.String({ maxLength: 80 }), { maxItems: 6 }),
        lines: Type.Array(Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 6 }), { maxItems: 40 }),
      }),
    ]),
    { maxItems: 40 },
  ),
  /** What it is printed on; absent: the office's paper. */
  paper: Type.Optional(Type.Enum(paperNames)),
  /** Its date. */
  on: Day,
  /** What stands above and below the signature. */
  signature: closedType({
    lines: Type.Array(Type.String({ maxLength: 120 }), { minItems: 1, maxItems: 4 }),
    name: Type.String({ maxLength: 80 }),
    number: Type.String({ maxLength: 30 }),
    /** Who signs besides: the first left of it, the others below. A name that is empty is written by hand. */
    others: Type.Optional(
      Type.Array(closedType({ title: Type.String({ maxLength: 400 }), name: Type.String({ maxLength: 400 }) }), {
        maxItems: 3,
      }),
    ),
  }),
})
export type LetterContent = Static<typeof LetterContent>
