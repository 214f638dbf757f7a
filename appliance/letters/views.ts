import { type Static, Type } from 'typebox'
import { closedType, Day, Id, Key, nullable } from '../base/schemas.ts'
import { DocumentPrinterView } from '../print/views.ts'
import { TemplateField } from '../wire/letter-template.ts'
import { LetterSettings, Signatory } from './settings.ts'
import { letterStates } from './tables.ts'

export type { TemplateField } from '../wire/letter-template.ts'
export type { LetterSettings, Signatory, SigningForm } from './settings.ts'

const When = Type.Integer({ description: 'Ms since 1970 UTC' })

/** What a page sends for a letter: which, whose, who signs, and what the record does not know. */
export const LetterRequest = closedType({
  template: Type.String({ maxLength: 41 }),
  ...{ resident: Id, signatory: Id, key: Key },
  typed: Type.Record(Type.String({ maxLength: 31 }), Type.String({ maxLength: 1_000 })),
})

/** Null: by pen, or not yet. `lost`: electronically, and the signed PDF did not come back with a rebuild. */
const Signed = nullable(Type.Enum(['electronic', 'lost'] as const))

/** One letter of a list. */
export const LetterLine = closedType({
  letter: Id,
  title: Type.String(),
  /** Whom it is about; null: it was erased. */
  name: nullable(Type.String()),
  state: Type.Enum(letterStates),
  /** Its number as it stands on paper; null: it has none yet. */
  written: nullable(Type.String()),
  on: nullable(Day),
  requestedAt: When,
  requestedBy: Type.String(),
  /** Why it was sent back, or counts no more. */
  reason: nullable(Type.String()),
  signatory: Type.String({ description: 'Name of whoever signs' }),
  /** Whose account approves it besides the head's; null: nobody's. */
  approver: nullable(Id),
  collectedAt: nullable(When),
  /** By which it is collected, here or in another village; null: none was given. */
  claim: nullable(Type.String()),
  /** Whether a person, and no source of time, said what day it was. */
  dateByHand: Type.Boolean(),
  signed: Signed,
})
export type LetterLine = Static<typeof LetterLine>

/** What can be written; what was asked for most in the last year first. */
export const LetterTemplates = closedType({
  templates: Type.Array(
    closedType({
      code: Type.String(),
      title: Type.String(),
      aka: Type.Array(Type.String()),
      papers: Type.Array(Type.String()),
      fields: Type.Array(TemplateField),
      headOnly: Type.Boolean({ description: 'Nobody signs it on the head’s behalf' }),
    }),
  ),
})
export type LetterTemplates = Static<typeof LetterTemplates>

/** A letter of whoever's record is open, with what was typed for it: so that one that was sent back is mended, not typed again. */
export const LetterOfResident = closedType({
  ...LetterLine.properties,
  template: Type.String(),
  signatoryId: Id,
  /** Null: it was erased. */
  typed: nullable(Type.Record(Type.String(), Type.String())),
})
export type LetterOfResident = Static<typeof LetterOfResident>

/** The last number of a row this year. */
export const LastNumber = closedType({ series: Type.String(), last: Type.Integer() })
export type LastNumber = Static<typeof LastNumber>

/** What the page shows all the time: who waits, and what keeps numbers from being given. */
export const LettersView = closedType({
  waiting: Type.Array(LetterLine),
  /** Approved, and waiting for their electronic signature; the oldest number first. */
  unsigned: Type.Array(LetterLine),
  signatories: Type.Array(
    closedType({ signatory: Id, name: Type.String(), title: Type.String(), asHead: Type.Boolean() }),
  ),
  approval: LetterSettings.properties.approval,
  /**
   * What keeps numbers from being given. `doubtful`: nobody has said what day it is; `held`: after a restore, until the
   * regency was heard or a person has held the rows against the book; `replaced`: another box is the village's.
   */
  hindrance: nullable(
    closedType({ why: Type.Enum(['doubtful', 'held', 'replaced'] as const), last: Type.Array(LastNumber) }),
  ),
  printer: DocumentPrinterView,
  /** To which a page seals a passphrase: age1… */
  recipient: Type.String(),
})
export type LettersView = Static<typeof LettersView>

/** One number of the register. */
export const RegisterLine = closedType({
  row: Type.Integer({ description: 'Its entry: where a next page begins' }),
  number: Type.Integer(),
  written: Type.String(),
  on: Day,
  /** Kind of letter, or what the mail is about; null: erased. */
  subject: nullable(Type.String()),
  /** Whom it is about, or to whom it went. */
  name: nullable(Type.String()),
  by: Type.String(),
  letter: nullable(Id),
  state: Type.Enum(['issued', 'unsigned', 'void', 'mail'] as const),
  signed: Signed,
  reason: nullable(Type.String()),
  collectedAt: nullable(When),
  /** On which day it was sent; null: it was not. */
  sentOn: nullable(Day),
  /** Another village, where it was collected; null: here. */
  collectedVillage: nullable(Type.String()),
  /** By which it is collected; null: none was given. */
  claim: nullable(Type.String()),
  dateByHand: Type.Boolean(),
})
export type RegisterLine = Static<typeof RegisterLine>

export const RegisterView = closedType({
  year: Type.Integer(),
  years: Type.Array(Type.Integer()),
  /** The newest first. */
  lines: Type.Array(RegisterLine),
  more: Type.Boolean(),
})
export type RegisterView = Static<typeof RegisterView>

export const LetterSettingsView = closedType({
  settings: LetterSettings,
  signatories: Type.Array(Signatory),
  accounts: Type.Array(closedType({ account: Id, name: Type.String() })),
  /** The last number of each row of this year. */
  last: Type.Array(LastNumber),
  /** How a number looks. */
  example: Type.String(),
})
export type LetterSettingsView = Static<typeof LetterSettingsView>

/** What a page sends of electronic signing. Empty: the service is used no more, or what is there stays. */
export const ElectronicSettings = closedType({
  address: Type.String({ maxLength: 200 }),
  user: Type.String({ maxLength: 100 }),
  password: Type.String({ maxLength: 200 }),
  signers: Type.Array(closedType({ signatory: Id, nik: Type.String({ maxLength: 20 }) }), { maxItems: 20 }),
})
export type ElectronicSettings = Static<typeof ElectronicSettings>

/** Who signs electronically. `isLost`: log-in and NIK did not come back with a rebuild. */
export const ElectronicView = closedType({
  ...{ address: Type.String(), user: Type.String(), isLost: Type.Boolean() },
  signers: Type.Array(
    closedType({
      ...{ signatory: Id, name: Type.String(), signs: Type.Boolean() },
      nikEnd: nullable(Type.String({ description: 'The last four digits' })),
    }),
  ),
})
export type ElectronicView = Static<typeof ElectronicView>

/** The coat of arms on letterheads. `lost`: there is one, and its picture did not come back with a rebuild. */
export const ArmsView = closedType({
  state: Type.Enum(['none', 'here', 'lost'] as const),
  at: nullable(When),
  by: nullable(Type.String()),
  hash: nullable(Type.String()),
})
export type ArmsView = Static<typeof ArmsView>

/** What a code says, and what this box knows of it. */
export const CheckedLetter = closedType({
  /**
   * `valid`: this office issued it and it counts. `signed`: a box of that village signed it, and the regency's list knows of
   * nothing against it. `void`: it counts no more. `unknown`: nobody here can say. `false`: it is not what was signed.
   */
  verdict: Type.Enum(['valid', 'void', 'signed', 'unknown', 'false', 'unreadable'] as const),
  /** Null: it could not be read. */
  says: nullable(
    closedType({ village: Type.String(), number: Type.String(), on: Day, title: nullable(Type.String()) }),
  ),
  voidedOn: nullable(Day),
  /** Of which day the regency's list is that this goes by; null: it goes by none. */
  asOf: nullable(Day),
  /** Whether the name that was typed is the one on the paper; null: none was typed. */
  name: nullable(Type.Boolean()),
})
export type CheckedLetter = Static<typeof CheckedLetter>
