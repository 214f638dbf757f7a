import { dateIn } from '../base/clock.ts'
import { digestName, type LetterCode, parseLetterCode, verifyLetter } from '../wire/letter-code.ts'
import type { LetterRoom } from './letters.ts'
import type { CheckedLetter } from './views.ts'

const nothing = { voidedOn: null, asOf: null }
type Found = Pick<CheckedLetter, 'verdict' | 'voidedOn' | 'asOf'>

/** Whether a letter is true, by what this box knows. */
export function createCheck({ tables, templates, village, zone, datasets }: LetterRoom) {
  /** This office's own: its journal has the code, whichever card had signed it. */
  function checkOwn({ statement, signed, signature }: LetterCode): Found {
    const stored = tables.letter(statement.letter)
    const given = parseLetterCode(tables.numberOf(statement.letter)?.code ?? '')
    if (!stored || !given) return { ...nothing, verdict: 'unknown' }
    if (!given.signed.equals(signed) || !given.signature.equals(signature)) return { ...nothing, verdict: 'false' }
    if (stored.state !== 'void') return { ...nothing, verdict: 'valid' }
    return { ...nothing, verdict: 'void', voidedOn: stored.decidedAt === null ? null : dateIn(zone, stored.decidedAt) }
  }

  /** Another village's, by the regency's list. A key that was revoked does not unmake what it signed before. */
  function checkForeign(read: LetterCode): Found {
    const { village: from, letter, day } = read.statement
    const list = datasets.read('letters')
    const keys = list?.keys.filter((one) => one.village === from) ?? []
    if (!list || keys.length === 0) return { ...nothing, verdict: 'unknown' }
    const { asOf } = list
    const signer = keys.find(({ key }) => verifyLetter(key, read))
    // A box that joined after the list was made is not in it.
    if (!signer) return { ...nothing, asOf, verdict: day > asOf ? 'unknown' : 'false' }
    if (signer.until !== undefined && day > signer.until) return { ...nothing, asOf, verdict: 'false' }
    const voided = list.voided.find((one) => one.letter === letter)
    return { verdict: voided ? 'void' : 'signed', voidedOn: voided?.on ?? null, asOf }
  }

  /**
   * What the code of a letter is worth, without any line. `name`: as it stands on the paper, or empty.
   */
  return (text: string, name: string): CheckedLetter => {
    const read = parseLetterCode(text)
    if (!read) return { ...nothing, verdict: 'unreadable', says: null, name: null }
    const { statement } = read
    const { letter, number, day, template } = statement
    return {
      ...(statement.village === village ? checkOwn(read) : checkForeign(read)),
      says: { village: statement.village, number, on: day, title: templates.find(template)?.title ?? null },
      name: name === '' ? null : digestName(letter, name) === statement.name,
    }
  }
}
