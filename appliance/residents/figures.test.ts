import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countResidents, hideSmall, leastShown } from './figures.ts'
import type { Person } from './person.ts'

const today = '2026-11-30'
const many = (count: number, person: Partial<Person>): Person[] =>
  Array.from({ length: count }, () => ({ name: 'X', ...person }))
const cellsOf = async (people: Person[], name: string) =>
  Object.fromEntries(
    ((await countResidents(people, today)).groups.find((group) => group.name === name)?.cells ?? []).map(
      ({ key, n }) => [key, n],
    ),
  )

test('those who died or moved are not counted, and what is not known is said', async () => {
  const people = [...many(7, { sex: 1 }), ...many(6, { sex: 2 }), ...many(9, { sex: 1, status: 2 }), ...many(5, {})]
  expect((await countResidents(people, today)).total).toBe(18)
  expect(await cellsOf(people, 'sex')).toEqual({ 1: 7, 2: 6, '?': 5 })
})

test('a cell of one to four is hidden, and with it the smallest other, since the sum gives it back', async () => {
  expect(
    await cellsOf([...many(20, { religion: 1 }), ...many(3, { religion: 4 }), ...many(8, { religion: 2 })], 'religion'),
  ).toEqual({
    ...{ 1: 20, 2: 'hidden', 4: 'few' },
  })
})

test('two hidden cells hide each other', async () => {
  expect(
    await cellsOf([...many(20, { religion: 1 }), ...many(3, { religion: 4 }), ...many(2, { religion: 5 })], 'religion'),
  ).toEqual({ 1: 20, 4: 'few', 5: 'few' })
})

test('no hidden cell can be computed from what is shown, in any table', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 12 }), (counts) => {
      const cells = hideSmall(counts.map((n, index) => ({ key: String(index), label: '', n })))
      const shown = cells.flatMap(({ n }) => (typeof n === 'number' ? [n] : []))
      const hidden = cells.filter(({ n }) => typeof n === 'string')
      expect(shown.every((n) => n === 0 || n >= leastShown)).toBe(true)
      // One alone would be the sum without the others; where nobody else is there, the sum is that one.
      if (hidden.length === 1) expect(counts.filter((n) => n > 0)).toHaveLength(1)
    }),
  )
})

test('a row of the pyramid with a small cell is hidden for both, and never alone', async () => {
  const people = [
    ...many(9, { sex: 1, birthDate: '2024-01-01' }),
    ...many(2, { sex: 2, birthDate: '2024-01-01' }),
    ...many(8, { sex: 1, birthDate: '1990-01-01' }),
    ...many(8, { sex: 2, birthDate: '1990-01-01' }),
    ...many(30, { sex: 1, birthDate: '1940-01-01' }),
    ...many(30, { sex: 2, birthDate: '1940-01-01' }),
  ]
  expect((await countResidents(people, today)).pyramid).toEqual([
    { label: '0–4', male: 'hidden', female: 'few' },
    { label: '35–39', male: 'hidden', female: 'hidden' },
    { label: '75+', male: 30, female: 30 },
  ])
})
