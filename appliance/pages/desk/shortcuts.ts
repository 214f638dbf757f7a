import { useLayoutEffect } from 'preact/hooks'
import { locked } from '../ui/staff/session.ts'

/** Keys of the page, by their letter in lower case; null = not now. They rest while something is being typed. */
export function useShortcuts(keys: Record<string, (() => void) | null>) {
  // With the page, not after it: whoever sees a button ready and presses its key at once must not be ignored.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || locked.value || isTyping(event.target))
        return
      // Somebody who walks through the page by Tab means the button that has the focus.
      if (event.key === 'Enter' && isChosenByKeyboard(event.target)) return
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const act = keys[name]
      if (act === undefined) return
      event.preventDefault()
      act?.()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

/** Whether keys go into a field. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type=checkbox]), select, textarea')

function isChosenByKeyboard(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || !target.matches('button, a')) return false
  try {
    return target.matches(':focus-visible')
  } catch {
    return false // Safari before 15.4 does not know the word: there Enter stays the desk's.
  }
}
