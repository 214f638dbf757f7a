import { CFB, utils } from '@e965/xlsx'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspectHere, keepFile, makeWorkbook, makeZip, readHere, saidOf } from '../../testing/import-files.ts'
import { inspectFile } from './read-file.ts'

/* Spreadsheets of every kind; all of them made here. */

const head = ['nik', 'nama', 'tanggallahir', 'agama_id', 'rt']
const people = [
  ['3510240107990001', 'BUDI SANTOSO', 36342, 1, 4],
  ['3510244712010002', 'SITI AMINAH', '07-12-2001', 'BUDHA', '004'],
  ['0', 'JOKO', '12 Agustus 1945', 'Katholik', '-'],
]
const want = [
  { nik: '3510240107990001', name: 'BUDI SANTOSO', birthDate: '1999-07-01', religion: 1, rt: '004' },
  { nik: '3510244712010002', name: 'SITI AMINAH', birthDate: '2001-12-07', religion: 5, rt: '004' },
  { name: 'JOKO', birthDate: '1945-08-12', religion: 3 },
]

test.each([
  ['xlsx', 'xlsx'],
  ['xlsm', 'xlsx'],
  ['ods', 'ods'],
  ['biff8', 'xls'],
  ['biff5', 'xls'],
  ['xlml', 'html'],
  ['html', 'html'],
] as const)('the same people as %s', async (bookType, kind) => {
  const file = makeWorkbook(bookType, {
    'Data Penduduk': [head, ...people],
    'Kode Data': [
      ['sex', 'id'],
      ['L', 1],
    ],
  })
  const found = await inspectHere(file)
  expect(found).toMatchObject({ format: 'opensid', kind })
  const { rows, people: read } = await readHere(file)
  expect(read).toEqual(want)
  expect(rows.map(({ row }) => row)).toEqual([2, 3, 4])
})

test('days are days whatever the spreadsheet counts them from, and however it shows them', async () => {
  const sheet = (cells: (string | number)[]) =>
    makeWorkbook('xlsx', {
      A: [['nik', 'nama', 'tanggallahir'], ...cells.map((cell, at) => [`0`, `ORANG ${at}`, cell])],
    })
  const { people: read } = await readHere(
    sheet([
      1,
      59,
      61,
      36342,
      36342.75,
      '1999-07-01',
      '1999-07-01 00:00:00',
      '1/7/1999',
      '01.07.99',
      '01071999',
      '19990701',
      '1 Juli 1999',
      '01-JUL-99',
    ]),
  )
  const july = Array.from({ length: 10 }, () => '1999-07-01')
  expect(read.map(({ birthDate }) => birthDate)).toEqual([undefined, undefined, undefined, ...july])
  const old = makeWorkbook('xlsx', { A: [head, ['0', 'BUDI', 36342 - 1462, 1, 4]] })
  expect((await readHere(old)).people[0]?.birthDate).toBe('1995-06-30')
})

test.each([
  ['a number of fewer than 16 digits is exact', 351024200800001, '0351024200800001', []],
  ['a number that another program kept whole is exact', 3510240107990013, '3510240107990013', []],
  ['one that Excel rounded has lost its end', 3510240107990010, undefined, ['refused nik-rounded']],
  ['one that no number can hold', Number('9171024010799001'), undefined, ['refused nik-rounded']],
  ['nothing', 0, undefined, []],
])('a NIK kept as a number: %s', async (_what, nik, kept, said) => {
  for (const bookType of ['xlsx', 'biff8', 'ods'] as const) {
    const { rows } = await readHere(
      makeWorkbook(bookType, {
        A: [
          ['nik', 'nama'],
          [nik, 'BUDI'],
          [null, 'SITI'],
        ],
      }),
    )
    expect(rows[0]?.person.nik).toBe(kept)
    expect(saidOf(rows[0])).toEqual(said)
  }
})

test('other sheets, hidden columns and rows, empty rows and sums change nothing', async () => {
  const cells = [['DAFTAR PENDUDUK DESA'], [], head, ...people.slice(0, 1), [], [], ...people.slice(1), ['JUMLAH', 3]]
  const file = makeWorkbook(
    'xlsx',
    {
      Petunjuk: [
        ['nik', 'nama'],
        ['cara', 'mengisi'],
      ],
      Data: cells,
      Sheet2: [],
      Sheet3: [['x']],
    },
    (sheet) => {
      sheet['!cols'] = [{ hidden: true }, {}, { hidden: true }]
      sheet['!rows'] = [{}, {}, {}, { hidden: true }]
    },
  )
  const { sheet, people: read, rows, counts } = await readHere(file)
  expect(sheet).toBe('Data')
  expect(read).toEqual(want)
  expect(rows.map(({ row }) => row)).toEqual([4, 7, 8])
  expect(counts).toEqual({ rows: 3, skipped: 1 })
  expect((await inspectHere(file, 'Sheet3')).columns.map(({ heading }) => heading)).toEqual(['x'])
})

test('a formula counts by its value; one without, and one that failed, are named', async () => {
  const sheet = (cells: string) =>
    `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>nik</t></is></c><c r="B1" t="inlineStr"><is><t>nama</t></is></c><c r="C1" t="inlineStr"><is><t>alamat</t></is></c></row>${cells}</sheetData></worksheet>`
  const file = makeZip({
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': sheet(
      [
        '<row r="2"><c r="A2" t="str"><f>TEXT(1,"0")</f><v>3510240107990001</v></c><c r="B2" t="str"><f>A1&amp;"&gt;"</f><v>BUDI &amp; CO</v></c></row>',
        '<row r="3"><c r="A3"><f>Z1</f></c><c r="B3" t="inlineStr"><is><t>SITI</t></is></c></row>',
        '<row r="4"><c r="A4" t="inlineStr"><is><t>0</t></is></c><c r="B4" t="inlineStr"><is><r><t>JO</t></r><r><t xml:space="preserve">KO _x000D_</t></r></is></c><c r="C4" t="e"><f>Z1</f><v>#REF!</v></c></row>',
      ].join(''),
    ),
  })
  const { rows } = await readHere(file)
  expect(rows.map(({ person }) => person)).toEqual([
    { nik: '3510240107990001', name: 'BUDI & CO' },
    { name: 'SITI' },
    { name: 'JOKO' },
  ])
  expect(rows.map(saidOf)).toEqual([[], ['refused cell-formula'], ['noted cell-error']])
})

test('numbers below a heading of two merged rows are no people', async () => {
  const cells = [
    ['No', 'Nama Lengkap', 'NIK', 'Tempat dan Tanggal Lahir', null, 'JK'],
    [null, null, null, 'Tempat Lahir', 'Tgl/Bln/Th', null],
    [1, 2, 3, 4, 5, 6],
    [1, 'BUDI', '3510240107990001', 'GENTENG', 36342, 'Lk'],
  ]
  const file = makeWorkbook('biff8', { A: cells }, (sheet) => {
    sheet['!merges'] = ['D1:E1', 'A1:A2', 'B1:B2', 'C1:C2', 'F1:F2'].map((area) => utils.decode_range(area))
  })
  const { people: read, columns } = await readHere(file)
  expect(read).toEqual([
    { name: 'BUDI', nik: '3510240107990001', birthPlace: 'GENTENG', birthDate: '1999-07-01', sex: 1 },
  ])
  expect(columns.map(({ heading }) => heading)).toEqual([
    'No',
    'Nama Lengkap',
    'NIK',
    'Tempat Lahir',
    'Tgl/Bln/Th',
    'JK',
  ])
})

test('a page that calls itself .xls is read, with digits as they stand', async () => {
  const page =
    '<html><head><meta charset="utf-8"></head><body><table><tr><th>NIK</th><th>Nama</th><th>No KK</th></tr><tr><td>3510240107990001</td><td>BUDI &amp; SITI</td><td>0351024200800001</td></tr></table></body></html>'
  const { people: read } = await readHere(page)
  expect(read).toEqual([{ nik: '3510240107990001', name: 'BUDI & SITI', kk: '0351024200800001' }])
})

test.each([
  ['.xlsx', lockedXlsx()],
  [
    '.ods',
    makeZip({
      mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
      'content.xml': 'x',
      'META-INF/manifest.xml': '<manifest:encryption-data/>',
    }),
  ],
  ['ZIP', makeZip({ 'xl/workbook.xml': '<workbook/>' }, 1)],
  ['.xls', lockedXls()],
])('a %s under a password is refused by name', async (_kind, file) => {
  await expect(inspectHere(file)).rejects.toMatchObject({ kind: 'invalid', code: 'imports.locked' })
})

/** What Office makes of a book under a password: the ZIP is inside, encrypted. */
function lockedXlsx(): Buffer {
  const file = CFB.utils.cfb_new()
  CFB.utils.cfb_add(file, '/EncryptionInfo', Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]))
  CFB.utils.cfb_add(file, '/EncryptedPackage', Buffer.alloc(64))
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array)
}

/** Excel 97's way: a record FilePass behind the first. */
function lockedXls(): Buffer {
  const file = CFB.utils.cfb_new()
  const begin = [0x09, 0x08, 16, 0, 0, 6, 5, 0, 0xbb, 0x0d, 0xcc, 7, 0, 0, 0, 0, 6, 0, 0, 0]
  const pass = [0x2f, 0, 54, 0, 1, 0, 1, 0, 1, 0, ...Array.from({ length: 48 }, (_, at) => at)]
  CFB.utils.cfb_add(file, '/Workbook', Buffer.from([...begin, ...pass, 0x0a, 0, 0, 0]))
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array)
}

test('a ZIP with a list in it says that it has to be opened first', async () => {
  const file = makeZip({ 'penduduk_2026_opendk.xlsx': makeWorkbook('xlsx', { A: [head] }), 'foto/1.jpg': 'x' })
  await expect(inspectHere(file)).rejects.toMatchObject({ kind: 'invalid', code: 'imports.zip' })
})

test('a small file that grows without end is refused before it fills the box', async () => {
  const bomb = makeZip({
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': '<worksheet><sheetData/></worksheet>',
    'xl/sharedStrings.xml': `<sst>${'<si><t></t></si>'.repeat(4_000_000)}`,
  })
  expect(bomb.length).toBeLessThan(300_000)
  await expect(inspectFile(keepFile(bomb))).rejects.toMatchObject({ kind: 'invalid', code: 'imports.bomb' })
})

test.each<[string, Buffer | string]>([
  ['half a spreadsheet', makeWorkbook('xlsx', { A: [head] }).subarray(0, 900)],
  ['half an old one', makeWorkbook('biff8', { A: [head] }).subarray(0, 600)],
  ['a ZIP of photographs', makeZip({ 'a.jpg': 'x' })],
  ['a PDF', '%PDF-1.7\n1 0 obj'],
])('%s is refused by name', async (_what, file) => {
  await expect(inspectHere(file)).rejects.toMatchObject({ kind: 'invalid', code: 'imports.not-a-table' })
})

test.each(['xlsx', 'ods', 'biff5', 'xlml'] as const)(
  'a .%s that is cut or damaged anywhere is refused or read',
  async (bookType) => {
    const whole = makeWorkbook(bookType, { A: [head, ...people] })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        async (at, byte, isCut) => {
          const file = isCut ? whole.subarray(0, at + 1) : Buffer.from(whole)
          if (!isCut) file[at] = byte
          try {
            await readHere(file)
          } catch (error) {
            expect(error).toMatchObject({ name: 'AppError', kind: 'invalid' })
          }
        },
      ),
      { numRuns: 300 },
    )
  },
)
