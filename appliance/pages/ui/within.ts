/** The same promise, given up after so many milliseconds: no page waits for ever for what a frozen line never brings. */
export function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Nothing came in time.')), ms)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
