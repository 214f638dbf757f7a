import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id, nullable } from '../base/schemas.ts'
import { LetterContent } from '../letters/letter-content.ts'
import { claimOutcomes } from '../wire/claim-outcomes.ts'

/** Another village's letter stays so long in the office that handed it out. */
const keptDays = 30

const Village = Type.String({ pattern: '^\\d{10}$' })
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 14_000 })

/** A letter as the box that asked prints it: all that `LetterPaper` has of one that counts, but its coat of arms. */
export const ClaimedPaper = closedType({
  content: LetterContent,
  issuer: closedType({ name: Type.String(), district: Type.String(), regency: nullable(Type.String()) }),
  address: Type.String(),
  paper: Type.Enum(['F4', 'A4'] as const),
  written: Type.String(),
  code: nullable(Type.String({ maxLength: 600 })),
  electronic: Type.Optional(Type.Boolean()),
})

export const claimEvents = {
  /** A letter has a code by which it is collected; another one than before has its own tries. */
  'claims.code-given': event('record', closedType({ letter: Id }), {
    schema: closedType({ code: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{12}$' }) }),
    reader: 'village',
  }),
  /** Somebody came for a finished letter with its code, and took a number. */
  'claims.came': event('record', closedType({ letter: Id, ticket: Id })),

  /** Somebody collects here what `village` has issued. `sealed`: code and birth date, to that village's box. */
  'claims.asked': event('record', closedType({ claim: Id, village: Village, sealed: Sealed }), {
    schema: closedType({ code: Type.String({ maxLength: 12 }) }),
    reader: 'village',
    keepDays: keptDays,
  }),
  /** What that village answers. */
  'claims.received': event(
    'record',
    closedType({
      claim: Id,
      outcome: Type.Enum(claimOutcomes),
      left: nullable(Type.Integer({ minimum: 0 })),
    }),
    {
      schema: closedType({ letter: Id, name: nullable(Type.String({ maxLength: 100 })), paper: ClaimedPaper }),
      reader: 'village',
      keepDays: keptDays,
    },
  ),
  'claims.handed-out': event('record', closedType({ claim: Id })),

  /** What this office answers to `village`. `sealed`: the letter, to that village's box. */
  'claims.answered': event(
    'record',
    closedType({
      claim: Id,
      village: Village,
      letter: nullable(Id),
      outcome: Type.Enum(claimOutcomes),
      left: nullable(Type.Integer({ minimum: 0 })),
      sealed: nullable(Sealed),
    }),
  ),
  /** That village has handed it out. */
  'claims.handed-elsewhere': event('record', closedType({ claim: Id, village: Village, at: Type.Integer() })),
} as const
