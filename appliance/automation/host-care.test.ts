import { expect, test } from 'vitest'
import { type Care, earlyMs, type Next, noteEnd, untroubled } from './host-care.ts'

/** What becomes of processes that end after so many ms each, one behind the other. */
function play(runs: readonly number[], hasSound: boolean): Next[] {
  let care: Care = untroubled
  return runs.map((ranMs) => {
    const noted = noteEnd(care, ranMs, hasSound)
    care = noted.care
    return noted.next
  })
}

test('three early ends bring the last sound version, three more safe mode', () => {
  expect(play([900, 900, 900, 900, 900, 900], true)).toEqual([
    ...['again', 'again', 'fall-back'],
    ...['again', 'again', 'safe-mode'],
  ])
})

test('without a sound version the first three early ends bring safe mode', () => {
  expect(play([900, 900, 900], false)).toEqual(['again', 'again', 'safe-mode'])
})

test('a run that lasted begins the count anew', () => {
  expect(play([900, 900, earlyMs, 900, 900, 900], true)).toEqual([
    ...['again', 'again', 'again'],
    ...['again', 'again', 'fall-back'],
  ])
})
