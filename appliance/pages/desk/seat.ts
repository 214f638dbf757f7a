import { signal } from '@preact/signals'
import type { DeskView } from '../../screens/desk-view.ts'
import { recall, remember } from '../ui/browser-memory.ts'
import type { Me } from '../ui/staff/session.ts'

const storageKey = 'balai.counter'

/** The counter that is chosen at this PC; it outlives the day, since most PCs never leave their counter. */
export const chosenCounter = signal<string | null>(recall(storageKey))
/** True from a log-in until this person sits, so that choosing once is enough. */
export const wantsSeat = signal(false)

export function chooseCounter(counter: string) {
  chosenCounter.value = counter
  remember(storageKey, counter)
}

/** Whether this person works at the counter of the view. */
export const sitsHere = (view: DeskView, me: Me) =>
  view.counter !== null && (view.counter.account === me.account || view.counter.account === me.name)
