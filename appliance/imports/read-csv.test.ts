import { describe, expect, test } from 'vitest'
import { inspectHere, readHere, saidOf } from '../../testing/import-files.ts'

/* Lists as text. */

const table = [
  ['nik', 'nama', 'no_kk', 'tanggallahir', 'sex', 'alamat'],
  ['3510240107990001', 'BUDI SANTOSO', '3510240101010001', '01-07-1999', '1', 'Jl. Mélati'],
  ['3510244712010002', 'SITI AMINAH', '3510240101010001', '07-12-2001', 'P', 'Jl. Mélati'],
]
const text = (separator = ',') => table.map((cells) => cells.join(separator)).join('\r\n')
const budi = { nik: '3510240107990001', name: 'BUDI SANTOSO', sex: 1, birthDate: '1999-07-01' }
const siti = { nik: '3510244712010002', name: 'SITI AMINAH', sex: 2, birthDate: '2001-12-07' }
const family = { kk: '3510240101010001', address: 'Jl. Mélati' }

describe('the same list, however it was saved', () => {
  test.each<[string, string | Uint8Array]>([
    ['commas', text()],
    ['semicolons', text(';')],
    ['tabs', text('\t')],
    ['bars', text('|')],
    ['a first line that names the separator', `sep=;\r\n${text(';')}`],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text()}`)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${text('\t')}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${text('\t')}`, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(text(';'), 'latin1')],
    ['line ends of old Macs', text().replaceAll('\r\n', '\r')],
    ['a title above it', `DAFTAR PENDUDUK\n\n${text()}`],
  ])('%s', async (_how, content) => {
    const { format, people, rows } = await readHere(content)
    expect(format).toBe('opensid')
    expect(people).toEqual([
      { ...budi, ...family },
      { ...siti, ...family },
    ])
    expect(rows.map(saidOf)).toEqual([[], []])
  })

  test('rows are numbered as a spreadsheet counts them, empty ones included', async () => {
    const { rows, counts } = await readHere('nik,nama\n\n3510240107990001,"BUDI\nSANTOSO"\n,\n0,SITI\n')
    expect(rows.map(({ row, person }) => [row, person.name])).toEqual([
      [3, 'BUDI SANTOSO'],
      [5, 'SITI'],
    ])
    expect(counts).toEqual({ rows: 2, skipped: 0 })
  })
})

test('what was found is shown without saying who stands there', async () => {
  const found = await inspectHere(text(';'))
  expect(found).toMatchObject({ format: 'opensid', sheet: null, encoding: 'utf-8', kind: 'csv' })
  expect(found.columns.map(({ heading, field, sample }) => [heading, field, sample])).toEqual([
    ['nik', 'nik', ['9999999999999999']],
    ['nama', 'name', ['AAAA AAAAAAA', 'AAAA AAAAAA']],
    ['no_kk', 'kk', ['9999999999999999']],
    ['tanggallahir', 'birthDate', ['99-99-9999']],
    ['sex', 'sex', ['9', 'A']],
    ['alamat', 'address', ['Aa. Aaaaaa']],
  ])
})

test('columns are matched by a person where no heading says what they are', async () => {
  const content = 'Kode;Siapa;X\n3510240107990001;Budi;y\n0;Siti;z'
  const { format, people } = await readHere(content, { fields: { 0: 'nik', 1: 'name' } })
  expect(format).toBe('plain')
  expect(people).toEqual([{ nik: '3510240107990001', name: 'Budi' }, { name: 'Siti' }])
  await expect(readHere(content, { fields: { 2: 'address' } })).rejects.toMatchObject({ code: 'imports.no-column' })
})

test('a list without headings loses no row', async () => {
  const { people } = await readHere('3510240107990001;Budi\n0;Siti', { fields: { 0: 'nik', 1: 'name' } })
  expect(people).toEqual([{ nik: '3510240107990001', name: 'Budi' }, { name: 'Siti' }])
})

test.each([
  ['3510240107990001', []],
  ["'3510240107990001", []],
  ['’3510240107990001', []],
  ['3510 2401 0799 0001', []],
  ['3510240107990001.0', []],
  ['0', []],
  ['', []],
  ['-', []],
  ['0351024200800001', []],
  ['3.51024E+15', ['refused nik-rounded']],
  ['3,51E+15', ['refused nik-rounded']],
  ['351024010799001', ['refused nik-digits']],
  ['3510240107990000', ['refused nik-serial']],
])('a NIK written %s: %j', async (nik, want) => {
  const { rows } = await readHere(`nik;nama\n"${nik}";BUDI`)
  expect(rows.map(saidOf)).toEqual([want])
})

test('values are masked in what is said of them', async () => {
  const { rows } = await readHere('nik;nama;tanggallahir;pekerjaan_id\n3510240107990000;BUDI;31-02-1999;Tukang ojek')
  expect(rows[0]?.problems).toEqual([
    { severity: 'noted', code: 'date-unknown', column: 'tanggallahir', value: '31-02-1999' },
    { severity: 'noted', code: 'code-unknown', column: 'pekerjaan_id', value: 'Tukang ojek' },
    { severity: 'refused', code: 'nik-serial', column: 'nik', value: '351024******0000' },
  ])
})

describe('who stands there twice', () => {
  const head = 'nik;nama;tempatlahir;tanggallahir;status_dasar\n'
  const of = async (...lines: string[]) => {
    const { rows } = await readHere(head + lines.join('\n'))
    return rows.map((row) => [row.row, ...row.problems.map(({ code, details }) => `${code} ${details?.row}`)])
  }

  test('one person twice is taken once, and the other row names the first', async () => {
    const line = '3510240107990001;BUDI;GENTENG;01-07-1999;'
    expect(await of(line, line.replace('BUDI', 'Budi'))).toEqual([[2], [3, 'twice-in-file 2']])
  })

  test('a number of two people is refused to both, whichever stands first', async () => {
    const [budi, joko] = ['3510240107990001;BUDI;GENTENG;01-07-1999;', '3510240107990001;JOKO;GENTENG;01-07-1999;']
    expect(await of(budi, joko)).toEqual([
      [2, 'nik-of-two 3'],
      [3, 'nik-of-two 2'],
    ])
  })

  test('a number of somebody dead or no longer valid is that of the living one', async () => {
    const [dead, living] = ['3510240107990001;BUDI;GENTENG;01-07-1999;2', '3510240107990001;JOKO;GENTENG;01-07-1999;1']
    expect(await of(dead, living)).toEqual([[2, 'nik-of-living 3'], [3]])
    expect(await of(living, dead)).toEqual([[2], [3, 'nik-of-living 2']])
  })

  test('people without a NIK are told apart by name, birth place and birth date', async () => {
    expect(await of('0;BUDI;GENTENG;01-07-1999;', '0;BUDI;GENTENG;02-07-1999;', '0;Budi;Genteng;01/07/1999;')).toEqual([
      [2],
      [3],
      [4, 'twice-in-file 2'],
    ])
    expect(await of('0;BUDI;;;', '0;BUDI;;;')).toEqual([[2], [3]])
  })
})

test('### ends the people, sums and repeated headings are none, and hidden values are named', async () => {
  const lines = ['nik;nama;alamat', '0;BUDI;########', 'nik;nama;alamat', 'JUMLAH;1;', '###;;', '0;SITI;']
  const { people, rows, counts } = await readHere(lines.join('\n'))
  expect(people).toEqual([{ name: 'BUDI' }])
  expect(saidOf(rows[0])).toEqual(['noted cell-hidden'])
  expect(counts).toEqual({ rows: 1, skipped: 2 })
})

test('being in a list is a mark, with the day of the list', async () => {
  const { people } = await readHere('nik;nama\n3510240107990001;BUDI', { mark: 'PKH' })
  expect(people[0]?.marks).toEqual([{ mark: 'PKH', asOf: '2026-11-01' }])
})

test('five hundred columns are read, more than a thousand are refused', async () => {
  const wide = (columns: number) => {
    const more = Array.from({ length: columns - 2 }, (_, at) => `k${at}`)
    return [['nik', 'nama', ...more].join(';'), ['0', 'BUDI', ...more].join(';')].join('\n')
  }
  expect((await readHere(wide(500))).people).toEqual([{ name: 'BUDI' }])
  await expect(inspectHere(wide(1_001))).rejects.toMatchObject({ code: 'imports.too-wide' })
})

test.each<[string, string | Uint8Array, string]>([
  ['nothing', '', 'imports.empty'],
  ['blanks', ' \n;;;\n', 'imports.empty'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 1, 2, 3]), 'imports.not-a-table'],
  ['a quotation mark that is never closed', `nik,nama\n0,"BUDI\n${'0,SITI\n'.repeat(50_000)}`, 'imports.quote-open'],
])('%s is refused by name', async (_what, content, code) => {
  await expect(readHere(content)).rejects.toMatchObject({ kind: 'invalid', code })
})
