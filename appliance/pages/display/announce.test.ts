import { expect, test } from 'vitest'
import { type Call, hearCalls, passTime, silent } from './announce.ts'

const call = (id: string, ageMs = 0): Call => ({
  call: id,
  number: `A0${id}`,
  counter: 'Loket 1',
  service: 'KTP',
  count: 1,
  ageMs,
})

test('a new call turns the panel at once and holds it eight seconds', () => {
  const called = hearCalls(silent, [call('1')], 1000)
  expect(called.current?.call).toBe('1')
  expect(passTime(called, 8999).current?.call).toBe('1')
  expect(passTime(called, 9000).current).toBeNull()
})

test('a call that comes again in the next view is not announced twice', () => {
  const over = passTime(hearCalls(silent, [call('1')], 0), 8000)
  expect(hearCalls(over, [call('1', 8000)], 8000).current).toBeNull()
})

test('a call older than thirty seconds is not announced', () => {
  expect(hearCalls(silent, [call('1', 30_001)], 0).current).toBeNull()
})

test('calls that come together are announced in their order, each at least four seconds', () => {
  const first = hearCalls(silent, [call('2'), call('1', 5)], 0)
  expect(first.current?.call).toBe('1')
  expect(passTime(first, 3999).current?.call).toBe('1')
  const second = passTime(first, 4000)
  expect(second.current?.call).toBe('2')
  expect(passTime(second, 11_999).current?.call).toBe('2')
})

test('a recall of the same number is another call', () => {
  const over = passTime(hearCalls(silent, [call('1')], 0), 8000)
  expect(hearCalls(over, [{ ...call('1'), call: '1-again', count: 2 }, call('1', 9000)], 9000).current?.count).toBe(2)
})
