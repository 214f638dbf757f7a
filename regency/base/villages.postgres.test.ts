import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { loadContacts, parseContacts } from './village-contacts.ts'
import { loadVillages, parseVillages } from './villages.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  opened = await openTestDatabase()
}, 30_000)
afterAll(() => opened.close())

const header = 'code,kind,name,district_code,district'
const csv = (...lines: string[]) => parseVillages([header, ...lines].join('\r\n'))
const table = async () =>
  (
    await opened.database.query(
      'SELECT village, name, valid_from::text AS "from", valid_to::text AS "to" FROM village ORDER BY village, valid_from',
    )
  ).rows

test('codes come with dots or without, cells in quotes or without', () => {
  expect(csv('35.10.01.2001,desa,"Sari ""Ayu"", Timur",351001,Pesanggaran')).toEqual([
    {
      village: '3510012001',
      kind: 'desa',
      name: 'Sari "Ayu", Timur',
      district_code: '351001',
      district: 'Pesanggaran',
    },
  ])
})

test('every line that cannot be taken is named', () => {
  expect(() =>
    csv(
      'x,desa,A,35.10.01,B',
      '35.10.01.2001,kota,A,35.10.01,B',
      '35.10.01.2001,desa,A,35.10.02,B',
      '35.10.01.2001,desa,,35.10.01,B',
    ),
  ).toThrow(/line 2: code[\s\S]*line 3: kind[\s\S]*line 4: district_code[\s\S]*line 5: name/)
  expect(() => csv('', '35.10.01.2001,desa,A,35.10.01,B', '', '3510012001,kota,A,35.10.01,')).toThrow(
    /line 5: kind[\s\S]*line 5: district is[\s\S]*line 5: 3510012001 stands there twice, first in line 3/,
  )
  expect(() => parseVillages('code;name\n')).toThrow(/lacks the columns kind, district_code, district/)
})

test('F45: a village that is renamed or gone keeps its row with dates', async () => {
  const one = '35.10.01.2001,desa,Lama,35.10.01,B'
  const two = '35.10.01.2002,desa,Dua,35.10.01,B'
  await loadVillages(opened.database, csv(one, two), '2026-01-01')
  await loadVillages(opened.database, csv(one, two), '2026-02-01')
  await loadVillages(opened.database, csv(one.replace('Lama', 'Baru')), '2026-03-01', { drop: 1 })
  expect(await table()).toEqual([
    { village: '3510012001', name: 'Lama', from: '2026-01-01', to: '2026-03-01' },
    { village: '3510012001', name: 'Baru', from: '2026-03-01', to: null },
    { village: '3510012002', name: 'Dua', from: '2026-01-01', to: '2026-03-01' },
  ])
  await loadVillages(opened.database, csv(one, two), '2026-03-01')
  expect((await table()).filter((row) => row.to === null)).toHaveLength(2)
})

test('N17: a file that would end villages is refused with their names, unless their number is said', async () => {
  const whole = csv('35.10.01.2001,desa,Satu,35.10.01,B', '35.10.01.2002,desa,Dua,35.10.01,B')
  await loadVillages(opened.database, whole, '2026-04-01')
  const before = await table()
  await expect(loadVillages(opened.database, csv(), '2026-04-02')).rejects.toThrow(
    /2 villages stand in the database and not in the file, and would end: 3510012001 Satu, 3510012002 Dua\. .*balai hub villages --drop 2/,
  )
  await expect(loadVillages(opened.database, whole, '2026-04-02', { drop: 1 })).rejects.toThrow(/no village is missing/)
  await expect(loadVillages(opened.database, whole.slice(1), '2026-04-02', { drop: 2 })).rejects.toThrow(/1 villages/)
  expect(await table()).toEqual(before)
  expect(await loadVillages(opened.database, whole.slice(1), '2026-04-02', { drop: 1 })).toEqual({
    added: 0,
    changed: 0,
    ended: ['3510012001'],
    difference: ['- 3510012001 Satu'],
  })
  const other = csv('35.10.01.2002,kelurahan,Dua Baru,35.10.01,B', '35.10.01.2003,desa,Tiga,35.10.01,B')
  expect((await loadVillages(opened.database, other, '2026-04-03')).difference).toEqual([
    '~ 3510012002 Dua: kind desa → kelurahan, name Dua → Dua Baru',
    '+ 3510012003 Tiga',
  ])
  expect((await loadVillages(opened.database, other, '2026-04-04')).difference).toEqual([])
})

test('whom to call stands in columns that may be left out, and what the file no longer says is gone', async () => {
  const called = async () => (await opened.database.query('SELECT * FROM village_contact ORDER BY village')).rows
  const file = (...lines: string[]) => [`${header},contact,phone,technician,technician_phone`, ...lines].join('\n')
  const whole = file(
    '35.10.01.2001,desa,Satu,35.10.01,B,Bu Sri,+62 812 3456 7890,Pak Budi,0333 424123',
    '35.10.01.2002,desa,Dua,35.10.01,B,,,,',
  )
  expect(parseVillages(whole)).toHaveLength(2)
  await loadContacts(opened.database, parseContacts(whole))
  expect(await called()).toEqual([
    {
      ...{ village: '3510012001', contact: 'Bu Sri', phone: '+62 812 3456 7890' },
      ...{ technician: 'Pak Budi', technician_phone: '0333 424123', email: '' },
    },
  ])
  await loadContacts(opened.database, parseContacts(`${header}\n35.10.01.2001,desa,Satu,35.10.01,B`))
  expect(await called()).toEqual([])
  expect(() => parseVillages(file('35.10.01.2001,desa,Satu,35.10.01,B,Bu Sri,javascript:alert(1),,'))).toThrow(
    /line 2: phone is "javascript:alert\(1\)"/,
  )
  const withEmail = (email: string) => `${header},email\n35.10.01.2001,desa,Satu,35.10.01,B,${email}`
  expect(parseContacts(withEmail('kantor@satu.example.id'))).toMatchObject([{ email: 'kantor@satu.example.id' }])
  for (const email of ['kantor', 'a@b', '"a@b.id, c@d.id"'])
    expect(() => parseVillages(withEmail(email))).toThrow(/line 2: email is /)
})
