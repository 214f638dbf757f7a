import { type Static, Type } from 'typebox'
import { closedType, Id, nullable } from '../base/schemas.ts'
import { Paper } from './papers.ts'
import { Promised } from './promise.ts'
import { caseStates } from './states.ts'

export type { Notice } from '../wire/notices.ts'

const When = Type.Integer({ description: 'Ms since 1970 UTC' })

/** Something that citizens apply for here. */
export const CaseKind = closedType({
  code: Type.String(),
  title: Type.String(),
  /** What else it is called, to be found by. */
  aka: Type.Array(Type.String()),
  papers: Type.Array(Type.String()),
  within: Promised,
  /** Rupiah; 0: free; null: nothing is said. */
  fee: nullable(Type.Integer()),
  procedure: nullable(Type.String()),
  complaints: nullable(Type.String()),
  /** What one goes home with. */
  result: nullable(Type.String()),
  /** Template of the letter that it ends in. */
  template: nullable(Type.String()),
  agency: nullable(
    closedType({
      code: Type.String(),
      name: Type.String(),
      /** Whether the regency has published a key by which what is sent there is sealed. */
      sealable: Type.Boolean(),
    }),
  ),
})
export type CaseKind = Static<typeof CaseKind>

export const CaseKinds = closedType({ kinds: Type.Array(CaseKind) })
export type CaseKinds = Static<typeof CaseKinds>

/** A photo of a paper, without its picture. */
export const CasePhoto = closedType({
  photo: Id,
  paper: nullable(Type.String()),
  at: When,
  byPhone: Type.Boolean(),
  /** Whether its picture is in this box; it goes with whom it is about, and some time after its case has ended. */
  here: Type.Boolean(),
  /** On its way to the agency, or there; null: it goes nowhere. */
  way: nullable(Type.Enum(['waiting', 'sent'])),
})
export type CasePhoto = Static<typeof CasePhoto>

/** One case of a list. */
export const CaseLine = closedType({
  case: Id,
  title: Type.String(),
  /** Whose it is; null: it was erased. */
  name: nullable(Type.String()),
  state: Type.Enum(caseStates),
  stateAt: When,
  papers: Type.Array(Paper),
  dueAt: nullable(When),
  late: Type.Boolean(),
  openedAt: When,
  /** Who opened it. */
  by: Type.String(),
  template: nullable(Type.String()),
  letter: nullable(Id),
  agency: nullable(Type.String({ description: 'Its name' })),
  sealable: Type.Boolean(),
  /** Whose record it belongs to; null: the box knows nobody. */
  resident: nullable(Id),
  /** Which hospital or midwife told of it; null: somebody has come. */
  sender: nullable(Type.String()),
  photos: Type.Array(CasePhoto),
  /** What its agency has sent back. */
  documents: Type.Array(
    closedType({
      document: Id,
      at: When,
      /** `coming`: it is being fetched; `gone`: it went with the time of the application, or whom it was about. */
      state: Type.Enum(['coming', 'here', 'unreadable', 'gone']),
    }),
  ),
  /** When its letter was last taken home by phone; null: never. `locked`: by five wrong birth dates. */
  home: closedType({ takenAt: nullable(When), locked: Type.Boolean() }),
  /** Until when a phone takes photos for it; null: none is paired. `met`: whether a phone has opened the link. */
  phone: nullable(closedType({ until: When, met: Type.Boolean() })),
  /** The agency's words, or why it was taken back. */
  text: nullable(Type.String()),
})
export type CaseLine = Static<typeof CaseLine>

/** What the page shows all the time: what is open, what is due first at the top. */
export const CasesView = closedType({ open: Type.Array(CaseLine), late: Type.Integer() })
export type CasesView = Static<typeof CasesView>

export const CasesPage = closedType({ cases: Type.Array(CaseLine), more: Type.Boolean() })
export type CasesPage = Static<typeof CasesPage>

/** What whoever holds a ticket reads of the cases that began with it: nobody is named. */
export const CitizenCase = closedType({
  case: Id,
  title: Type.String(),
  state: Type.Enum(caseStates),
  stateAt: When,
  lacks: Type.Array(Paper),
  /** Whether a document of the agency lies at the office. */
  document: Type.Boolean(),
  /** The key of this box, `age1…`, where its letter can be taken home; null: it cannot. */
  takeHome: nullable(Type.String()),
  dueAt: nullable(When),
  agency: nullable(Type.String()),
  text: nullable(Type.String()),
})
export type CitizenCase = Static<typeof CitizenCase>

/** What a phone sees that was paired for a case. */
export const CasePhoneView = closedType({
  office: Type.String(),
  title: Type.String(),
  until: When,
  papers: Type.Array(closedType({ name: Type.String(), photos: Type.Integer() })),
  /** Photos of other papers. */
  others: Type.Integer(),
  recipient: Type.String({ description: 'The key of this box, `age1…`: photos are sealed to it' }),
})
export type CasePhoneView = Static<typeof CasePhoneView>
