/** Addresses of brokers that the regency has named by a command, and those of file or balai.toml that they stand instead of. */
export type MovedBrokers = { brokers: readonly string[]; instead: readonly string[] }

/** More are kept nowhere: the oldest fall-back goes. */
export const mostBrokers = 5

/**
 * The brokers that count, the preferred one first. What the regency has named goes before what was configured for as long
 * as that says what it said then: a newer enrolment file, or another address in balai.toml, is the newer word.
 */
export function brokersInUse(configured: readonly string[], moved: MovedBrokers | null): readonly string[] {
  const isOld = !moved || moved.instead.join(' ') !== configured.join(' ')
  return isOld ? configured : moved.brokers
}

/** `asked` first, those of before as fall-backs behind them. */
export const joinBrokers = (asked: readonly string[], before: readonly string[]): string[] =>
  [...new Set([...asked, ...before])].slice(0, mostBrokers)

/** Whether a box that reached its broker by TLS would be led away from it. */
export const losesTls = (asked: readonly string[], before: readonly string[]): boolean =>
  before.some(isSecure) && !asked.every(isSecure)

const isSecure = (url: string): boolean => /^(mqtts|https):/.test(url)
