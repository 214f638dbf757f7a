import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestBox } from '../../../testing/test-box.ts'
import { overwriting } from './overwriting.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
beforeEach(async () => {
  box = await openTestBox()
})
afterEach(() => box.remove())

const [on, fast] = [1, 2]
const now = () => box.store.db.pragma('secure_delete', { simple: true })

test('what is deleted within is overwritten to the end of the outer work, and as before after it', () => {
  const { db } = box.store
  expect(now()).toBe(fast)
  const answer = overwriting(db, () => {
    overwriting(db, () => expect(now()).toBe(on))
    expect(now()).toBe(on)
    return 'done'
  })
  expect(answer).toBe('done')
  expect(now()).toBe(fast)
})

test('work that throws leaves it as it was', () => {
  const { db } = box.store
  expect(() =>
    overwriting(db, () => {
      throw new Error('the disk is full')
    }),
  ).toThrow('the disk is full')
  expect(now()).toBe(fast)
})
