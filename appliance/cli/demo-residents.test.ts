import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { Person } from '../residents/person.ts'
import { makeResidents } from './demo-residents.ts'

const people = makeResidents({ seed: 5, count: 2_000 })

test('the same seed gives the same people, another one others', () => {
  expect(makeResidents({ seed: 5, count: 2_000 })).toEqual(people)
  expect(makeResidents({ seed: 6, count: 10 })).not.toEqual(people.slice(0, 10))
})

test('every made resident is one that the box could keep', () => {
  expect(people.filter((person) => !Value.Check(Person, person))).toEqual([])
  expect(people).toHaveLength(2_000)
})

test('a made NIK says birth date and sex, and nobody has another one’s', () => {
  const niks = people.flatMap(({ nik }) => nik ?? [])
  expect(new Set(niks).size).toBe(niks.length)
  const strange = people.filter(({ nik, birthDate = '', sex }) => {
    if (!nik) return false
    const day = Number(birthDate.slice(8)) + (sex === 2 ? 40 : 0)
    return nik.slice(6, 12) !== `${String(day).padStart(2, '0')}${birthDate.slice(5, 7)}${birthDate.slice(2, 4)}`
  })
  expect(strange).toEqual([])
  expect(niks.length).toBeLessThan(2_000)
})

test('a family has one card, one home and one head', () => {
  const families = Map.groupBy(people, ({ kk }) => kk)
  families.delete(people.at(-1)?.kk)
  for (const family of families.values()) {
    expect(family.filter(({ relation }) => relation === 1)).toHaveLength(1)
    expect(new Set(family.map(({ hamlet, rt, rw, address }) => `${hamlet}${rt}${rw}${address}`)).size).toBe(1)
  }
})
