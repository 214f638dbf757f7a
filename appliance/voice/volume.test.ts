import { expect, test } from 'vitest'
import { usualPercent, volumeAt } from './volume.ts'

const schedule = [
  { fromHour: 18, percent: 40 },
  { fromHour: 7, percent: 90 },
]

test.each([
  [0, 40],
  [6, 40],
  [7, 90],
  [17, 90],
  [18, 40],
  [23, 40],
])('at %i o’clock it is %i percent loud', (hour, percent) => {
  expect(volumeAt(schedule, hour)).toBe(percent)
})

test('without a schedule it is as usual, and nothing is louder than 100 percent', () => {
  expect(volumeAt([], 9)).toBe(usualPercent)
  expect([130, -5].map((percent) => volumeAt([{ fromHour: 0, percent }], 9))).toEqual([100, 0])
})
