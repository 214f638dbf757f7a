import { AppError } from '../base/errors.ts'
import type { Command } from '../base/schemas.ts'
import { drawClaimCode, writeClaimCode } from '../wire/claim-code.ts'
import type { ClaimRoom } from './claims.ts'
import type { ClaimSlip } from './slip-paper.ts'

/** Codes by which letters are collected. */
export function createCodes({ store, pen, tables, letters, office, village }: ClaimRoom) {
  /** As people read it; null: the letter has none. */
  function claimOf(letter: string): string | null {
    const code = tables.code(letter)?.code
    return code ? writeClaimCode(code) : null
  }

  function drawFree(): string {
    const code = drawClaimCode(village)
    return tables.letterOf(code) ? drawFree() : code
  }

  return {
    claimOf,

    /**
     * The code of a letter: the one that it has, or a new one. `anew`: another one, whose tries begin at none. Throws
     * `letters.unknown`, and `claims.not-collectable` for one that comes to nothing or is in the citizen's hands.
     */
    async giveCode({ letter, anew, actor, key }: Command & { letter: string; anew: boolean }): Promise<string> {
      const { state, collectedAt } = letters.collectable(letter)
      const known = claimOf(letter)
      if (known && (!anew || pen.wasDone(key, ['claims.code-given']))) return known
      if (state === 'void' || state === 'rejected' || state === 'withdrawn' || collectedAt !== null)
        throw new AppError('conflict', 'claims.not-collectable', `It is ${collectedAt === null ? state : 'collected'}.`)
      const code = drawFree()
      const part = await pen.seal('claims.code-given', { code })
      store.write((tx) => {
        if (pen.wasDone(key, ['claims.code-given']) || (!anew && tables.code(letter)?.code)) return
        pen.append(tx, { type: 'claims.code-given', actor, key, data: { letter }, private: part })
      })
      return claimOf(letter) ?? writeClaimCode(code)
    },

    /** What a citizen takes home. Throws `letters.unknown`, `claims.no-code`. */
    slip(letter: string): ClaimSlip {
      const { title, written } = letters.collectable(letter)
      const code = claimOf(letter)
      if (!code) throw new AppError('not-found', 'claims.no-code', 'No code was given for this letter.')
      const hasLane = office.services().some(({ collection, open }) => collection && open)
      return { code, title, written, hasLane }
    },
  }
}
