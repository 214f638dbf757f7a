/** Nearest rank: the smallest value that at least this share of all values does not exceed; null of none. */
export const percentile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
