import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hourMs } from '../../appliance/base/time.ts'
import { makeResidents } from '../../appliance/cli/demo-residents.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { residentsFold } from './residents.ts'

const village = '3510012001'
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('figures', [village])
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

test('a village’s figures of a month are rows at the regency, and what is hidden is NULL there', async () => {
  await place.openReadyHub()
  const box = await place.openOffice(village)
  const people = makeResidents({ seed: 4, count: 120, village })
  await bringResidents(box, residentSheet(people), { actor: 'secretary-000' })
  box.time.advance(13 * hourMs)
  await box.residents.look()
  const rows = async (name: string) =>
    (
      await place.database.query<{ cell: string; n: number | null; month: string }>(
        'SELECT cell, n, month::text FROM resident_figure WHERE village = $1 AND name = $2 ORDER BY cell',
        [village, name],
      )
    ).rows
  await until(async () => (await rows('total')).length > 0)
  const { total, groups } = await box.residents.figures()
  expect(await rows('total')).toEqual([{ cell: '', n: total, month: expect.stringMatching(/^\d{4}-\d{2}-01$/) }])
  const sexes = groups.find(({ name }) => name === 'sex')?.cells ?? []
  expect((await rows('sex')).map(({ cell, n }) => [cell, n])).toEqual(
    sexes.map(({ key, n }) => [key, typeof n === 'number' ? n : null]).sort(),
  )
  const all = [...(await rows('age')), ...(await rows('work')), ...(await rows('male'))].map(({ n }) => n)
  expect(all).toContain(null)
  expect(all.filter((n) => n !== null && n > 0 && n < 5)).toEqual([])
})

test('of two counts of one month the later one stands, in whatever order they come', async () => {
  const entry = (at: number, total: number) => ({
    ...{ name: Buffer.from(`${at}`), type: 'residents.counted', at },
    data: { month: '2026-10', total, groups: [{ name: 'sex', cells: [{ key: '1', n: total }] }] },
  })
  const later = residentsFold.fold([entry(2_000, 12), entry(1_000, 11)])
  const early = residentsFold.fold([entry(1_000, 11)])
  for (const folded of [later, early])
    await place.database.inTransaction((client) => residentsFold.write(client, village, folded))
  const select = `SELECT name, n FROM resident_figure WHERE village = $1 AND month = '2026-10-01' ORDER BY name`
  expect((await place.database.query(select, [village])).rows).toEqual([
    { name: 'sex', n: 12 },
    { name: 'total', n: 12 },
  ])
})
