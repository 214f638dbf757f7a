import { expect, test } from 'vitest'
import { toCsv } from './spreadsheet.ts'

test('a spreadsheet opens the table, and takes no cell of it for a formula', () => {
  const [heading, ...rows] = toCsv([
    ['Desa', 'Catatan', 'n'],
    ['Licin; "atas"', '=HYPERLINK("http://x")', 1.5],
    ['@SUM(A1)', 'dua\nbaris', null],
    ['-1', '+62 812', -1],
  ]).split('\r\n')
  expect(heading).toBe('\ufeffDesa;Catatan;n')
  expect(rows).toEqual([
    `"Licin; ""atas""";"'=HYPERLINK(""http://x"")";1,5`,
    `'@SUM(A1);"dua\nbaris";`,
    `'-1;'+62 812;-1`,
    '',
  ])
})
