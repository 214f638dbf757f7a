/** Takes note of how to close what was just opened. */
export type OnClose = (closeOne: () => unknown) => void

/**
 * Runs `open`, which opens one part after another and gives each one's close to `onClose`. What it answers gets `close`,
 * which closes all of them in reverse. When a step throws, what was opened before it is closed, and the error goes on:
 * a start that fails leaves no timer, port or connection behind. One part that fails to close stops no other.
 */
export async function openInOrder<T extends object>(
  open: (onClose: OnClose) => Promise<T>,
): Promise<T & { close(): Promise<void> }> {
  const closers: (() => unknown)[] = []
  const close = async () => {
    const failures: unknown[] = []
    for (const closeOne of closers.splice(0).reverse()) {
      try {
        await closeOne()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
  try {
    return { ...(await open((closeOne) => closers.push(closeOne))), close }
  } catch (error) {
    // What failed first is what somebody has to hear of.
    await close().catch(() => {})
    throw error
  }
}
