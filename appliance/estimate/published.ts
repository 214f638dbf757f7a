import { minuteMs } from '../base/time.ts'
import type { Wait } from './estimate.ts'

/**
 * What is told before an office has figures of its own: those ahead and half a service in hand at the published minutes,
 * shared by `counters`, ± half. `p50` and `p80` are the ends of that range here. Pure.
 */
export function publishedWait(ahead: number, publishedMinutes: number, counters: number): Wait {
  const ms = ((ahead + 0.5) * publishedMinutes * minuteMs) / Math.max(1, counters)
  return { p50: ms * 0.5, p80: ms * 1.5 }
}
