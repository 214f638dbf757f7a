import { type Static, Type } from 'typebox'
import { closedType, nullable } from '../base/schemas.ts'
import { paperNames, Template } from '../wire/letter-template.ts'
import { LetterContent } from './letter-content.ts'
import { templateChanges } from './template-tables.ts'

export type { Template, TemplateBlock, TemplateField } from '../wire/letter-template.ts'

const When = Type.Integer({ description: 'Ms since 1970 UTC' })
const Source = Type.Enum(['village', 'regency', 'shipped'] as const)
/** Whose newer one lies beneath the office's own, unseen; null: none does. */
const Newer = nullable(Type.Enum(['regency', 'shipped'] as const))

/** One of the list. */
export const TemplateLine = closedType({
  code: Type.String(),
  title: Type.String(),
  aka: Type.Array(Type.String()),
  source: Source,
  used: Type.Boolean(),
  newer: Newer,
  uses: Type.Integer({ description: 'Letters in the last year' }),
  at: nullable(When),
  by: nullable(Type.String()),
})
export type TemplateLine = Static<typeof TemplateLine>

export const TemplateList = closedType({
  templates: Type.Array(TemplateLine),
  /** What every text may name besides its own fields. */
  values: Type.Array(closedType({ name: Type.String(), label: Type.String() })),
})
export type TemplateList = Static<typeof TemplateList>

export const TemplateView = closedType({
  template: Template,
  source: Source,
  used: Type.Boolean(),
  newer: Newer,
  /** Of the office's own; null: it has none. */
  hash: nullable(Type.String()),
  /** What counts without the office's own; null: nothing. */
  beneath: nullable(Type.Enum(['regency', 'shipped'] as const)),
  /** The newest first. */
  history: Type.Array(
    closedType({
      row: Type.Integer(),
      what: Type.Enum(templateChanges),
      at: When,
      by: Type.String(),
      counts: Type.Boolean(),
      /** Whether it says the same as what counts. */
      same: Type.Boolean(),
    }),
  ),
})
export type TemplateView = Static<typeof TemplateView>

/** What is wrong with one that is being written, and how its letter would look. */
export const TriedTemplate = closedType({
  problems: Type.Array(
    closedType({
      where: Type.String({ description: 'body/2, fields/0/name; empty: the whole' }),
      code: Type.String(),
      empty: Type.Boolean({ description: 'Nothing stands there yet' }),
      details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    }),
  ),
  paper: nullable(
    closedType({
      regency: nullable(Type.String()),
      district: Type.String(),
      /** Hash of the coat of arms; null: there is none. */
      arms: nullable(Type.String()),
      office: Type.String(),
      address: Type.String(),
      written: Type.String(),
      paper: Type.Enum(paperNames),
      place: Type.String({ description: 'Place and date above the signature' }),
      content: LetterContent,
    }),
  ),
})
export type TriedTemplate = Static<typeof TriedTemplate>
