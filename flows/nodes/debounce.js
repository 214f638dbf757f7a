/**
 * A button's contacts bounce for some milliseconds. The first change counts at once, since a press must not lag; what
 * follows within `ms` does not, and when it is over a level that has changed meanwhile is told.
 * @template Level
 * @param {number} ms
 * @param {(level: Level) => void} tell
 */
export function createDebounce(ms, tell) {
  /** @type {Level | undefined} */
  let told
  /** @type {Level | undefined} */
  let newest
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const settle = () => {
    timer = undefined
    if (newest !== undefined && newest !== told) change(newest)
  }
  /** @param {Level} level */
  const change = (level) => {
    told = level
    if (ms > 0) timer = setTimeout(settle, ms)
    tell(level)
  }
  return {
    /** @param {Level} level */
    take(level) {
      newest = level
      if (timer === undefined && level !== told) change(level)
    },
    stop: () => clearTimeout(timer),
  }
}
