import { expect, test } from 'vitest'
import { brokersInUse, joinBrokers, losesTls } from './broker-list.ts'

const configured = ['mqtts://one', 'mqtts://two']

test('what the regency named counts while file and balai.toml say what they said then', () => {
  const moved = { brokers: ['mqtts://new', ...configured], instead: configured }
  expect(brokersInUse(configured, null)).toBe(configured)
  expect(brokersInUse(configured, moved)).toBe(moved.brokers)
  expect(brokersInUse(['mqtts://newest'], moved)).toEqual(['mqtts://newest'])
})

test('a new broker goes first, each stands once, and the oldest fall-back of more than five is given up', () => {
  expect(joinBrokers(['mqtts://two', 'mqtts://new'], configured)).toEqual(['mqtts://two', 'mqtts://new', 'mqtts://one'])
  expect(joinBrokers(['a', 'b', 'c'], ['d', 'e', 'f'])).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('a box at TLS is not led to a broker without', () => {
  expect(losesTls(['mqtt://new'], configured)).toBe(true)
  expect(losesTls(['mqtts://new', 'mqtt://other'], configured)).toBe(true)
  expect(losesTls(['mqtts://new'], configured)).toBe(false)
  expect(losesTls(['mqtt://new'], ['mqtt://one'])).toBe(false)
})
