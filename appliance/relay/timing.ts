import { isAway, type LinkTrouble } from '../base/broker/link-trouble.ts'
import { limits } from '../wire/messages.ts'

const second = 1_000
const minute = 60 * second

/** The times of rules 2 and 3, in ms. */
export const times = {
  answerMs: 30 * second,
  dailyHelloMs: 24 * 60 * minute,
  rollCallAgeMs: 60 * minute,
  stuckMs: 10 * minute,
  healthMs: minute,
  lastingMs: minute,
  hourMs: 60 * minute,
  budgetLookMs: 10 * second,
  batchMs: 2 * second,
  fullBatchBytes: limits.batchWireBytes,
  firstBatchBytes: 16 * 1024,
  smallestBatchBytes: 4 * 1024,
} as const

/** The wait before the next hello after so many setbacks in a row: 30 s, 1 min, 2 min, then 5 min. */
export const backoffMs = (setbacks: number): number => [30 * second, minute, 2 * minute][setbacks] ?? 5 * minute

/**
 * The wait before the next connection: random within 1 s · 2ⁿ up to 40 s. What a person has to mend (a refused
 * connection or subscription) waits up to 15 minutes; so does a box that met another one with its identity, however
 * well it got on before, or the two would cut each other off each second.
 */
export function connectDelayMs(trouble: LinkTrouble, failures: number, random: () => number): number {
  if (trouble === 'foreign-box') return (5 + random() * 10) * minute
  const longest = isAway(trouble) ? 40 * second : 15 * minute
  return random() * Math.min(longest, second * 2 ** Math.min(failures, 20))
}
