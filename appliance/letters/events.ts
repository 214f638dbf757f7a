import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'
import { Person } from '../residents/person.ts'
import { LetterContent } from './letter-content.ts'
import { LetterSettings } from './settings.ts'

/** Letters are an archive; no regulation names a period yet. Requests that became none are gone sooner. */
const keptDays = 10 * 365

const Series = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'Row of numbers: a classification, `letters`, `all`',
})
const Numbered = {
  series: Series,
  year: Type.Integer({ minimum: 2000, maximum: 2200 }),
  number: Type.Integer({ minimum: 1, maximum: 999_999 }),
}
const Written = Type.String({ minLength: 1, maxLength: 120, description: 'The number as it stands on paper' })

/** The signed code of a letter's QR (wire/letter-code.ts), which names nobody. */
const Code = nullable(Type.String({ maxLength: 600 }))

const TemplateHash = Type.String({ pattern: '^[A-Za-z0-9_-]{11}$' })
const TemplateCode = Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' })

export const letterEvents = {
  'letters.settings-changed': event('ignore', closedType({ settings: LetterSettings })),

  /** The office's own of a template from now on: about nobody, so in clear. `base`: of what it lies above. */
  'letters.template-saved': event(
    'ignore',
    closedType({
      code: TemplateCode,
      hash: TemplateHash,
      base: nullable(TemplateHash),
      /** JSON; nested it would be deeper than an entry may be. */
      text: Type.String({ maxLength: 12_000 }),
    }),
  ),
  /** The regency's, or the one that came along, counts again. */
  'letters.template-dropped': event('ignore', closedType({ code: TemplateCode })),
  /** Whether clerks are offered it. */
  'letters.template-used': event('ignore', closedType({ code: TemplateCode, used: Type.Boolean() })),

  /** The coat of arms on letterheads; the picture itself is too large for an entry. */
  'letters.arms-set': event(
    'ignore',
    closedType({
      hash: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
      kind: Type.Enum(['image/png', 'image/jpeg'] as const),
      bytes: Type.Integer({ minimum: 1 }),
    }),
  ),
  'letters.arms-removed': event('ignore', closedType({})),

  /** Who signs electronically by which service from now on; null: nobody. Its log-in and their NIK are in the box only. */
  'letters.electronic-set': event(
    'ignore',
    closedType({
      address: nullable(Type.String({ maxLength: 200 })),
      signers: Type.Array(Id, { maxItems: 20 }),
    }),
  ),

  /** A clerk has filled it in for a resident; now it waits for whoever approves. */
  'letters.requested': event(
    'record',
    closedType({
      letter: Id,
      template: Type.String({ maxLength: 41 }),
      resident: Id,
      ticket: nullable(Id),
      signatory: Id,
      /** What its template says, in short (office-templates.ts). */
      version: Type.Optional(TemplateHash),
    }),
    {
      schema: closedType({
        person: Person,
        /** Those of the family who stand in it. */
        family: Type.Optional(Type.Array(Person, { maxItems: 40 })),
        typed: Type.Record(Type.String({ maxLength: 31 }), Type.String({ maxLength: 1_000 })),
      }),
      reader: 'village',
      keepDays: keptDays,
    },
  ),
  /** The secretary has seen it. */
  'letters.reviewed': event('record', closedType({ letter: Id })),
  'letters.rejected': event('record', closedType({ letter: Id }), {
    schema: closedType({ reason: Type.String({ minLength: 1, maxLength: 300 }) }),
    reader: 'village',
    keepDays: keptDays,
  }),
  'letters.withdrawn': event('record', closedType({ letter: Id })),
  /** From here on it exists. Its number is never given again. */
  'letters.issued': event(
    'record',
    closedType({
      letter: Id,
      ...Numbered,
      written: Written,
      classification: Type.String({ maxLength: 20 }),
      on: Day,
      title: Type.String({ maxLength: 80 }),
      /** Null: it was not approved in the box, or waits to be signed. */
      code: Code,
      /** It waits for `letters.signed`, which brings its code. Absent: it is complete. */
      signing: Type.Optional(Type.Literal('electronic')),
    }),
    { schema: closedType({ content: LetterContent }), reader: 'village', keepDays: keptDays },
  ),
  /** What waited for an electronic signature has one, or is signed by pen after all. */
  'letters.signed': event(
    'record',
    closedType({
      letter: Id,
      how: Type.Enum(['electronic', 'pen'] as const),
      code: Code,
      /** SHA-256 of the signed PDF, which is too large for an entry; null: by pen. */
      hash: nullable(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })),
    }),
  ),
  /** It counts no more; its number stays in the register. */
  'letters.voided': event('record', closedType({ letter: Id }), {
    schema: closedType({ reason: Type.String({ minLength: 1, maxLength: 300 }) }),
    reader: 'village',
    keepDays: keptDays,
  }),
  /** `village`: another one of the regency, where it was handed out. `at`, ms since 1970 UTC: before the entry was written. */
  'letters.collected': event(
    'record',
    closedType({
      letter: Id,
      village: Type.Optional(Type.String({ pattern: '^\\d{10}$' })),
      at: Type.Optional(Type.Integer()),
    }),
  ),
  /** A letter or other mail was sent, on `on`. Who has signed for it, and by what way it went, is private. */
  'letters.sent': event('record', closedType({ ...Numbered, on: Day }), {
    schema: closedType({ to: Type.String({ maxLength: 100 }), note: Type.String({ maxLength: 200 }) }),
    reader: 'village',
    keepDays: keptDays,
  }),

  /** A form of civil registration was filled in from a record. What stands in it is on the paper only. */
  'letters.form-filled': event(
    'record',
    closedType({ form: Id, kind: Type.String({ pattern: '^f-[a-z0-9-]{1,18}$' }), resident: Id, ticket: nullable(Id) }),
  ),

  /** A number for mail that was written elsewhere. */
  'letters.number-used': event('record', closedType({ ...Numbered, written: Written, on: Day }), {
    schema: closedType({
      subject: Type.String({ minLength: 1, maxLength: 200 }),
      to: Type.String({ maxLength: 100 }),
    }),
    reader: 'village',
    keepDays: keptDays,
  }),
  /** The last number of a row that was given on paper: the next one follows it. */
  'letters.last-number-set': event('record', closedType(Numbered)),
  /** After a restore: a person has held the rows against the book, and numbers may be given again. */
  'letters.numbers-confirmed': event('ignore', closedType({ year: Numbered.year })),
} as const
