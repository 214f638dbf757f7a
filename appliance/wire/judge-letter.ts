import type { ReadLetter } from './letter-statement.ts'

/** The regency's list: keys of boxes, and letters that count no more, as of a day (dataset `letters`). */
export type LetterListSaid = {
  asOf: string
  /** `until`: the last day on which it counted; absent: it still does. */
  keys: readonly { village: string; key: string; until?: string }[]
  voided: readonly { letter: string; on: string }[]
}

/** `signed`: a box of that village signed it, and the list has nothing against it. */
export type JudgedLetter = {
  verdict: 'signed' | 'void' | 'false' | 'unknown'
  voidedOn: string | null
  /** Null: it goes by no list. */
  asOf: string | null
}

/**
 * What a letter is worth by the regency's list. A key that was revoked does not unmake what it signed before. `verify`: whether
 * the box with this key (raw 32 bytes, base64url) signed it.
 */
export function judgeByList<Bytes extends Uint8Array>(
  read: ReadLetter<Bytes>,
  list: LetterListSaid | null,
  verify: (key: string, read: ReadLetter<Bytes>) => boolean,
): JudgedLetter {
  const { village, letter, day } = read.statement
  const keys = list === null ? [] : list.keys.filter((one) => one.village === village)
  if (list === null || keys.length === 0) return { verdict: 'unknown', voidedOn: null, asOf: null }
  const { asOf } = list
  const signer = keys.find(({ key }) => verify(key, read))
  // A box that joined after the list was made is not in it.
  if (!signer) return { verdict: day > asOf ? 'unknown' : 'false', voidedOn: null, asOf }
  if (signer.until !== undefined && day > signer.until) return { verdict: 'false', voidedOn: null, asOf }
  const voided = list.voided.find((one) => one.letter === letter)
  return { verdict: voided ? 'void' : 'signed', voidedOn: voided ? voided.on : null, asOf }
}
