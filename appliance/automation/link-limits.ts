import type { Alarms } from '../base/alarms.ts'
import { AppError } from '../base/errors.ts'
import { type Allowance, createBuckets } from '../base/web/buckets.ts'

/** What all flows together may cause: far above what an office needs, far below what would drown it. */
const allowances = {
  command: { most: 40, everyS: 1 },
  print: { most: 20, everyS: 6 },
  speak: { most: 5, everyS: 10 },
  notice: { most: 10, everyS: 60 },
  reading: { most: 60, everyS: 1 },
} as const satisfies Record<string, Allowance>

export type Limited = keyof typeof allowances

/** A refusal is shown for so long: who looks later still learns of it. */
const shownMs = 10 * 60_000

/** Holds flows to `allowances`, by what they do and not by node: a loop makes nodes as easily as messages. */
export function createLinkLimits(monotonicMs: () => number, alarms: Alarms) {
  const buckets = createBuckets(monotonicMs)
  let refusedMs = Number.NEGATIVE_INFINITY
  return {
    /** Throws `flow.too-many` with the seconds after which it may be tried again. */
    spend(what: Limited, actor: string): void {
      const seconds = buckets.spend([{ key: what, units: 1, allowance: allowances[what] }])
      if (seconds === 0) return
      refusedMs = monotonicMs()
      alarms.set('automation.flooding', true, 'warning', { node: actor.replace('flow:', ''), what })
      throw new AppError('too-many', 'flow.too-many', `Flows ask for ${what} too often.`, { seconds })
    },
    watch(): void {
      if (monotonicMs() - refusedMs > shownMs) alarms.set('automation.flooding', false)
    },
  }
}
