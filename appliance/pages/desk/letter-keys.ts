import { signal } from '@preact/signals'
import { recall, remember } from '../ui/browser-memory.ts'

const storageKey = 'balai.letter-keys'

/** Whether single letters are commands in this browser; whoever uses speech or a shaking hand turns them off (WCAG 2.1.4). */
export const letterKeys = signal(recall(storageKey) !== 'off')

export function setLetterKeys(on: boolean): void {
  letterKeys.value = on
  remember(storageKey, on ? 'on' : 'off')
}
