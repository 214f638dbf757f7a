import { expect, test } from 'vitest'
import { readCatalogues } from '../../appliance/base/messages/catalogues.ts'
import { findDifferences, printDifferences } from './differences.ts'
import { type FileProblem, readDatasetFile } from './read-file.ts'

const readWhole = (dataset: Parameters<typeof readDatasetFile>[0], text: string) =>
  readDatasetFile(dataset, Buffer.from(text))

/** As the command line prints it. */
function read(...asked: Parameters<typeof readWhole>) {
  const { content, problems } = readWhole(...asked)
  return { content, problems: problems.map(({ text }) => text) }
}

test('a table of services as a spreadsheet saves it is read: lists in a cell, empty cells, a comma in a number', () => {
  const table = `Code;Name;Requires;Minutes;Fee;Result;Agency
ktp-baru;KTP-el baru;"KK asli; surat pengantar RT";10;0;KTP-el;disdukcapil
sku;Keterangan usaha;;15;;;
`
  expect(read('services', table)).toEqual({
    content: {
      services: [
        {
          ...{
            code: 'ktp-baru',
            name: 'KTP-el baru',
            requires: ['KK asli', 'surat pengantar RT'],
            minutes: 10,
            fee: 0,
          },
          ...{ result: 'KTP-el', agency: 'disdukcapil' },
        },
        { code: 'sku', name: 'Keterangan usaha', requires: [], minutes: 15 },
      ],
    },
    problems: [],
  })
  expect(read('indicators', 'code,name,value,unit,period\nipm,IPM,"71,64",,2025').content).toEqual({
    indicators: [{ code: 'ipm', name: 'IPM', value: 71.64, period: '2025' }],
  })
})

test('R18: JSON that Notepad has saved as "Unicode" is JSON, and a workbook is said to be one', () => {
  const json = '{"holidays":[{"day":"2027-01-01","name":"Tahun baru é"}]}'
  const { content, problems } = readDatasetFile('holidays', Buffer.from(`\ufeff${json}`, 'utf16le'))
  expect([content, problems]).toEqual([JSON.parse(json), []])
  const workbook = Buffer.from([0x50, 0x4b, 3, 4, 0x14, 0, 6, 0, 8, 0, 0, 0])
  expect(readDatasetFile('services', workbook).problems).toMatchObject([{ why: 'workbook' }])
})

test('A15: texts of JSON are tidied like those of a table, a flow is left as it is', () => {
  const day = { day: '2027-01-01', name: ' Tahun\u202e baru\u0301 ' }
  const { content } = readWhole('holidays', JSON.stringify({ holidays: [day] }))
  expect(content).toEqual({ holidays: [{ day: '2027-01-01', name: 'Tahun bar\u00fa' }] })
  const node = { id: 'n', type: 'comment', info: ' \u202ex' }
  expect(readWhole('flows', JSON.stringify([node])).content).toEqual({ flows: [node] })
})

test('hours are one row, a column for each day, spans with dots or colons, and an empty day is closed', () => {
  const head = 'monday,tuesday,wednesday,thursday,friday,saturday,sunday'
  const day = '08.00-12.00 13:00–15:30'
  const { content, problems } = read('hours', `${head}\n${Array(5).fill(day).join(',')},,\n`)
  const open = [
    { from: 480, until: 720 },
    { from: 780, until: 930 },
  ]
  expect([content, problems]).toEqual([{ week: [[], open, open, open, open, open, []] }, []])
  expect(read('hours', `${head}\n${day},${day},x,,,,\n`).problems).toEqual(['line 2, wednesday: week: must be integer'])
  expect(read('hours', `${head}\n08.00-07.00,,,,,,\n`).problems).toEqual([
    'line 2, monday: week: spans must follow each other',
  ])
})

test('twenty rows with mistakes: every mistake is named by its line, its column and what is wrong', () => {
  const bad = [
    'KTP,KTP,,10,0,,', // capital letters
    'sku,,,15,,,', // no name
    'skd,Domisili,,0,,,', // no minutes
    'akta,Akta,,lama,,,', // a word where a number is
    'akta,Akta lagi,,10,-5,,', // twice, and a fee below nothing
    ...Array.from({ length: 15 }, (_, n) => `l-${n},Layanan ${n},,999,,,`),
  ]
  const { problems } = read('services', ['code,name,requires,minutes,fee,result,agency', ...bad].join('\n'))
  expect(problems).toHaveLength(21)
  expect(problems.slice(0, 5).map((one) => one.split(': ').slice(0, 2).join(': '))).toEqual([
    'line 2: code',
    'line 3: name',
    'line 4: minutes',
    'line 5: minutes',
    'line 6: fee',
  ])
  expect(problems.every((one) => /^line \d+: \w+: .{5,}/.test(one))).toBe(true)
  expect(read('services', 'code,name,minutes\na,A,5\na,B,5').problems).toEqual([
    'line 3: code: a stands in row 1 already',
  ])
})

test('a misspelt heading, a column that lacks, no JSON and an empty file are said', () => {
  expect(read('holidays', 'day,nmae\n2026-12-25,Natal').problems.join('\n')).toMatch(/nmae.*name/s)
  expect(read('holidays', 'day\n2026-12-25').problems).toEqual([
    'line 1: lacks the columns name; columns are day, name',
  ])
  expect(read('holidays', '{"holidays":[').problems).toEqual([expect.stringMatching(/^this is no JSON: /)])
  expect(read('holidays', '{"holiday":[]}').problems).toEqual([
    expect.stringMatching(/^the file: holidays: /),
    'the file: holiday: is not known. Is it "holidays"? Known: holidays',
  ])
  expect(read('holidays', '').problems).not.toEqual([])
  expect(read('holidays', 'PK\u0003\u0004…').problems).toEqual([
    'this is a workbook (.xlsx, .xls or .ods); save it as CSV and take that file',
  ])
  expect(read('holidays', 'day,name\n2026-02-30,Tak ada').problems).toEqual(['line 2: day: 2026-02-30 is no day'])
})

test('a page is told each problem in parts: where it is, why, the bound and what stands there', () => {
  const parts = (...asked: Parameters<typeof readWhole>) =>
    readWhole(...asked).problems.map(({ line, row, column, why, bound, found }) => [
      ...[line ?? `row ${row}`, column, why],
      ...[bound, found].filter((one) => one !== null && one !== ''),
    ])
  const rows = ['KTP,KTP,0,', 'a,,lama,', '', `a,${'x'.repeat(61)},999,-1`]
  expect(parts('services', ['code,name,minutes,fee', ...rows].join('\n'))).toEqual([
    [2, 'code', 'pattern', 'KTP'],
    [2, 'minutes', 'least', 1, '0'],
    [3, 'name', 'missing'],
    [3, 'minutes', 'integer', 'lama'],
    [5, 'name', 'long', 60, 'x'.repeat(60)],
    [5, 'minutes', 'most', 480, '999'],
    [5, 'fee', 'least', 0, '-1'],
    [5, 'code', 'twice', 3, 'a'],
  ])
  expect(parts('holidays', 'day,nmae\n2026-12-25,x')).toEqual([
    [1, '', 'headings', 'name'],
    [1, '2', 'heading-unknown', 'nmae'],
  ])
  expect(
    parts('hours', `${['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']}\n,x,,,,,`),
  ).toEqual([[2, 'monday', 'hours', 'x']])
  expect(parts('holidays', '{"holidays":[{"day":"2026-12-25","name":" "},{"day":"x","name":"y"}]}')).toEqual([
    ['row 1', 'name', 'missing'],
    ['row 2', 'day', 'pattern', 'x'],
  ])
  expect(parts('holidays', '{"holidays":[{"day":"2026-12-25","name":"y","nmae":1}],"holliday":[]}')).toEqual([
    ['row null', 'holliday', 'member-unknown'],
    ['row 1', 'nmae', 'member-unknown'],
  ])
  expect(parts('holidays', '{\n1}')).toEqual([[2, '', 'no-json']])
})

test('a member of JSON that nobody would read is named with its row, and the one that is nearest to it', () => {
  const row = '{"code":"a","name":"A","requires":[],"minutes":5,"minuets":9}'
  expect(read('services', `{"services":[${row}]}`).problems).toEqual([
    'row 1: minuets: is not known. Is it "minutes"? Known: code, name, requires, minutes, fee, result, agency, procedure, complaints, withinMinutes, withinDays, letter',
  ])
})

test('the console has words for whatever can be wrong', () => {
  const whys = {
    ...{
      missing: 1,
      'member-unknown': 1,
      twice: 1,
      'no-such-day': 1,
      'no-such-type': 1,
      overlap: 1,
      integer: 1,
      number: 1,
      text: 1,
      least: 1,
      most: 1,
      long: 1,
    },
    ...{
      many: 1,
      pattern: 1,
      wrong: 1,
      'heading-twice': 1,
      'heading-none': 1,
      'heading-unknown': 1,
      rows: 1,
      hours: 1,
    },
    ...{ 'below-no-heading': 1, 'quote-open': 1, 'quote-inside': 1, 'quote-behind': 1, 'no-table': 1, headings: 1 },
    ...{ 'one-row': 1, 'no-json': 1, workbook: 1 },
  } satisfies Record<FileProblem['why'], 1>
  const patterned = ['code', 'agency', 'day', 'phone', 'whatsapp', 'period'].map((column) => `pattern-${column}`)
  const said = Object.keys(whys).flatMap((why) => (why === 'pattern' ? patterned : [why]))
  for (const words of readCatalogues().values())
    expect(said.filter((why) => !(`hub.data-why-${why}` in words))).toEqual([])
})

test('what is far longer than a dataset may be is said so, and not looked at row by row', () => {
  expect(read('services', `code,name,minutes\n${'A,,x\n'.repeat(1_001)}`).problems).toEqual([
    'the file: services: must not have more than 1000 items',
  ])
  expect(read('services', `code,name,minutes\n${'A,,x\n'.repeat(20_000)}`).problems).toEqual([
    'line 1: the table has more than 10000 rows',
  ])
})

test('what a version changes: new rows, those that are gone, and which members of the others', () => {
  const before = {
    services: [
      { code: 'a', name: 'A', minutes: 5, fee: null },
      { code: 'b', name: 'B' },
      { code: 'c', name: 'C' },
    ],
  }
  const after = {
    services: [
      { code: 'a', name: 'A', minutes: 9 },
      { code: 'c', name: 'C' },
      { code: 'd', name: 'D' },
    ],
  }
  const found = findDifferences('services', before, after)
  expect(found).toEqual({
    added: [{ name: 'd D' }],
    removed: [{ name: 'b B' }],
    changed: [{ name: 'a A', members: ['minutes'] }],
    same: 1,
  })
  expect(printDifferences(found)).toBe('+ d D\n- b B\n~ a A: minutes\n1 new, 1 gone, 1 changed, 1 as before')
  const week = Array(7).fill([])
  expect(findDifferences('hours', null, { week }).added).toHaveLength(1)
  expect(findDifferences('hours', { week }, { week: week.with(2, [{ from: 480, until: 720 }]) }).changed).toEqual([
    { name: 'week', members: ['tuesday'] },
  ])
})

test('a set of flows is what Node-RED exports, or a file of a box; types that no box has are named with their place', () => {
  const nodes = [
    { id: 'a', type: 'tab', label: 'Lampu' },
    { id: 'b', type: 'inject', z: 'a', wires: [['c']] },
  ]
  const file = (content: unknown) => readDatasetFile('flows', Buffer.from(JSON.stringify(content)))
  expect(file(nodes)).toEqual({ content: { flows: nodes }, problems: [] })
  expect(file({ balai: 'flows', village: '3510242008', version: 3, flows: nodes })).toEqual({
    content: { flows: nodes },
    problems: [],
  })
  expect(file([...nodes, { id: 'c', type: 'exec' }]).problems.map(({ text }) => text)).toEqual([
    'row 3: type: no box has nodes of the type "exec"',
  ])
  expect(file([...nodes, nodes[0]]).problems.map(({ text }) => text)).toEqual(['row 3: id: a stands in row 1 already'])
  expect(file('hello').problems).toHaveLength(1)
  expect(readDatasetFile('flows', Buffer.from('id,type\na,tab')).problems.map(({ why }) => why)).toEqual(['no-json'])
})
