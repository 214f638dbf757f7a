import { type Static, Type } from 'typebox'
import { closedType, Id } from '../base/schemas.ts'

/** What a clerk types for a form. `sixteen`: a NIK or a number of a family card; `marks`: several of its options, a line each. */
export const FormField = closedType({
  name: Type.String(),
  label: Type.String(),
  kind: Type.Enum(['text', 'day', 'number', 'choice', 'marks', 'family', 'sixteen'] as const),
  needed: Type.Optional(Type.Boolean()),
  hint: Type.Optional(Type.String()),
  options: Type.Optional(Type.Array(Type.String())),
})
export type FormField = Static<typeof FormField>

export const CivilForms = closedType({
  forms: Type.Array(
    closedType({
      code: Type.String(),
      number: Type.String({ description: 'F-1.01' }),
      title: Type.String(),
      rule: Type.String({ description: 'By which regulation: Permendagri 109/2019' }),
      /** Whether all who stand on the card are in it, and so leave a trace. */
      whole: Type.Boolean(),
      fields: Type.Array(FormField),
    }),
  ),
})
export type CivilForms = Static<typeof CivilForms>

/** A form that was filled in: for as long as it takes to print it. */
export const MadeForm = closedType({ form: Id, minutes: Type.Integer({ description: 'So long it can be opened' }) })
export type MadeForm = Static<typeof MadeForm>
