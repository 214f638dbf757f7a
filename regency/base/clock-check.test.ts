import { expect, test } from 'vitest'
import { createClockCheck } from './clock-check.ts'

const month = 30 * 86_400_000

function check() {
  const time = { ms: 0 }
  const one = createClockCheck(() => time.ms)
  const hear = (offsets: number[]) => {
    for (const [index, offsetMs] of offsets.entries()) one.noteBox(`35100120${index}`, offsetMs)
  }
  return { ...one, hear, time }
}

test('two servers that agree are believed, two that differ are not, and nothing measured is no doubt', () => {
  const { noteDatabase, isDoubted, databaseDiffers } = check()
  expect(isDoubted()).toBe(false)
  noteDatabase(-29_000)
  expect([isDoubted(), databaseDiffers()]).toEqual([false, null])
  noteDatabase(-month)
  expect([isDoubted(), databaseDiffers()]).toEqual([true, -month])
})

test('three boxes with NTP decide: for the hub against PostgreSQL, and against both of one machine', () => {
  const { noteDatabase, hear, isDoubted, boxesDiffer, databaseDiffers } = check()
  noteDatabase(-month)
  hear([400, -900])
  expect(isDoubted()).toBe(true)
  hear([400, -900, 1_200])
  expect([isDoubted(), databaseDiffers(), boxesDiffer()]).toEqual([false, -month, null])
  noteDatabase(0)
  hear([-month, -month - 900, -month + 1_200])
  expect([isDoubted(), boxesDiffer()]).toEqual([true, { offsetMs: -month, count: 3 }])
})

test('one box that is wrong moves nobody, and who fell silent has no say', () => {
  const { hear, noteBox, isDoubted, boxesDiffer, time } = check()
  hear([0, 500, -700, month])
  expect(isDoubted()).toBe(false)
  hear([month, month, month, month])
  expect(isDoubted()).toBe(true)
  time.ms += 16 * 60_000
  noteBox('3510012009', month)
  expect([isDoubted(), boxesDiffer()]).toEqual([false, null])
})
