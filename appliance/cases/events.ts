import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id, nullable } from '../base/schemas.ts'
import { Person } from '../residents/person.ts'
import { answerStates } from '../wire/case-states.ts'
import { limits } from '../wire/messages.ts'
import { Notice } from '../wire/notices.ts'
import { Paper } from './papers.ts'
import { mostPhotos } from './photo-limits.ts'
import { Promised } from './promise.ts'

/** As the trail of openings and letters: no regulation names a period yet. */
const keptDays = 10 * 365

const { name, nik, kk, sex, birthPlace, birthDate, address, hamlet, rw, rt, currentAddress } = Person.properties
/** What an agency is told of whoever applies: who it is and where to find them, nothing else of the record. */
export const Applicant = closedType({
  ...{ name, nik, kk, sex, birthPlace, birthDate, address, hamlet, rw, rt, currentAddress },
})

const Due = nullable(Type.Integer({ description: 'Ms since 1970 UTC; null: nothing is promised, or papers lack' }))
const Papers = Type.Array(Paper, { maxItems: 12 })
const Count = Type.Integer({ minimum: 1 })
const Code = Type.String({ minLength: 1, maxLength: 41 })

export const caseEvents = {
  /** A citizen has applied for something. */
  'cases.opened': event(
    'record',
    closedType({
      case: Id,
      kind: Code,
      title: Type.String({ minLength: 1, maxLength: 120 }),
      resident: nullable(Id),
      ticket: nullable(Id),
      papers: Papers,
      within: Promised,
      due: Due,
      template: nullable(Code),
      agency: nullable(Code),
      /** Of whom the village has heard it, where nobody has come yet. */
      notice: nullable(closedType({ notice: Id, from: Type.String({ maxLength: 60 }) })),
    }),
    {
      schema: closedType({ name, notice: Type.Optional(Notice) }),
      reader: 'village',
      keepDays: keptDays,
    },
  ),
  /** All papers as they stand now. */
  'cases.papers-changed': event('record', closedType({ case: Id, papers: Papers, due: Due })),
  /** A photo of a paper; the picture lies in the box, and nothing of it here but what it is known by. */
  'cases.photo-taken': event(
    'record',
    closedType({
      ...{ case: Id, photo: Id, paper: nullable(Type.String({ maxLength: 80 })) },
      hash: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256 of the JPEG, base64url' }),
      ...{ bytes: Count, width: Count, height: Count },
      byPhone: Type.Boolean({ description: 'By a phone that the actor has paired for this case' }),
    }),
  ),
  'cases.photo-removed': event('record', closedType({ case: Id, photo: Id })),
  /** Somebody of the staff has looked at it. */
  'cases.photo-opened': event('record', closedType({ case: Id, photo: Id })),
  /** The letter that was written for it. */
  'cases.letter-written': event('record', closedType({ case: Id, letter: Id })),
  /** Its holder has taken it home by phone, with the birth date of whom it is about; or typed another one. */
  'cases.letter-taken-home': event('record', closedType({ case: Id, letter: Id })),
  'cases.letter-refused': event('record', closedType({ case: Id, letter: Id })),
  /** It went to an agency, sealed to the agency's own key. */
  'cases.relayed': event(
    'record',
    closedType({
      ...{ case: Id, kind: Code, agency: Code, papers: Type.Array(Type.String({ maxLength: 80 })), due: Due },
      /** Photos that come behind it, sealed (SYNC-025). */
      photos: Type.Optional(
        Type.Array(
          closedType({
            ...{ photo: Id, paper: nullable(Type.String({ maxLength: 80 })) },
            file: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256 of the age file, base64url' }),
            bytes: Type.Integer({ minimum: 1, maximum: limits.putBytes }),
          }),
          { maxItems: mostPhotos },
        ),
      ),
    }),
    {
      schema: closedType({
        applicant: Applicant,
        title: Type.String({ minLength: 1, maxLength: 120 }),
        note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
        notice: Type.Optional(Notice),
      }),
      reader: 'named',
      keepDays: keptDays,
    },
  ),
  /** The agency has a document for it: where it is fetched by, and nothing of what is in it. */
  'cases.document-named': event(
    'record',
    closedType({
      ...{ case: Id, document: Id },
      file: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256 of the age file, base64url' }),
      bytes: Type.Integer({ minimum: 1, maximum: limits.documentBytes }),
    }),
  ),
  /** It has come, and is a PDF that opens; or is none. */
  'cases.document-arrived': event(
    'record',
    closedType({ case: Id, document: Id, outcome: Type.Enum(['here', 'unreadable']) }),
  ),
  /** Somebody of the staff has opened it. */
  'cases.document-opened': event('record', closedType({ case: Id, document: Id })),
  /** What the agency says. */
  'cases.answered': event(
    'record',
    closedType({ case: Id, state: Type.Enum(answerStates), text: nullable(Type.String({ maxLength: 200 })) }),
  ),
  /** Whoever applied has what they came for. */
  'cases.closed': event('record', closedType({ case: Id })),
  'cases.withdrawn': event('record', closedType({ case: Id }), {
    schema: closedType({ reason: Type.String({ minLength: 1, maxLength: 300 }) }),
    reader: 'village',
    keepDays: keptDays,
  }),
} as const
