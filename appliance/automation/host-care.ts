/* What becomes of flows that keep ending: pure. */

/** An end this soon after the start counts against what was started. */
export const earlyMs = 60_000
/** Whoever has run for so long is sound: what is gone back to. */
export const soundMs = 10 * 60_000
const mostEarlyEnds = 3

/** `early`: ends in a row that came soon after their start. `fellBack`: an older version runs because of such ends. */
export type Care = { early: number; fellBack: boolean }

export const untroubled: Care = { early: 0, fellBack: false }

/** `again`: the same once more; `fall-back`: the last sound version, if there is one; `safe-mode`: the editor alone. */
export type Next = 'again' | 'fall-back' | 'safe-mode'

/** The process has ended by itself after `ranMs`. `hasSound`: there is an older version that is sound. */
export function noteEnd({ early, fellBack }: Care, ranMs: number, hasSound: boolean): { care: Care; next: Next } {
  if (ranMs >= earlyMs) return { care: { early: 0, fellBack }, next: 'again' }
  if (early + 1 < mostEarlyEnds) return { care: { early: early + 1, fellBack }, next: 'again' }
  if (!fellBack && hasSound) return { care: { early: 0, fellBack: true }, next: 'fall-back' }
  return { care: untroubled, next: 'safe-mode' }
}
