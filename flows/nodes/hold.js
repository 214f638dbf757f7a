/** How long an entry waits for a `balai done` node, ms. */
export const patienceMs = 30_000

/** The one entry that is out: whoever waits for it goes on when it is done, or when the time is over. */
export function createHold() {
  /** @type {{ n: number, end: (done: boolean) => void } | null} */
  let out = null
  return {
    /** @param {number} n @param {number} ms @returns {Promise<boolean>} done in time */
    until: (n, ms) =>
      new Promise((resolve) => {
        const end = (/** @type {boolean} */ done) => {
          clearTimeout(timer)
          out = null
          resolve(done)
        }
        const timer = setTimeout(end, ms, false)
        out = { n, end }
      }),
    /** Without a number: whatever is out. @param {number} [n] @returns {boolean} whether it was waited for */
    release(n) {
      if (!out || (n !== undefined && n !== out.n)) return false
      out.end(true)
      return true
    },
  }
}
