/** Resolves when somebody asks this process to stop: Ctrl-C, or systemd. A second Ctrl-C ends it at once. */
export const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once('SIGINT', () => process.exit(130))
        resolve()
      })
    }
  })
