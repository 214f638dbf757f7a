/** What a field shows, and what becomes of what is typed there, where that is no signal of its own. */
export const fieldValue = <T>(now: T, change: (next: T) => void) => ({
  get value(): T {
    return now
  },
  set value(next: T) {
    change(next)
  },
})
