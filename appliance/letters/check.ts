import { dateIn } from '../base/clock.ts'
import { judgeByList } from '../wire/judge-letter.ts'
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

  /**
   * What the code of a letter is worth, without any line. `name`: as it stands on the paper, or empty.
   */
  return (text: string, name: string): CheckedLetter => {
    const read = parseLetterCode(text)
    if (!read) return { ...nothing, verdict: 'unreadable', says: null, name: null }
    const { statement } = read
    const { letter, number, day, template } = statement
    return {
      ...(statement.village === village ? checkOwn(read) : judgeByList(read, datasets.read('letters'), verifyLetter)),
      says: { village: statement.village, number, on: day, title: templates.find(template)?.title ?? null },
      name: name === '' ? null : digestName(letter, name) === statement.name,
    }
  }
}
