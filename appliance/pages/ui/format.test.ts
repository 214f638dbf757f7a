import { expect, test } from 'vitest'
import { fromWall, toWall } from './format.ts'

const at = Date.parse('2026-11-23T00:52:00Z')

test.each([
  ['Asia/Jakarta', '07:52'],
  ['Asia/Makassar', '08:52'],
  ['Asia/Jayapura', '09:52'],
])('a wall clock in %s shows %s and means the same moment', (zone, time) => {
  expect(toWall(at, zone)).toEqual({ date: '2026-11-23', time })
  expect(fromWall('2026-11-23', time, zone)).toBe(at)
})

test('what is no date is no moment', () => {
  expect(fromWall('', '07:52', 'Asia/Jakarta')).toBeNull()
})
