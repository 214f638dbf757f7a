import { expect, test } from 'vitest'
import { writeSheet } from './write-sheet.ts'

test('a spreadsheet opens the table, and takes no cell of it for a formula', () => {
  const [heading, ...rows] = writeSheet(
    ['Desa', 'Catatan', 'n'],
    [
      ['Licin; "atas"', '=HYPERLINK("http://x")', 1.5],
      ['@SUM(A1)', 'dua\nbaris', null],
      ['-1', '+62 812', -1],
    ],
  ).split('\r\n')
  expect(heading).toBe('\ufeffDesa;Catatan;n')
  expect(rows).toEqual([
    `"Licin; ""atas""";"'=HYPERLINK(""http://x"")";1,5`,
    `'@SUM(A1);"dua\nbaris";`,
    `'-1;'+62 812;-1`,
    '',
  ])
})

test.each([
  ['behind a line break', '\n=1+1', `"'\n=1+1"`],
  ['behind spaces', '  @SUM(A1)', `'  @SUM(A1)`],
  ['behind what nobody sees', '\u200b\u0000-1', `'\u200b\u0000-1`],
  ['by a wide sign', '＝1+1', `'＝1+1`],
  ['a tab alone', '\tx', `'\tx`],
])('nor one that begins %s', (_what, value, cell) => {
  expect(writeSheet(['x'], [[value]])).toBe(`\ufeffx\r\n${cell}\r\n`)
})
