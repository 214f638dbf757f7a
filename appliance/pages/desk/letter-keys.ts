import { signal } from '@preact/signals'

const storageKey = 'balai.letter-keys'

/** Whether single letters are commands in this browser; whoever uses speech or a shaking hand turns them off (WCAG 2.1.4). */
export const letterKeys = signal(read())

export function setLetterKeys(on: boolean): void {
  letterKeys.value = on
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  } catch {
    // A browser that keeps nothing: it holds until the page is closed.
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}
