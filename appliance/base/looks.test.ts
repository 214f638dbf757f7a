import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startLooks } from './looks.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a job that fails is named and stops no other, and is tried again', async () => {
  const failed: string[] = []
  let looked = 0
  const fail = () => {
    throw new Error('no')
  }
  const jobs = { first: fail, second: async () => fail(), third: () => looked++ }
  const looks = startLooks(jobs, { everyMs: 1_000, onFailure: (job) => failed.push(job) })
  await looks.look()
  await vi.advanceTimersByTimeAsync(1_000)
  expect([looked, failed]).toEqual([2, ['first', 'second', 'first', 'second']])
  await looks.stop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(looked).toBe(2)
})

test('a job that takes long is begun once, holds up no other, and is awaited at the end', async () => {
  let begun = 0
  let quick = 0
  let end = () => {}
  const slow = () => {
    begun++
    return new Promise<void>((resolve) => {
      end = resolve
    })
  }
  const looks = startLooks({ slow, quick: () => quick++ }, { everyMs: 1_000, onFailure: () => {} })
  await vi.advanceTimersByTimeAsync(3_000)
  expect([begun, quick]).toEqual([1, 3])
  let stopped = false
  const stopping = looks.stop().then(() => {
    stopped = true
  })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(stopped).toBe(false)
  end()
  await stopping
  expect(stopped).toBe(true)
})
