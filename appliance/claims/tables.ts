import type { Db } from '../base/store/store.ts'
import type { ClaimOutcome } from '../wire/claim-outcomes.ts'

export type StoredClaim = {
  claim: string
  askedRow: number
  village: string
  at: number
  actor: string
  outcome: ClaimOutcome | null
  left: number | null
  answeredRow: number | null
  answeredAt: number | null
  handedAt: number | null
  handedBy: string | null
}

export type StoredAnswer = {
  village: string
  claim: string
  letter: string | null
  outcome: ClaimOutcome
  at: number
  handedAt: number | null
}

const claimColumns = `
  claim, asked_row AS askedRow, village, at, actor, outcome, left, answered_row AS answeredRow,
  answered_at AS answeredAt, handed_at AS handedAt, handed_by AS handedBy`
const answerColumns = 'village, claim, letter, outcome, at, handed_at AS handedAt'

/** What the room reads of its tables. */
export function createClaimTables(db: Db) {
  const selectCode = db.prepare<{ letter: string }, { code: string | null; wrong: number }>(
    'SELECT code, wrong FROM claim_code WHERE letter = @letter',
  )
  const selectLetter = db.prepare<{ code: string }, { letter: string; wrong: number }>(
    'SELECT letter, wrong FROM claim_code WHERE code = @code',
  )
  const selectClaim = db.prepare<{ claim: string }, StoredClaim>(
    `SELECT ${claimColumns} FROM claim WHERE claim = @claim`,
  )
  const selectAsked = db.prepare<{ limit: number }, StoredClaim>(
    `SELECT ${claimColumns} FROM claim ORDER BY asked_row DESC LIMIT @limit`,
  )
  const selectAnswer = db.prepare<{ village: string; claim: string }, StoredAnswer>(
    `SELECT ${answerColumns} FROM claim_answer WHERE village = @village AND claim = @claim`,
  )
  const selectAnswers = db.prepare<{ limit: number }, StoredAnswer>(
    `SELECT ${answerColumns} FROM claim_answer ORDER BY row DESC LIMIT @limit`,
  )
  const selectTickets = db
    .prepare<{ letter: string }, string>('SELECT ticket FROM pick_up WHERE letter = @letter ORDER BY row DESC')
    .pluck()
  const selectAt = db.prepare<{ ticket: string }, string>('SELECT letter FROM pick_up WHERE ticket = @ticket').pluck()
  const selectPickUps = db.prepare<{ limit: number }, { ticket: string; letter: string }>(
    'SELECT ticket, letter FROM pick_up ORDER BY row DESC LIMIT @limit',
  )
  return {
    /** Numbers that were taken for a letter, the newest first. */
    ticketsFor: (letter: string) => selectTickets.all({ letter }),
    letterAt: (ticket: string) => selectAt.get({ ticket }) ?? null,
    /** The newest first. */
    pickUps: (limit: number) => selectPickUps.all({ limit }),
    /** Of a letter; null: none was given. */
    code: (letter: string) => selectCode.get({ letter }) ?? null,
    /** Whose code that is. */
    letterOf: (code: string) => selectLetter.get({ code }) ?? null,
    claim: (claim: string) => selectClaim.get({ claim }) ?? null,
    /** The newest first. */
    asked: (limit: number) => selectAsked.all({ limit }),
    answer: (of: { village: string; claim: string }) => selectAnswer.get(of) ?? null,
    answers: (limit: number) => selectAnswers.all({ limit }),
  }
}
