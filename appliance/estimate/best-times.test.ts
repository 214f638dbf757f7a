import { expect, test } from 'vitest'
import { usualWaits } from './best-times.ts'

const jakarta = 7 * 3_600_000
const mondayNine = Date.UTC(2026, 10, 23, 2)
const weekMs = 7 * 86_400_000
const waits = (at: number, minutes: readonly number[]) =>
  minutes.map((one, index) => ({
    service: 'A',
    takenAt: at - index * weekMs,
    calledAt: at - index * weekMs + one * 60_000,
  }))

test('the usual wait of an hour is its median, by weekday', () => {
  const past = [...waits(mondayNine, [5, 60, 10, 20, 15]), ...waits(mondayNine + 86_400_000, [1, 2, 3, 4, 5])]
  const usual = usualWaits(past, jakarta)
  expect(usual[1]?.[9]).toBe(15)
  expect(usual[2]?.[9]).toBe(3)
})

test('a weekday that is known too little borrows the hour of all days, and an hour that nobody knows stays empty', () => {
  const usual = usualWaits(
    [...waits(mondayNine, [30, 30]), ...waits(mondayNine + 86_400_000, [10, 10, 10, 10])],
    jakarta,
  )
  expect(usual[1]?.[9]).toBe(10)
  expect(usual[1]?.[10]).toBeNull()
  expect(usualWaits(waits(mondayNine, [1, 2, 3, 4]), jakarta)[1]?.[9]).toBeNull()
})
