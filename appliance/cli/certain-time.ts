import { createClock, systemClock } from '../base/clock.ts'
import { readNtp } from '../health/readings.ts'

/** A moment that is certainly past, ms since 1970 UTC: this machine's time where NTP keeps it. */
export async function readCertainTime(): Promise<number> {
  const clock = createClock(systemClock)
  clock.setNtp(await readNtp().catch(() => null))
  return clock.certain()
}
