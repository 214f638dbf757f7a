import { expect, test } from 'vitest'
import { createRateLimit } from './rate-limit.ts'

test('an address may send twenty commands a second for ever, and six times that at once', () => {
  let now = 0
  const { spend } = createRateLimit(() => now)
  for (let i = 0; i < 120; i++) expect(spend('192.168.1.7', 'write')).toBe(0)
  expect(spend('192.168.1.7', 'write')).toBe(1)
  expect(spend('192.168.1.8', 'write')).toBe(0)
  for (let second = 1; second <= 60; second++) {
    now += 1_000
    for (let i = 0; i < 20; i++) expect(spend('192.168.1.7', 'write')).toBe(0)
    expect(spend('192.168.1.7', 'write')).toBe(1)
  }
})

test('many addresses do not fill the memory', () => {
  let now = 0
  const { spend, addresses } = createRateLimit(() => now)
  for (let i = 0; i < 50_000; i++) {
    now += 1
    spend(`fd00::${i.toString(16)}`, 'read')
  }
  expect(addresses()).toBeLessThanOrEqual(10_001)
})
