import { createBuckets } from './buckets.ts'

/** What one address may spend at once, and what it gets back: a page costs some twenty, a command five. */
const allowance = { most: 600, everyS: 1 / 100 }
const units = { read: 1, write: 5 }

/**
 * How often one address may ask: a hundred reads or twenty commands a second for as long as it likes, six times that at
 * once. Far above what any page does, far below what would keep the box from serving others. What commands may *cause*
 * is another question: budgets.ts.
 */
export function createRateLimit(monotonicMs: () => number) {
  const buckets = createBuckets(monotonicMs)
  return {
    /** Answers 0, or in how many seconds the address may ask again. */
    spend: (address: string, does: 'read' | 'write'): number =>
      buckets.spend([{ key: address, units: units[does], allowance }]),
    addresses: () => buckets.size(),
  }
}
