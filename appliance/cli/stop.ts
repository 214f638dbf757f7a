/** One Ctrl-C under `npm start` comes twice: from the terminal, and passed on by npm. */
const sameWishMs = 1_000

/** Resolves when somebody asks this process to stop: Ctrl-C, or systemd. A second Ctrl-C, a second later, ends it at once. */
export const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    let askedAt: number | null = null
    const ask = () => {
      askedAt ??= performance.now()
      if (performance.now() - askedAt > sameWishMs) process.exit(130)
      resolve()
    }
    process.on('SIGINT', ask)
    process.on('SIGTERM', ask)
  })
