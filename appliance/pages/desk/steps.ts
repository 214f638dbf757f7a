import type { DeskView, ServingResult } from '../../screens/desk-view.ts'

export type Step = 'next' | 'start' | 'complete' | 'resume'

/** The one thing to do next at this counter. */
export function nextStep({ current, paused }: Pick<DeskView, 'current' | 'paused'>): Step {
  if (current?.state === 'called') return 'start'
  if (current?.state === 'serving') return 'complete'
  return paused ? 'resume' : 'next'
}

/** What may be done now; the rest keeps its place and is shown disabled. */
export function allowed(view: DeskView) {
  const state = view.current?.state
  return {
    main: view.current !== null || view.next !== null || view.paused,
    recall: state === 'called' && (view.current?.calls ?? 0) <= view.settings.recalls,
    noShow: state === 'called',
    result: state === 'serving',
    aside: state === 'called' || state === 'serving',
    voided: view.waiting.length + view.aside.length > 0,
    chosen: view.current === null && view.waiting.length + view.aside.length > 0,
  }
}

/** How a service ends, in the order of its keys 1 to 4; the first is what Enter says. */
export const results = ['done', 'papers-missing', 'referred', 'declined'] as const satisfies readonly ServingResult[]
