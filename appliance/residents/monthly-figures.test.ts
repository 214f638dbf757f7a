import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { openTestBox } from '../../testing/test-box.ts'
import { dayMs, hourMs } from '../base/time.ts'
import { makeResidents } from '../cli/demo-residents.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
beforeEach(async () => {
  box = await openTestBox()
})
afterEach(() => box.remove())

type Counted = {
  month: string
  asOf: string
  total: number
  groups: { name: string; cells: { key: string; n: unknown }[] }[]
}
const counted = () =>
  box.store.db
    .prepare<[], string>(`SELECT data FROM entry WHERE type = 'residents.counted' ORDER BY row`)
    .pluck()
    .all()
    .map((data) => JSON.parse(data) as Counted)
const bring = (count: number) =>
  bringResidents(box, residentSheet(makeResidents({ seed: 4, count, village: '3510152008' })), {
    actor: 'secretary-000',
  })

test('once a month, when the file has settled, the regency gets the village in figures and nobody in them', async () => {
  await box.residents.look()
  expect(counted()).toEqual([])
  await bring(120)
  await box.residents.look()
  expect(counted(), 'a file of this hour may be taken back').toEqual([])
  box.time.advance(13 * hourMs)
  await box.residents.look()
  await box.residents.look()
  const [one, ...more] = counted()
  expect(more).toEqual([])
  expect(one).toMatchObject({ month: '2026-11', asOf: '2026-11-01' })
  expect(one?.total).toBe((await box.residents.figures()).total)
  const shown = one?.groups.flatMap(({ cells }) => cells.map(({ n }) => n)) ?? []
  expect(shown).toContain('few')
  expect(shown.filter((n) => typeof n === 'number' && n > 0 && n < 5)).toEqual([])
  expect(one?.groups.map(({ name }) => name)).toContain('place')

  box.time.advance(10 * dayMs)
  await box.residents.look()
  expect(counted().map(({ month }) => month)).toEqual(['2026-11', '2026-12'])
})

test('a village of very many places sends all but these', async () => {
  const people = Array.from({ length: 300 }, (_, i) => ({
    ...{ name: `WARGA ${i}`, sex: 1, birthDate: '1980-01-01', hamlet: `DUSUN ${'PANJANG '.repeat(6)}${i}` },
  }))
  await bringResidents(box, residentSheet(people), { actor: 'secretary-000' })
  box.time.advance(13 * hourMs)
  await box.residents.look()
  expect(counted()[0]?.groups.map(({ name }) => name)).not.toContain('place')
})
