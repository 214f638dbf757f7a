import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { allSizes, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'

/* A form of civil registration in a real browser: from the record, by keyboard, to a paper that can be printed. */

const siti = {
  ...{ name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const budi = { ...siti, name: 'BUDI SANTOSO', nik: '3510240101780002', sex: 1, relation: 1 }
let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  await bringResidents(place.box, residentSheet([siti, budi]), { actor: 'secretary-000' })
})
afterAll(() => place?.close())

async function openRecord(): Promise<Page> {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('siti')
  await shows(page, '351024******0001')
  await page.keyboard.press('Enter')
  await shows(page, 'Untuk apa data ini dibuka?')
  await page.keyboard.press('1')
  await page.getByRole('button', { name: 'Formulir adminduk' }).waitFor()
  return page
}

test('a clerk fills one in by keyboard, is told what lacks, and opens the paper; nothing typed is lost', async () => {
  const page = await openRecord()
  await page.getByRole('button', { name: 'Formulir adminduk' }).focus()
  await page.keyboard.press('Enter')
  await shows(page, 'Letak kotaknya belum dicocokkan')
  await takePictures(page, 'civil-pick', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'F-1.03' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'F-1.03' }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Antar p')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Jl. Melati 5')
  await page.keyboard.press('Enter')
  await shows(page, 'Isi dulu.')
  await takePictures(page, 'civil-form', allSizes)
  expect(await page.getByLabel('Alamat tujuan').inputValue()).toBe('Jl. Melati 5')
  for (const [label, word] of [
    ['Desa/kelurahan tujuan', 'Sukorejo'],
    ['Kecamatan tujuan', 'Bangorejo'],
    ['Kabupaten/kota tujuan', 'Jember'],
    ['Provinsi tujuan', 'Jawa Timur'],
  ] as const)
    await page.getByLabel(label).fill(word)
  await page.getByLabel('Alasan pindah').selectOption('Pekerjaan')
  await page.getByLabel('Jenis kepindahan').selectOption('Kepala keluarga dan sebagian anggota keluarga')
  await page.getByLabel(/BUDI SANTOSO/).check()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Isi formulir' }).click()
  const link = page.getByRole('link', { name: 'Buka F-1.03 untuk dicetak' })
  await link.waitFor()
  expect(await link.evaluate((one) => one === document.activeElement)).toBe(true)
  await takePictures(page, 'civil-made', allSizes)
  expect(await findViolations(page)).toEqual([])
  const answer = await page.request.get(place.url + ((await link.getAttribute('href')) ?? ''))
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  // What is typed since is not in it.
  await page.getByLabel('Alamat tujuan').fill('Jl. Melati 6')
  await link.waitFor({ state: 'detached' })
})

test('all of the family stand in F-1.01, and the page says that their records note it', async () => {
  const page = await openRecord()
  await page.getByRole('button', { name: 'Formulir adminduk' }).click()
  await page.getByRole('button', { name: 'F-1.01' }).click()
  await shows(page, 'Semua 1 anggota lain di kartu keluarga ikut dicantumkan')
  await page.getByRole('button', { name: 'Isi formulir' }).click()
  await page.getByRole('link', { name: 'Buka F-1.01 untuk dicetak' }).waitFor()
  await page.getByRole('button', { name: 'Batal' }).click()
  await page.getByRole('button', { name: 'Buat surat' }).waitFor()
})

test('a number that is none is told beside it', async () => {
  const page = await openRecord()
  await page.getByRole('button', { name: 'Formulir adminduk' }).click()
  await page.getByRole('button', { name: 'Kematian' }).click()
  await page.getByLabel('Nama pelapor').fill('Budi')
  await page.getByLabel('NIK pelapor').fill('351024')
  await page.getByRole('button', { name: 'Isi formulir' }).click()
  expect(await page.getByLabel('NIK pelapor').getAttribute('aria-invalid')).toBe('true')
  await takePictures(page, 'civil-wrong', allSizes)
})

test('no page threw', () => {
  expect(place.faults).toEqual([])
})
