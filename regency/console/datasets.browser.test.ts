import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, findViolationsInDark, openBrowser, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* What an administrator and a reader meet where the regency publishes data for its villages. */

let place: Awaited<ReturnType<typeof openTestConsole>>
let browser: Browser
const faults: string[] = []
const sizes = [
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
]

beforeAll(async () => {
  place = await openTestConsole({
    villages: [
      ...Array.from(
        { length: 11 },
        (_, n) => `35.10.01.20${String(n + 1).padStart(2, '0')},desa,Desa ${n + 1},35.10.01,Pesanggaran`,
      ),
      '35.10.02.2001,desa,Grajagan,35.10.02,Purwoharjo',
    ],
  })
  for (const name of ['Rina', 'Sari']) await place.add('administrator', name)
  await place.add('reader', 'Dewi')
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await place.close()
})

/** A browser of one's own, logged in, at the part for data. */
async function open(name: string): Promise<Page> {
  const page = await openConsolePage(browser, place, name, { faults })
  await page.getByRole('button', { name: 'Data untuk desa' }).click()
  await shows(page, 'Data yang diterbitkan kabupaten')
  return page
}

const csv = (...lines: string[]) => ({
  ...{ name: 'layanan.csv', mimeType: 'text/csv' },
  buffer: Buffer.from(['code,name,requires,minutes', ...lines].join('\r\n')),
})
/** The file field of the part that is seen; other parts have theirs. */
const choose = (page: Page, file: ReturnType<typeof csv>) =>
  page.locator('main:not([hidden]) input[type=file]').setInputFiles(file)
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const cells = (page: Page) =>
  page
    .locator('.checked tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))

test('a table’s mistakes are shown with their lines; mended, it goes to one village, then to all, and is taken back', async () => {
  const rina = await open('Rina')
  const dewi = await open('Dewi')
  await press(rina, 'Terbitkan data')
  await press(rina, 'Periksa')
  await shows(rina, 'Pilih berkasnya dulu.')
  await choose(rina, csv('KTP,KTP-el baru,KK asli,10', 'sku,,,lama', '', 'sku,Keterangan usaha,,900'))
  await press(rina, 'Periksa')
  await shows(rina, 'Ada 5 kesalahan. Belum ada yang diterbitkan.')
  expect(await cells(rina)).toEqual([
    ['Baris 2', 'code', 'KTP', expect.stringContaining('Hanya huruf kecil')],
    ['Baris 3', 'name', '', 'Belum diisi.'],
    ['Baris 3', 'minutes', 'lama', 'Harus bilangan bulat, misalnya 15.'],
    ['Baris 5', 'minutes', '900', 'Paling besar 480.'],
    ['Baris 5', 'code', 'sku', 'Sudah ada di baris 3.'],
  ])
  expect(await findViolations(rina)).toEqual([])
  await takePictures(rina, 'hub-data-problems', sizes)
  expect(await findViolationsInDark(rina, 'hub-data-problems', sizes)).toEqual([])

  // Mended under the same name.
  await choose(rina, csv('ktp,KTP-el baru,KK asli,10', 'sku,Keterangan usaha,,15'))
  await rina.locator('.checked').waitFor({ state: 'detached' })
  await press(rina, 'Periksa')
  await shows(rina, 'Tidak ada kesalahan. Ini versi pertama.')
  await shows(rina, '2 baru')
  await rina.getByLabel('Catatan', { exact: true }).fill('Percobaan')
  await press(rina, 'Terbitkan ke 1 desa')
  await shows(rina, 'Layanan versi 1 dikirim ke 1 dari 12 desa.')
  await shows(dewi, 'Dikirim ke 1 dari 12 desa. Sudah dipakai di 0 desa.')
  await shows(dewi, /Versi 1, .* oleh Rina: Percobaan/)
  expect(await dewi.locator('.hub main:not([hidden])').getByRole('button').count()).toBe(0)

  // Boxes say what they have; the standing follows.
  await place.database.query(`
    INSERT INTO dataset_state (village, dataset, current, refused, why)
    VALUES ('3510012001', 'services', 1, NULL, NULL), ('3510012002', 'services', NULL, 1, 'schema: 2 minutes'), ('3510012003', 'services', NULL, 1, 'rolled-back')`)
  await rina.getByRole('button', { name: 'Kirim ke 10 desa: Layanan' }).click()
  await shows(rina, 'Versi 1 sudah dikirim ke 1 desa. Sekarang dikirim ke 10 dari 12 desa.')
  await press(rina, 'Kirim ke 10 desa')
  await shows(rina, 'Layanan versi 1 dikirim ke 10 dari 12 desa.')
  await shows(dewi, 'Dikirim ke 10 dari 12 desa. Sudah dipakai di 1 desa.')
  await shows(dewi, '2 desa tidak memakai versi ini')
  await shows(dewi, 'Desa 2: isinya tidak cocok dengan program perangkat Balai di sana (2 minutes).')
  await shows(dewi, 'Desa 3: kantornya kembali ke versi sebelumnya.')
  expect(await findViolations(dewi)).toEqual([])
  await takePictures(rina, 'hub-data', sizes)
  expect(await findViolationsInDark(rina, 'hub-data', sizes)).toEqual([])
  await rina.getByRole('button', { name: 'Kirim ke semua: Layanan' }).click()
  await press(rina, 'Kirim ke semua')
  await shows(dewi, 'Dikirim ke 12 dari 12 desa.')
  await rina
    .getByRole('button', { name: /^Kirim ke/ })
    .first()
    .waitFor({ state: 'detached' })

  // The next version, for a district; and back.
  await press(rina, 'Terbitkan data')
  await choose(rina, csv('ktp,KTP-el baru,KK asli; akta,10', 'domisili,Domisili,,5'))
  await press(rina, 'Periksa')
  await shows(rina, /Dibanding versi 1 \(.*, Rina\)/)
  for (const word of ['1 baru', '1 hilang', '1 berubah', 'ktp KTP-el baru: requires']) await shows(rina, word)
  await rina.getByLabel('Beberapa desa').check()
  await takePictures(rina, 'hub-data-differences', sizes)
  expect(await findViolations(rina)).toEqual([])
  await press(rina, 'Terbitkan')
  await shows(rina, 'Pilih desanya dulu.')
  await rina.getByLabel('Satu kecamatan').check()
  const to = rina.getByRole('group', { name: 'Untuk siapa' })
  await to.getByLabel('Kecamatan', { exact: true }).selectOption({ label: 'Purwoharjo' })
  await rina.getByLabel('Semuanya').check()
  await press(rina, 'Terbitkan ke 1 desa')
  await shows(rina, 'Layanan versi 2 dikirim ke 1 dari 1 desa.')
  await rina.getByRole('button', { name: 'Kembali ke versi sebelumnya: Layanan' }).click()
  await shows(rina, 'Isi sebelum versi 2 diterbitkan sekali lagi sebagai versi 3, untuk 1 desa yang dikirimi versi 2.')
  await press(rina, 'Kembali ke versi sebelumnya')
  await shows(dewi, /Versi 3, .* oleh Rina: isinya sama dengan versi 1/)

  await press(rina, 'Catatan tindakan')
  await shows(rina, 'Mengembalikan Layanan ke isi versi 1, sebagai versi 3, untuk 1 desa')
  await shows(rina, 'Mengirim Layanan versi 1 ke 10 dari 12 desa')
  await shows(rina, 'Menerbitkan Layanan versi 2 untuk 1 dari 1 desa')
  expect(faults).toEqual([])
}, 120_000)

test('of two who publish at once the second sees what the first did, loses nothing, and publishes after it, by keyboard', async () => {
  const [rina, sari] = [await open('Rina'), await open('Sari')]
  const holidays = (...lines: string[]) => ({
    ...{ name: 'libur.csv', mimeType: 'text/csv' },
    buffer: Buffer.from(['day,name', ...lines].join('\n')),
  })
  // Sari, without a mouse.
  const chooser = sari.waitForEvent('filechooser')
  await sari.getByRole('button', { name: 'Terbitkan data' }).focus()
  await sari.keyboard.press('Enter')
  await sari.keyboard.press('Tab')
  await sari.keyboard.press('h')
  expect(await sari.getByLabel('Data apa').inputValue()).toBe('holidays')
  await sari.keyboard.press('Tab')
  expect(await sari.evaluate(() => document.activeElement?.textContent)).toBe('Pilih berkas')
  await sari.keyboard.press('Enter')
  await (await chooser).setFiles(holidays('2026-12-25,Natal', '2027-01-01,Tahun baru'))
  await shows(sari, 'libur.csv')
  await sari.keyboard.press('Tab')
  await sari.keyboard.press('Enter')
  await shows(sari, 'Tidak ada kesalahan. Ini versi pertama.')
  for (const _ of ['Batal', '2 baru', 'Semua desa']) await sari.keyboard.press('Tab')
  await sari.keyboard.press('ArrowDown')
  await sari.keyboard.press('ArrowDown')
  await sari.keyboard.press('Tab')
  await sari.keyboard.type('Grajagan')
  await sari.keyboard.press('Tab')
  await sari.keyboard.press('Space')
  await shows(sari, '1 desa dipilih')
  await sari.keyboard.press('Tab')
  await sari.keyboard.press('Tab')
  await sari.keyboard.type('Cuti bersama menyusul')

  await press(rina, 'Terbitkan data')
  await rina.getByLabel('Data apa').selectOption('holidays')
  await choose(rina, holidays('2026-12-25,Hari Natal'))
  await press(rina, 'Periksa')
  await rina.getByLabel('Semuanya').check()
  await press(rina, 'Terbitkan ke 12 desa')
  await shows(rina, 'Hari libur versi 1 dikirim ke 12 dari 12 desa.')

  await sari.keyboard.press('Enter')
  await shows(sari, /Rina menerbitkan versi 1 lebih dulu, .* Berkas dan isian Anda masih ada\./)
  await shows(sari, /Dibanding versi 1 \(.*, Rina\)/)
  for (const word of ['1 baru', '1 berubah', '2026-12-25 Natal: name']) await shows(sari, word)
  await expect.poll(() => sari.evaluate(() => document.activeElement?.className)).toBe('overtaken')
  expect(await sari.getByLabel('Catatan', { exact: true }).inputValue()).toBe('Cuti bersama menyusul')
  expect(await sari.getByLabel(/^Grajagan/).isChecked()).toBe(true)
  expect(await findViolations(sari)).toEqual([])
  await takePictures(sari, 'hub-data-overtaken', sizes)
  // A look into another part, and back.
  await press(sari, 'Akun')
  await press(sari, 'Data untuk desa')
  await sari.getByLabel('Catatan', { exact: true }).focus()
  await sari.keyboard.press('Enter')
  await shows(sari, 'Hari libur versi 2 dikirim ke 1 dari 1 desa.')
  await shows(rina, /Versi 2, .* oleh Sari: Cuti bersama menyusul/)

  // What was asked about another version than the one that is there now is not done.
  await rina.getByRole('button', { name: 'Kembali ke versi sebelumnya: Hari libur' }).click()
  await press(sari, 'Terbitkan data')
  await sari.getByLabel('Data apa').selectOption('holidays')
  await choose(sari, holidays('2026-12-26,Cuti bersama'))
  await press(sari, 'Periksa')
  await press(sari, 'Terbitkan ke 1 desa')
  await shows(rina, /Versi 3, .* oleh Sari/)
  await press(rina, 'Kembali ke versi sebelumnya')
  await shows(rina, 'Orang lain baru saja menerbitkan versi lain. Lihat dulu versi itu.')
  expect(faults).toEqual([])
}, 120_000)
