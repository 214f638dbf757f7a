import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { claimEvents } from './events.ts'

/** The only code that writes codes, what was asked and what was answered. Wrong tries are counted by their entries. */
export function createClaimsProjection(db: Db): Projection<typeof claimEvents> {
  const upsertCode = db.prepare(`
    INSERT INTO claim_code (letter, code, given_at) VALUES (@letter, @code, @at)
    ON CONFLICT (letter) DO UPDATE SET code = excluded.code, given_at = excluded.given_at, wrong = 0
    WHERE excluded.given_at >= given_at`)
  const countWrong = db.prepare('UPDATE claim_code SET wrong = wrong + 1 WHERE letter = @letter')
  const insertClaim = db.prepare(`
    INSERT INTO claim (claim, asked_row, village, at, actor) VALUES (@claim, @row, @village, @at, @actor)
    ON CONFLICT (claim) DO NOTHING`)
  const noteReceived = db.prepare(`
    UPDATE claim SET outcome = @outcome, left = @left, answered_row = @row, answered_at = @at
    WHERE claim = @claim AND outcome IS NULL`)
  const noteHanded = db.prepare(
    'UPDATE claim SET handed_at = @at, handed_by = @actor WHERE claim = @claim AND handed_at IS NULL',
  )
  const insertAnswer = db.prepare(`
    INSERT INTO claim_answer (village, claim, row, letter, outcome, at)
    VALUES (@village, @claim, @row, @letter, @outcome, @at)
    ON CONFLICT (village, claim) DO NOTHING`)
  const noteElsewhere = db.prepare(`
    UPDATE claim_answer SET handed_at = @at WHERE village = @village AND claim = @claim AND handed_at IS NULL`)
  const insertPickUp = db.prepare(`
    INSERT INTO pick_up (ticket, row, letter) VALUES (@ticket, @row, @letter) ON CONFLICT (ticket) DO NOTHING`)

  return {
    'claims.code-given': (_tx, { at, data: { letter }, private: part }) => {
      // What comes back late from the regency takes no newer one's place.
      upsertCode.run({ letter, code: part?.code ?? null, at })
    },
    'claims.came': (_tx, { row, data }) => {
      insertPickUp.run({ ...data, row })
    },
    'claims.asked': (_tx, { row, at, actor, data: { claim, village } }) => {
      insertClaim.run({ claim, village, row, at, actor })
    },
    'claims.received': (_tx, { row, at, data }) => {
      noteReceived.run({ ...data, row, at })
    },
    'claims.handed-out': (_tx, { at, actor, data }) => {
      noteHanded.run({ ...data, at, actor })
    },
    'claims.answered': (_tx, { row, at, data: { sealed: _sealed, left: _left, ...data } }) => {
      const { changes } = insertAnswer.run({ ...data, row, at })
      if (changes > 0 && (data.outcome === 'wrong' || data.outcome === 'locked') && data.letter !== null)
        countWrong.run({ letter: data.letter })
    },
    'claims.handed-elsewhere': (_tx, { data }) => {
      noteElsewhere.run(data)
    },
  }
}
