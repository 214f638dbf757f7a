/**
 * What the village whose letter it is answers. `wrong`: not that birth date; `locked`: five wrong ones; `unknown`: no letter
 * of it has that code; `not-issued`: it has no number yet; `undated`: the record has no birth date; `erased`: what it said is
 * gone; `untaken`: its box could not carry the request out, which the hub says; `unread`: sealed to another box, or not by the one that asked; `too-long`: it does not pass over the line.
 */
export const claimOutcomes = [
  'given',
  'wrong',
  'locked',
  'unknown',
  'void',
  'not-issued',
  'collected',
  'undated',
  'erased',
  'unread',
  'too-long',
  'untaken',
] as const
export type ClaimOutcome = (typeof claimOutcomes)[number]

/** So many wrong birth dates lock a code. */
export const mostWrong = 5
