/** Who wants to hear of something. One that throws fails nobody else: not the others, and not what they hear of. */
export function createListeners(onFailure: (error: unknown) => void) {
  const listeners = new Set<() => void>()
  return {
    /** Returns a function that ends it. */
    add(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(): void {
      for (const listener of listeners) {
        try {
          listener()
        } catch (error) {
          onFailure(error)
        }
      }
    },
  }
}
