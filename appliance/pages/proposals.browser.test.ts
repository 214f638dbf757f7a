import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'

/* What happens in families, at the record, in a real browser. */

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
]
const siti = {
  ...{ name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  await bringResidents(place.box, residentSheet([siti]), { actor: 'secretary-000' })
})
afterAll(() => place?.close())

test('a clerk records a birth at the mother’s record, is told what lacks, and finds the answer there', async () => {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await page.getByRole('button', { name: 'Peristiwa', exact: true }).click()
  await shows(page, 'Belum ada peristiwa yang dicatat.')
  await takePictures(page, 'proposals-empty', sizes)
  await page.getByRole('button', { name: 'Cari', exact: true }).click()
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('siti')
  await shows(page, '351024******0001')
  await page.keyboard.press('Enter')
  await shows(page, 'Untuk apa data ini dibuka?')
  await page.keyboard.press('1')
  await page.getByRole('button', { name: 'Catat peristiwa' }).click()
  await page.getByRole('button', { name: 'Kelahiran' }).click()
  // What the record knows is there already.
  expect(await page.getByLabel('Nama ibu').inputValue()).toBe('SITI AMINAH')
  expect(await page.getByRole('textbox', { name: 'Nomor KK' }).inputValue()).toBe('3510240101100001')
  await page.getByLabel('Nama', { exact: true }).fill('BAYU PUTRA')
  await page.getByLabel('Jenis kelamin').selectOption({ label: 'Laki-laki' })
  await page.getByLabel('Tempat lahir').fill('BANYUWANGI')
  await page.getByLabel('Tanggal lahir').fill('2031-01-01')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'proposals-form', sizes)
  await page.getByRole('button', { name: 'Kirim usulan' }).click()
  await shows(page, 'Tanggal itu belum ada.')
  await page.getByLabel('Tanggal lahir').fill('2026-11-20')
  await page.getByRole('button', { name: 'Kirim usulan' }).click()
  await shows(page, 'Centang berkas yang Anda lihat')
  expect(await page.getByLabel('Nama', { exact: true }).inputValue()).toBe('BAYU PUTRA')
  await page.getByLabel('Surat kelahiran dari bidan atau rumah sakit').check()
  await page.getByRole('button', { name: 'Kirim usulan' }).click()
  await shows(page, 'Kelahiran: BAYU PUTRA')
  await shows(page, 'menunggu jawaban')
  await takePictures(page, 'proposals-record', sizes)
  expect(await findViolations(page)).toEqual([])

  const { proposal } = place.box.proposals.view(null).proposals[0] ?? { proposal: '' }
  const answer = (answer: 'accepted' | 'papers', text: string) => {
    // Of two answers at the same millisecond a page would miss one.
    place.box.time.advance(1000)
    place.box.proposals.takeAnswer({ proposal, answer, text })?.keep()
  }
  answer('accepted', 'Akta bisa diambil Jumat.')
  // Nobody has to look again: the answer comes to the record that is open, and to the list.
  await shows(page, 'diterima')
  await shows(page, 'Akta bisa diambil Jumat.')
  // What is found stays beside the list, hidden.
  const listed = (text: string) => page.getByText(text).filter({ visible: true }).first().waitFor()
  await page.getByRole('button', { name: 'Peristiwa', exact: true }).click()
  await listed('diterima')
  answer('papers', 'Buku nikah tidak terbaca.')
  await listed('Buku nikah tidak terbaca.')
  answer('accepted', 'Akta bisa diambil Jumat.')
  await listed('Akta bisa diambil Jumat.')
  expect(await findViolations(page)).toEqual([])
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByText('Unduh (CSV)').click()])
  expect(readFileSync(await sheet.path(), 'utf8')).toContain('2026-11')
  await takePictures(page, 'proposals-list', sizes)
})

test('a correction shows what stands there now, and another family is recorded without a record', async () => {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('siti')
  await shows(page, '351024******0001')
  await page.keyboard.press('Enter')
  await shows(page, 'Untuk apa data ini dibuka?')
  await page.keyboard.press('4')
  await page.getByRole('button', { name: 'Catat peristiwa' }).click()
  await page.getByRole('button', { name: 'Pembetulan data' }).click()
  await page.getByLabel('Data yang dibetulkan').selectOption({ label: 'Tempat lahir' })
  await shows(page, 'Sekarang: BANYUWANGI')
  await page.getByLabel('Tempat lahir').fill('JEMBER')
  await page.getByLabel('Tanggal diketahui').fill('2026-11-20')
  await page.getByLabel('Akta kelahiran').check()
  await takePictures(page, 'proposals-correction', sizes)
  await page.getByRole('button', { name: 'Kirim usulan' }).click()
  await shows(page, 'Pembetulan data: SITI AMINAH')
  await shows(page, 'JEMBER')

  await page.getByRole('button', { name: 'Peristiwa', exact: true }).click()
  await page.getByRole('button', { name: 'Catat warga baru' }).click()
  await page.getByLabel('Nama', { exact: true }).fill('JOKO SUSILO')
  await page.getByLabel('Pindah dari').fill('Desa Ajung, Kabupaten Jember')
  await page.getByLabel('Tanggal datang').fill('2026-11-21')
  await page.getByLabel('Surat keterangan pindah').check()
  await page.getByRole('button', { name: 'Kirim usulan' }).click()
  await shows(page, 'Pindah datang: JOKO SUSILO')
  await page.getByRole('button', { name: 'Tarik usulan' }).first().click()
  await shows(page, 'ditarik')
})
