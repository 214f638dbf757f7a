import { computed, signal } from '@preact/signals'
import type { Office } from '../../base/web/office-view.ts'

/*
 * The box's time on this page: what the last view or beat said, carried on by the browser's monotonic clock. The wall
 * clock of a kiosk or an old PC is not asked, it is often wrong. One page shows one office, hence one clock.
 */
const offsetMs = signal(Date.now() - performance.now())
const tick = signal(performance.now())
setInterval(() => {
  tick.value = performance.now()
}, 1000)

export const zone = signal('Asia/Jakarta')
/** Null until the box has said how much its time is worth. */
export const clockTrust = signal<Office['clock'] | null>(null)

/** Box time in ms since 1970; whoever reads it is drawn again each second. */
export const now = computed(() => tick.value + offsetMs.value)
/** The same, moving every ten seconds: enough for ages in minutes without drawing a long list each second. */
export const slowNow = computed(() => Math.floor(now.value / 10_000) * 10_000)

export function setClock(said: { now: number; clock?: Office['clock']; zone?: string }) {
  const fresh = said.now - performance.now()
  // Small differences are travel time; following them would make the seconds jump.
  if (Math.abs(fresh - offsetMs.peek()) > 500) offsetMs.value = fresh
  if (said.clock) clockTrust.value = said.clock
  if (said.zone) zone.value = said.zone
}
