import { useEffect } from 'preact/hooks'
import { lock, locked, me, stayActive } from './session.ts'

const lockAfterMs = 120_000
const tellEveryMs = 30_000

/** Covers the page after two minutes without input, and tells the box that somebody is there. */
export function useLock(mayLock: () => boolean) {
  useEffect(() => {
    let touchedAt = performance.now()
    let toldAt = performance.now()
    const touch = () => {
      touchedAt = performance.now()
      if (!me.value || locked.value || touchedAt - toldAt < tellEveryMs) return
      toldAt = touchedAt
      void stayActive()
    }
    const events = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
    for (const name of events) addEventListener(name, touch, { passive: true })
    const timer = setInterval(() => {
      // While a ticket is in service its time does not count: the clerk is looking at papers.
      if (!mayLock()) touchedAt = performance.now()
      else if (me.value && !locked.value && performance.now() - touchedAt > lockAfterMs) void lock()
    }, 1000)
    return () => {
      clearInterval(timer)
      for (const name of events) removeEventListener(name, touch)
    }
  }, [mayLock])
}
