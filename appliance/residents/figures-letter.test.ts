import { expect, test } from 'vitest'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { describeFigures } from './figures-letter.ts'
import type { FiguresView } from './views.ts'

const office = {
  ...{ village: '3510242008', name: 'Desa Tamansari', district: 'Licin', zone: 'Asia/Jakarta' },
  ...{ now: Date.UTC(2026, 10, 30, 2), clock: 'synced', drafts: [] },
}
const cell = (key: string, label: string, n: number | 'few' | 'hidden') => ({ key, label, n })
const figures: FiguresView = {
  total: 2_345,
  groups: [
    { name: 'sex', cells: [cell('1', 'LAKI-LAKI', 1_200), cell('2', 'PEREMPUAN', 1_145)] },
    {
      name: 'religion',
      cells: [
        ...[cell('1', 'ISLAM', 2_331), cell('2', 'KRISTEN', 'hidden'), cell('4', 'HINDU', 'few')],
        cell('5', 'BUDDHA', 'few'),
      ],
    },
    { name: 'marital', cells: [cell('?', '', 2_345)] },
  ],
  pyramid: [
    { label: '0–4', male: 100, female: 50 },
    { label: '75+', male: 'hidden', female: 'few' },
  ],
}
const content = (language = 'id') =>
  JSON.stringify(
    describeFigures(
      {
        figures,
        origin: { format: 'opensid', source: 'penduduk.xlsx', asOf: '2026-11-01', at: 0 },
        ...{ office: office as never, head: 'Suwarno', regency: null },
      },
      openCatalogues().speak(language),
    ).content,
  )

test('the letter has each sum, the file that they are from, and who signs', () => {
  for (const words of [
    '2.345',
    'LAKI-LAKI',
    '1.145',
    'penduduk.xlsx, keadaan 1 November 2026',
    'tidak diketahui',
    'Suwarno',
  ])
    expect(content()).toContain(words)
})

test('a small cell is told as such, together with the others of its table, and what would give it away is a dash', () => {
  expect(content()).toContain('["HINDU, BUDDHA",{"text":"< 5"')
  expect(content()).toContain('["KRISTEN",{"text":"–"')
})

test('the longest bar of the pyramid fills its side, half as many are half as long, and what is hidden has none', () => {
  const widths = [...content().matchAll(/<rect [^>]*? width=\\"([\d.]+)\\"/g)].map(([, width]) => Number(width))
  expect(widths).toEqual([0, 0, 201, 100.5])
  expect(content()).toContain('&lt; 5')
})

test('in English it is English', () => {
  expect(content('en')).toContain('2,345')
  expect(content('en')).toContain('Age and sex')
})
