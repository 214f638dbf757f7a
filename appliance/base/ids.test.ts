import { expect, test } from 'vitest'
import { freeCode } from './ids.ts'

test('the last free code is found wherever the search begins, and a full range is answered by null', () => {
  const allBut = (free: string) => (code: string) => code !== free
  expect(freeCode(4, allBut('0000'), () => 1)).toBe('0000')
  expect(freeCode(4, allBut('9999'), () => 0)).toBe('9999')
  expect(freeCode(4, () => true)).toBeNull()
})

test('codes are as long as they are said to be, and begin anywhere', () => {
  const first = freeCode(
    6,
    () => false,
    () => 42,
  )
  expect(first).toBe('000042')
  const drawn = new Set(Array.from({ length: 50 }, () => freeCode(6, () => false)))
  expect(drawn.size).toBeGreaterThan(10)
})
