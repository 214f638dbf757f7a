/** What one address may spend at once, and what it gets back each second: a page costs some twenty, a command five. */
const mostUnits = 600
const unitsPerSecond = 100
const readUnits = 1
const writeUnits = 5
/** Beyond so many addresses those that have been quiet are forgotten. */
const mostAddresses = 10_000

/**
 * How often one address may ask: a hundred reads or twenty commands a second for as long as it likes, six times that at
 * once. Far above what any page does, far below what would keep the box from serving others.
 */
export function createRateLimit(monotonicMs: () => number) {
  const known = new Map<string, { left: number; at: number }>()

  const leftOf = ({ left, at }: { left: number; at: number }, now: number): number =>
    Math.min(mostUnits, left + ((now - at) * unitsPerSecond) / 1_000)

  function forgetQuiet(now: number): void {
    for (const [address, bucket] of known) if (leftOf(bucket, now) === mostUnits) known.delete(address)
    // All of them busy: an address for each request. Memory counts more than their limits.
    if (known.size > mostAddresses) known.clear()
  }

  return {
    /** Answers 0, or in how many seconds the address may ask again. */
    spend(address: string, does: 'read' | 'write'): number {
      const now = monotonicMs()
      const units = does === 'read' ? readUnits : writeUnits
      const bucket = known.get(address)
      const left = bucket ? leftOf(bucket, now) : mostUnits
      if (left < units) return Math.ceil((units - left) / unitsPerSecond)
      known.set(address, { left: left - units, at: now })
      if (known.size > mostAddresses) forgetQuiet(now)
      return 0
    },
    addresses: () => known.size,
  }
}
