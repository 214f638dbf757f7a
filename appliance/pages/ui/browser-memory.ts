/* What a browser keeps for the next time. One that keeps nothing does all the same, for as long as its page is open. */

/** Null: nothing is kept, or this browser keeps nothing. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // It holds for this page only.
  }
}
