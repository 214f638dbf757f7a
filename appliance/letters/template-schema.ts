import { type Static, Type } from 'typebox'
import { closedType } from '../base/schemas.ts'

/*
 * A template says what a letter says: one readable file, with text of our own in it. Placeholders are Mustache's, which
 * clerks of other systems know and which runs nothing: `{{nama}}`, `{{#keperluan}} … {{/keperluan}}` where it is given,
 * `{{^keperluan}} … {{/keperluan}}` where it is not.
 */

const Text = Type.String({ minLength: 1, maxLength: 2_000 })
const Label = Type.String({ minLength: 1, maxLength: 80 })

/**
 * What a clerk fills in; everything else comes from the record. `money` and `number` have their words as `<name>_huruf`;
 * `family` marks others on the family card, and its value is how many they are.
 */
export const TemplateField = closedType({
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{1,30}$' }),
  label: Label,
  kind: Type.Enum(['text', 'long', 'day', 'number', 'money', 'choice', 'family'] as const),
  needed: Type.Optional(Type.Boolean()),
  hint: Type.Optional(Label),
  /** Of `choice`. */
  options: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 20 })),
})
export type TemplateField = Static<typeof TemplateField>

/**
 * A paragraph; lines of a word and its value, left out where the value is empty (a value by its name alone has the word that
 * belongs to it); or a heading of its own.
 */
const Block = Type.Union([
  Text,
  closedType({
    rows: Type.Array(Type.Union([Type.String({ pattern: '^[a-z][a-z0-9_]{1,38}$' }), Type.Tuple([Label, Text])]), {
      minItems: 1,
      maxItems: 40,
    }),
  }),
  closedType({ heading: Label }),
  /** Those who were marked, a line each, with these values of theirs. */
  closedType({ family: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{1,38}$' }), { minItems: 1, maxItems: 6 }) }),
])

export const Template = closedType({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  title: Label,
  /** What people call it besides: SKTM. */
  aka: Type.Optional(Type.Array(Label, { maxItems: 5 })),
  /** Under Permendagri 78/2012 and 83/2022: which of them an office uses is its setting. */
  classification: closedType({
    'permendagri-78-2012': Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
    'permendagri-83-2022': Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
  }),
  /** What a citizen brings. */
  papers: Type.Array(Label, { maxItems: 12 }),
  /** How long the letter holds, in days; absent: it says nothing of that. */
  validDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
  fields: Type.Array(TemplateField, { maxItems: 30 }),
  body: Type.Array(Block, { minItems: 1, maxItems: 40 }),
})
export type Template = Static<typeof Template>
