import { type Static, Type } from 'typebox'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'

export const longestFormat = 80

/** How somebody signs: as head, on the head's behalf (a.n.), on behalf of that one (u.b.), as acting head (Plt., Plh.). */
export const signingForms = ['head', 'an', 'ub', 'plt', 'plh'] as const
export type SigningForm = (typeof signingForms)[number]

export const Signatory = closedType({
  signatory: Id,
  form: Type.Enum(signingForms),
  /** The office that somebody holds who is not the head: "Sekretaris Desa". */
  title: Type.String({ maxLength: 60 }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  /** NIP or NIPD, where there is one. */
  number: Type.String({ maxLength: 30 }),
  /** Who may approve in that name besides the head; null: nobody. */
  account: nullable(Id),
  /** From and until when they may sign; null: without an end. */
  from: nullable(Day),
  until: nullable(Day),
})
export type Signatory = Static<typeof Signatory>

/** `one`: all letters in one row of numbers; `per-code`: each classification its own; `with-mail`: one row with other mail. */
export const numberings = ['per-code', 'one', 'with-mail'] as const
export const classifications = ['permendagri-78-2012', 'permendagri-83-2022'] as const
/** Who sees a letter before it has a number. */
export const approvals = ['none', 'head', 'secretary-head'] as const

/** How this office writes its letters. Set at `/letters`; whole each time. */
export const LetterSettings = closedType({
  format: Type.String({ minLength: 1, maxLength: longestFormat }),
  numbering: Type.Enum(numberings),
  classification: Type.Enum(classifications),
  /** What stands for the village in a number. */
  villageMark: Type.String({ maxLength: 20 }),
  approval: Type.Enum(approvals),
  paper: Type.Enum(['F4', 'A4'] as const),
  /** Below the office's name on the letterhead. */
  address: Type.String({ maxLength: 200 }),
  signatories: Type.Array(Signatory, { maxItems: 20 }),
})
export type LetterSettings = Static<typeof LetterSettings>

/** What holds until somebody sets it. */
export const usualSettings = (village: string): LetterSettings => ({
  format: '[kode_surat]/[nomor_surat,3]/[kode_desa]/[bulan_romawi]/[tahun]',
  numbering: 'per-code',
  classification: 'permendagri-83-2022',
  villageMark: village.slice(-4),
  approval: 'head',
  paper: 'F4',
  address: '',
  signatories: [],
})
