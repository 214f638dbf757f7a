import { describe, expect, test } from 'vitest'
import { readCsv } from './csv.ts'

/* Tables as they come out of spreadsheets, editors and mail in an Indonesian office. */

const known = ['code', 'name', 'wifi', 'wifi_password']
const lines = ['code,name', '1,Satu', '2,Dua']
const want = [
  { line: 2, code: '1', name: 'Satu' },
  { line: 3, code: '2', name: 'Dua' },
]
const read = (file: Uint8Array | string) => {
  const { rows, problems } = readCsv(file, known)
  return {
    problems: problems.map(({ text }) => text),
    rows: rows.map(({ line, cell }) => ({ line, code: cell('code'), name: cell('name') })),
  }
}
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()

describe('the same table, however it was saved', () => {
  test.each<[string, Uint8Array | string]>([
    ['commas', lines.join('\n')],
    ['semicolons, as Excel writes here', lines.join('\r\n').replaceAll(',', ';')],
    ['tabs', lines.join('\n').replaceAll(',', '\t')],
    ['bars', lines.join('\n').replaceAll(',', '|')],
    ['CR only', lines.join('\r')],
    ['a byte-order mark', Buffer.from(`\ufeff${lines.join('\n')}`)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(lines.join('\n'), 'utf16le')],
    ['UTF-16, big end first', utf16be(lines.join('\n'))],
    ['blank rows at the end', `${lines.join('\n')}\n,,,,\n\n , \n`],
    ['headings in capitals, in another order', 'NAME,Code\nSatu,1\nDua,2'],
  ])('%s', (_name, file) => {
    expect(read(file)).toEqual({ rows: want, problems: [] })
  })

  test('sep= in the first line is believed, and counts as a line', () => {
    expect(read('sep=|\ncode|name\n1|Satu, Dua').rows).toEqual([{ line: 3, code: '1', name: 'Satu, Dua' }])
  })

  test('what is no UTF-8 is Windows’ own', () => {
    expect(read(Buffer.from('code,name\n1,Caf\xe9', 'latin1')).rows[0]?.name).toBe('Café')
  })

  test('a cell in quotes may hold separators, quotes and line ends; lines are counted as an editor does', () => {
    expect(read('code,name\n1,"Sari ""Ayu"",\nTimur"\n\n2,Dua').rows).toEqual([
      { line: 2, code: '1', name: 'Sari "Ayu",\nTimur' },
      { line: 5, code: '2', name: 'Dua' },
    ])
  })
})

describe('what cannot be sure is named with line and column', () => {
  test.each([
    [
      'an unknown heading, with the nearest',
      'code,name,wifi_pasword\n1,A,rahasia',
      /^line 1, column 3: "wifi_pasword" .* Is it "wifi_password"\?/,
    ],
    ['a heading twice', 'code,name,code\n1,A,2', /^line 1, column 3: the heading "code" stands there twice$/],
    ['a column without a heading', 'code,name,\n1,A,x', /^line 1, column 3: has no heading/],
    ['a cell below no heading', 'code,name\n1,A\n2,B,C', /^line 3, column 3: "C" stands below no heading$/],
    [
      'a quote that stays open',
      'code,name\n1,"A\n2,B',
      /^line \d, column \d+: a quotation mark \("\) is opened and never closed$/,
    ],
    ['a quote within a cell', 'code,name\n1,A "B"', /^line 2, column \d+: a quotation mark \("\) stands in the middle/],
    ['words behind a quote', 'code,name\n1,"A" B', /^line 2, column \d+: something stands behind a closing/],
  ])('%s', (_name, file, problem) => {
    expect(read(file).problems).toEqual([expect.stringMatching(problem)])
  })

  test('more rows than are wanted, and a row without an end, are said at once', () => {
    const table = ['code,name', ...Array.from({ length: 4 }, (_, n) => `${n},x`)].join('\n')
    expect(readCsv(table, known, 4).problems).toEqual([])
    expect(readCsv(table, known, 3)).toMatchObject({
      rows: [],
      problems: [{ why: 'rows', text: 'line 1: the table has more than 3 rows' }],
    })
    expect(readCsv('x'.repeat(100_000), known).problems).toMatchObject([{ line: 1, why: 'no-table' }])
  })
})

test('A15: a cell is tidied like what people type: NFC, nothing unseen, no direction that turns', () => {
  const { rows } = readCsv('name;note\nDe\u0301sa\u200b;\u202eabc\u0000\n\u200b;x\n', ['name', 'note'])
  expect(rows.map(({ cell }) => [cell('name'), cell('note')])).toEqual([
    ['D\u00e9sa', 'abc'],
    ['', 'x'],
  ])
})

test.each([
  ['.xlsx or .ods', [0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 0x22]],
  ['.xls', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0]],
])('R6: a workbook (%s) that was only called .csv is said to be one, once', (_kind, bytes) => {
  const table = readCsv(Uint8Array.from(bytes), ['name'])
  expect(table).toMatchObject({ columns: [], rows: [] })
  expect(table.problems.map(({ why, text }) => [why, text])).toEqual([
    ['workbook', expect.stringMatching(/^line 1: this is a workbook .*save it as CSV/)],
  ])
})

test('A15: what is said of a file carries nothing of it that a terminal would obey', () => {
  const { problems } = readCsv('na\u001b[2Jme;x\u202e\na;b;\u001b]0;c\u0007\n', ['name'])
  expect(problems.map(({ text }) => text).join()).not.toMatch(/\p{Cc}|\u202e/u)
})
