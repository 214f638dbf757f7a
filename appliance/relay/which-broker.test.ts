import { expect, test } from 'vitest'
import {
  afterFailure,
  afterLook,
  afterSuccess,
  type BrokerChoice,
  chooseBroker,
  failuresBeforeNext,
  firstBroker,
  isLookDue,
  lookMs,
} from './which-broker.ts'

const urls = ['mqtts://one', 'mqtts://two', 'mqtts://three']

function fail(choice: BrokerChoice, times: number, list = urls): BrokerChoice {
  let now = choice
  for (let n = 0; n < times; n++) now = afterFailure(now, list, n === times - 1 ? 'connect-refused' : 'offline')
  return now
}

test('the next broker is tried after three failures in a row, and after the last one the first again', () => {
  expect(fail(firstBroker(urls), failuresBeforeNext - 1).url).toBe(urls[0])
  const second = fail(firstBroker(urls), failuresBeforeNext)
  expect(second).toMatchObject({ url: urls[1], failures: 0, why: 'connect-refused' })
  expect(fail(second, failuresBeforeNext)).toMatchObject({ url: urls[2], why: 'connect-refused' })
  expect(fail(second, 2 * failuresBeforeNext)).toEqual(firstBroker(urls))
})

test('a connection that comes about forgives the failures before it', () => {
  const shaky = afterSuccess(fail(firstBroker(urls), failuresBeforeNext - 1), 0)
  expect(fail(shaky, failuresBeforeNext - 1).url).toBe(urls[0])
})

test('a box with one broker stays with it', () => {
  expect(fail(firstBroker(['mqtts://one']), 50, ['mqtts://one'])).toMatchObject({ url: 'mqtts://one', why: null })
})

test('the first is looked at each quarter of an hour, from a fall-back only, and what is found is why', () => {
  expect(isLookDue(afterSuccess(firstBroker(urls), 0), urls, 10 * lookMs)).toBe(false)
  const away = afterSuccess(fail(firstBroker(urls), failuresBeforeNext), 1_000)
  expect(isLookDue(away, urls, lookMs + 999)).toBe(false)
  expect(isLookDue(away, urls, lookMs + 1_000)).toBe(true)
  const looked = afterLook(away, 'no-answer', lookMs + 1_000)
  expect(looked).toMatchObject({ url: urls[1], why: 'no-answer' })
  expect(isLookDue(looked, urls, 2 * lookMs + 999)).toBe(false)
})

test('a broker that is in the list no more gives way to the first', () => {
  const away = fail(firstBroker(urls), failuresBeforeNext)
  expect(chooseBroker(away, urls)).toBe(away)
  expect(chooseBroker(away, ['mqtts://four', 'mqtts://one'])).toEqual(firstBroker(['mqtts://four']))
})
