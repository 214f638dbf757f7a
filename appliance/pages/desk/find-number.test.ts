import { expect, test } from 'vitest'
import { findNumber } from './find-number.ts'

const tickets = ['A001', 'A010', 'A100', 'B010', 'C101'].map((number) => ({ number }))
const find = (typed: string) => {
  const { found, only } = findNumber(typed, tickets)
  return [found.map(({ number }) => number).join(' '), only?.number]
}

test.each([
  ['a10', 'A010 A100', 'A010'],
  ['A 010', 'A010 A100', 'A010'],
  ['A-010', 'A010 A100', 'A010'],
  ['10', 'A010 A100 B010 C101', undefined],
  ['1', 'A001 A010 A100 B010 C101', 'A001'],
  ['101', 'C101', 'C101'],
  ['c', 'C101', 'C101'],
  ['b', 'B010', 'B010'],
  ['a', 'A001 A010 A100', undefined],
  ['99', '', undefined],
  ['?', '', undefined],
  ['', '', undefined],
])('"%s" finds %s, and Enter takes %s', (typed, found, only) => {
  expect(find(typed)).toEqual([found, only])
})
