import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { testPin } from '../../testing/test-box.ts'

/* Who may be one person and who not, side by side; and what a screen reader finds of a record. In a real browser. */

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
]
const born = { birthDate: '1980-07-01', sex: 2, hamlet: 'KRAJAN', rw: '001', rt: '002' }
let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  const technician = { as: 'technician', actor: place.office().technician, key: null } as const
  await place.box.people.addAccount({ ...technician, name: 'Sekretaris', role: 'secretary', pin: testPin })
  // Neither has a NIK yet.
  const people = [
    { ...born, name: 'SITI AMINAH' },
    { ...born, name: 'WAYAN SARI', birthDate: '1991-02-03' },
  ]
  await bringResidents(place.box, residentSheet(people), { actor: 'secretary-000' })
})
afterAll(() => place?.close())

test('a secretary says of each doubtful pair whether it is one person, and both become what was said', async () => {
  const file = join(place.box.folder, 'penduduk.csv')
  const people = [
    { ...born, name: 'Siti Aminah', nik: '3510244107800001' },
    { ...born, name: 'Wayan Sari', nik: '3510244302910002', birthDate: '1991-02-03' },
  ]
  writeFileSync(file, residentSheet(people))
  const page = await place.open('/residents')
  await logIn(page, 'Sekretaris')
  await page.getByRole('button', { name: 'Impor' }).click()
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: 'Periksa isinya' }).click()
  await shows(page, 'Selesai diperiksa. Belum ada yang berubah.')
  const [first, second] = [page.getByText('Baris 2'), page.getByText('Baris 3')].map((row) =>
    page.locator('li').filter({ has: row }).last(),
  )
  const open = () => page.getByRole('button', { name: 'Orang yang sama' }).count()
  await expect.poll(open).toBe(2)
  await takePictures(page, 'residents-pairs', sizes)
  expect(await findViolations(page)).toEqual([])
  await first?.getByRole('button', { name: 'Orang yang sama' }).click()
  // What was decided stands among the notes from then on, without a question.
  await expect.poll(open).toBe(1)
  await second?.getByRole('button', { name: 'Orang lain: tambahkan' }).click()
  await expect.poll(open).toBe(0)
  await page.getByRole('button', { name: /^Pakai: / }).click()
  await shows(page, 'Yang sudah dipakai')
  expect(place.box.residents.find('siti aminah').map(({ nik }) => nik)).toEqual(['351024******0001'])
  expect(
    place.box.residents
      .find('wayan sari')
      .map(({ nik }) => nik)
      .sort(),
  ).toEqual(['351024******0002', null])
})

test('a screen reader finds the field, how many there are, each line as a button, and the record by its headings', async () => {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await page.getByRole('searchbox', { name: 'Nama, NIK, nomor KK, atau alamat' }).fill('siti')
  await shows(page, '351024******0001')
  expect(await page.locator('main').first().ariaSnapshot()).toMatch(
    /- heading "Penduduk" \[level=1\][\s\S]*- searchbox "Nama, NIK, nomor KK, atau alamat"[\s\S]*- status: 1 orang ditemukan\.[\s\S]*- list:[\s\S]*- button "SITI AMINAH/i,
  )
  await page.keyboard.press('Enter')
  await shows(page, 'Untuk apa data ini dibuka?')
  await page.keyboard.press('1')
  await page.getByRole('heading', { name: 'SITI AMINAH', level: 2 }).waitFor()
  const tree = await page.getByRole('article').ariaSnapshot()
  const headings = [...tree.matchAll(/- heading "([^"]+)" \[level=(\d)\]/g)].map(
    ([, name, level]) => `${level} ${name}`,
  )
  expect(headings[0]?.toUpperCase()).toBe('2 SITI AMINAH')
  expect(headings.slice(1)).toEqual([
    '3 Permohonan',
    '3 Surat',
    ...['3 Kelahiran', '3 Alamat', '3 Peristiwa dan usulan', '3 Siapa yang membuka data ini'],
  ])
  // What somebody hears of a value is what it is the value of.
  expect(tree).toMatch(/- term: Tanggal lahir\s+- definition: /)
})
