import { expect, test } from 'vitest'
import type { DeskView } from '../../screens/desk-view.ts'
import { allowed, nextStep } from './steps.ts'

const at = (state: 'called' | 'serving' | null, { paused = false } = {}) =>
  ({
    current: state && { state, calls: 1 },
    next: null,
    paused,
    settings: { recalls: 3 },
    waiting: [],
    aside: [],
  }) as unknown as DeskView

test.each([
  [null, 'next'],
  ['called', 'start'],
  ['serving', 'complete'],
] as const)('with a ticket %s the main button means %s', (state, step) => {
  expect(nextStep(at(state))).toBe(step)
})

test('a break ends by the main button, also with nobody waiting', () => {
  expect(nextStep(at(null, { paused: true }))).toBe('resume')
  expect(allowed(at(null, { paused: true })).main).toBe(true)
})

test('with nobody waiting and no ticket nothing can be done', () => {
  expect(allowed(at(null))).toEqual({
    main: false,
    recall: false,
    noShow: false,
    result: false,
    aside: false,
    voided: false,
    chosen: false,
  })
})

test('recall and no-show belong to a called ticket, results to one in service', () => {
  expect(allowed(at('called'))).toMatchObject({ recall: true, noShow: true, result: false })
  expect(allowed(at('serving'))).toMatchObject({ recall: false, noShow: false, result: true })
})
