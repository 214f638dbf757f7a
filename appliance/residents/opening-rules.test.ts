import { expect, test } from 'vitest'
import { judgeOpenings } from './opening-rules.ts'

const zone = 'Asia/Jakarta'
/** Monday 2026-11-23, at this hour in Jakarta. */
const at = (hour: number, minute = 0) => Date.UTC(2026, 10, 23, hour - 7, minute)
const hours = {
  week: [[], [{ from: 8 * 60, until: 15 * 60 }], [], [], [], [], []],
  holidays: new Set<string>(),
}
const one = { at: at(9), actor: 'petugas', ticket: 'a', ownFamily: false }

test('a record for a number in service, within hours, is usual', () => {
  expect(judgeOpenings([one], hours, zone)).toEqual([[]])
})

test.each([
  [7, 0, []],
  [6, 59, ['after-hours']],
  [15, 59, []],
  [16, 0, ['after-hours']],
])('at %d.%d it is %j, with the office open from eight to three', (hour, minute, expected) => {
  expect(judgeOpenings([{ ...one, at: at(hour, minute) }], hours, zone)).toEqual([expected])
})

test('on a holiday and on a day without hours everything is outside office hours; without any hours nothing is', () => {
  const holiday = { ...hours, holidays: new Set(['2026-11-23']) }
  expect(judgeOpenings([one], holiday, zone)).toEqual([['after-hours']])
  expect(judgeOpenings([{ ...one, at: at(9) + 24 * 3_600_000 }], hours, zone)).toEqual([['after-hours']])
  expect(judgeOpenings([{ ...one, at: at(23) }], { week: null, holidays: new Set() }, zone)).toEqual([[]])
})

test('twenty in a day without a number in service are many, nineteen are not, and numbers in service do not count', () => {
  const without = { ...one, ticket: null }
  const judge = (count: number) => judgeOpenings([...Array.from({ length: count }, () => without), one], hours, zone)
  expect(judge(19).flat()).toEqual([])
  expect(judge(20)).toEqual([...Array.from({ length: 20 }, () => ['many']), []])
})

test('what two people open, or one on two days, is not added up', () => {
  const without = { ...one, ticket: null }
  const other = Array.from({ length: 10 }, () => ({ ...without, actor: 'lain' }))
  const mine = Array.from({ length: 10 }, () => without)
  expect(judgeOpenings([...mine, ...other], hours, zone).flat()).toEqual([])
})

test('the own family is said', () => {
  expect(judgeOpenings([{ ...one, ownFamily: true }], hours, zone)).toEqual([['own-family']])
})
