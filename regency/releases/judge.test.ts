import { expect, test } from 'vitest'
import { type BoxState, judgeRollout, proofMs, silentMs } from './judge.ts'

const since = Date.UTC(2026, 10, 30)
const box = (village: string, state: Partial<BoxState> = {}): BoxState => ({
  ...{ village, begun: null, ended: null, outcome: null, reason: null },
  ...state,
})
const done = (village: string, ended = since + 1) => box(village, { begun: since, ended, outcome: 'done' })
const judge = (
  boxes: BoxState[],
  { stage = '1' as const, now = since + proofMs + 1 }: { stage?: '1' | '10' | 'all'; now?: number } = {},
) => judgeRollout({ stage, since, boxes, now })

test('a stage whose boxes have run it for a day goes on to the next; the last one ends', () => {
  expect(judge([done('a')], { now: since + proofMs })).toBe(null)
  expect(judge([done('a')])).toEqual({ stage: '10' })
  expect(judge([done('a'), done('b')], { stage: '10' })).toEqual({ stage: 'all' })
  expect(judge([done('a'), done('b')], { stage: 'all' })).toBe(null)
})

test('a stage waits for each of its boxes, and for a day of the last', () => {
  expect(judge([done('a'), box('b')], { stage: '10' })).toBe(null)
  expect(judge([done('a'), done('b', since + proofMs)], { stage: '10' })).toBe(null)
})

test('a box that has none of it proves nothing: one to ten, and no further', () => {
  const none = box('a', { ended: since, outcome: 'not-managed' })
  expect(judge([none])).toEqual({ stage: '10' })
  expect(judge([none, box('b', { ended: since, outcome: 'older' })], { stage: '10' })).toBe(null)
  expect(judge([none, done('b')], { stage: '10' })).toEqual({ stage: 'all' })
})

test('the first box that came back, took no bundle or fell silent stops it, and says which and why', () => {
  const back = box('b', { begun: since + 1, ended: since + 2, outcome: 'fell-back' })
  expect(judge([done('a'), back], { stage: 'all' })).toEqual({ trouble: { village: 'b', why: 'fell-back' } })
  const failed = box('b', { ended: since + 2, outcome: 'failed', reason: 'no space' })
  expect(judge([failed])).toEqual({ trouble: { village: 'b', why: 'failed: no space' } })
  const silent = box('c', { begun: since })
  expect(judge([silent], { now: since + silentMs - 1 })).toBe(null)
  expect(judge([silent], { now: since + silentMs })).toEqual({ trouble: { village: 'c', why: 'silent' } })
})

test('what was known when somebody let it go on stops it no more', () => {
  const before = box('a', { begun: since - 5, ended: since - 1, outcome: 'fell-back' })
  expect(judge([before, done('b')], { stage: '10' })).toEqual({ stage: 'all' })
  expect(judge([box('a', { begun: since - 1 })])).toBe(null)
  // And proves nothing.
  expect(judge([before])).toBe(null)
})
