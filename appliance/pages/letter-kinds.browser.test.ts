import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allSizes, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { makePng } from '../../testing/make-picture.ts'
import { testPin } from '../../testing/test-box.ts'
import { readTemplates } from '../letters/templates.ts'

/* Kinds of letters in a real browser: changed with the paper beside it, brought as a file, the regency's beneath. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice({ box: { hubKey: regencyKey } })
  const add = (name: string, role: 'head' | 'secretary') =>
    place.box.people.addAccount({ as: 'technician', name, role, pin: testPin, actor: 'x', key: null })
  await add('Bu Kades', 'head')
  await add('Pak Sekdes', 'secretary')
})
afterAll(() => place?.close())

async function openKinds(name = 'Pak Sekdes'): Promise<Page> {
  const page = await place.open('/letters')
  await logIn(page, name)
  await page.getByRole('button', { name: 'Jenis surat', exact: true }).click()
  await page.getByRole('heading', { name: 'Jenis surat' }).waitFor()
  await shows(page, 'Surat Keterangan Usaha')
  return page
}
const rowOf = (page: Page, title: string) => page.locator('li.row', { hasText: title })
const paper = (page: Page) => page.getByRole('region', { name: 'Contoh kertas' })

test('the secretary changes a letter, sees the paper change, is told what is wrong at its place, and it counts', async () => {
  const page = await openKinds()
  await takePictures(page, 'letter-kinds', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Cari jenis surat').fill('skck')
  expect(await page.locator('li.row').count()).toBe(1)
  await rowOf(page, 'Surat Pengantar SKCK').getByRole('button', { name: 'Ubah' }).click()
  await paper(page).getByText('CONTOH NAMA').first().waitFor()
  await page
    .getByRole('textbox', { name: 'Paragraf' })
    .last()
    .fill('Diberikan guna {{keperlun}} di {{#keperluan}}kantor polisi.')
  await shows(page, 'Syarat keperluan belum ditutup.')
  await page.getByRole('textbox', { name: 'Paragraf' }).last().fill('Diberikan guna {{keperlun}}.')
  await shows(page, 'Mungkin maksudnya keperluan.')
  await shows(page, 'Yang sedang diketik belum bisa ditampilkan')
  await takePictures(page, 'letter-kind-wrong', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, '1 hal perlu diperbaiki')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true')
  await page.getByRole('textbox', { name: 'Paragraf' }).last().fill('Diberikan guna {{keperluan}} oleh ')
  await page.getByText('Nama yang bisa dipakai dalam teks').click()
  await page.getByRole('textbox', { name: 'Paragraf' }).last().focus()
  await page.keyboard.press('End')
  await page.getByRole('button', { name: 'kepala Jabatan kepala' }).click()
  await page.keyboard.type(' kami.')
  await paper(page).getByText('Diberikan guna (keperluan) oleh Kepala Desa Tamansari kami.').waitFor()
  await takePictures(page, 'letter-kind', allSizes)
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, 'Tersimpan.')
  await shows(page, 'Versi desa sendiri')
  await page.getByText('dipakai sekarang').waitFor()
  expect(await findViolations(page)).toEqual([])
  expect(JSON.stringify(place.box.letters.templateView('pengantar-skck').template.body)).toContain('{{kepala}} kami.')
})

test('a kind of letter names its paper and who signs besides, seen at once beside it', async () => {
  const page = await openKinds()
  await rowOf(page, 'Surat Keterangan Usaha').getByRole('button', { name: 'Ubah' }).click()
  await paper(page).getByText('CONTOH NAMA').first().waitFor()
  await shows(page, /Kertas: F4/)
  await page.locator('.kind').getByLabel('Kertas', { exact: true }).selectOption('A4')
  await shows(page, /Kertas: A4/)
  await page.getByLabel(/Hanya kepala, Plt\., atau Plh\./).check()
  const add = page.getByRole('button', { name: 'Tambah penanda tangan' })
  await add.click()
  await page.getByLabel('Sebagai', { exact: true }).fill('Pemohon,')
  await page.getByRole('textbox', { name: 'Nama', exact: true }).last().fill('{{nma}}')
  await shows(page, 'Mungkin maksudnya nama.')
  await takePictures(page, 'letter-kind-signing-wrong', allSizes)
  await page.getByRole('textbox', { name: 'Nama', exact: true }).last().fill('{{nama}}')
  await add.click()
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, '1 hal perlu diperbaiki')
  await page.getByLabel('Sebagai', { exact: true }).last().fill('Mengetahui,\nCamat {{kecamatan}}')
  await paper(page).getByText('Camat Licin').waitFor()
  expect(await findViolations(page)).toEqual([])
  await paper(page).getByText('Camat Licin').scrollIntoViewIfNeeded()
  await page.getByRole('button', { name: 'Tambah penanda tangan' }).scrollIntoViewIfNeeded()
  await takePictures(page, 'letter-kind-signing', allSizes)
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, 'Tersimpan.')
  expect(place.box.letters.templateView('keterangan-usaha').template).toMatchObject({
    paper: 'A4',
    signing: {
      headOnly: true,
      others: [{ title: 'Pemohon,', name: '{{nama}}' }, { title: 'Mengetahui,\nCamat {{kecamatan}}' }],
    },
  })
})

test('what was typed stays while another kind, or what waits, is looked at; thrown away it is as it was', async () => {
  const page = await openKinds()
  await rowOf(page, 'Surat Keterangan Domisili Usaha').getByRole('button', { name: 'Ubah' }).click()
  await page.getByLabel('Nama surat').fill('Surat Domisili Perusahaan')
  await page.getByRole('button', { name: 'Menunggu' }).click()
  await page.getByRole('button', { name: 'Jenis surat', exact: true }).click()
  expect(await page.getByLabel('Nama surat').inputValue()).toBe('Surat Domisili Perusahaan')
  await page.getByRole('button', { name: 'Semua jenis surat' }).click()
  await rowOf(page, 'Surat Keterangan Domisili Usaha').getByText('ubahan belum disimpan').waitFor()
  await rowOf(page, 'Surat Keterangan Domisili Usaha').getByRole('button', { name: 'Ubah' }).click()
  expect(await page.getByLabel('Nama surat').inputValue()).toBe('Surat Domisili Perusahaan')
  await page.getByRole('button', { name: 'Buang ubahan' }).click()
  await expect.poll(() => page.getByLabel('Nama surat').inputValue()).toBe('Surat Keterangan Domisili Usaha')
})

test('a kind of the office’s own begins with what every letter has, asks for what it needs, and can be turned off', async () => {
  const page = await openKinds('Bu Kades')
  await page.getByRole('button', { name: 'Jenis surat baru' }).click()
  await paper(page).getByText('Contoh kertas').waitFor()
  expect(await page.getByText('Perlu diisi.').count()).toBe(0)
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, 'Perlu diisi.')
  await takePictures(page, 'letter-kind-new', allSizes)
  await page.getByLabel('Nama surat').fill('Surat Keterangan Hibah')
  await page.getByLabel('Permendagri 83/2022 (400.8)').fill('500.12')
  await page.getByLabel('Permendagri 78/2012 (470)').fill('590')
  await page.getByRole('button', { name: 'Tambah isian' }).click()
  await page.getByLabel('Judul isian').fill('Luas tanah (m²)')
  expect(await page.getByLabel('Nama dalam teks').inputValue()).toBe('luas_tanah_m2')
  await page
    .getByRole('textbox', { name: 'Paragraf' })
    .nth(1)
    .fill('telah menghibahkan tanah seluas {{luas_tanah_m2}}.')
  await paper(page).getByText('telah menghibahkan tanah seluas (luas tanah (m²)).').waitFor()
  await page.getByRole('button', { name: 'Turunkan Paragraf 1' }).click()
  await page.getByRole('button', { name: 'Naikkan Paragraf 2' }).click()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, 'Tersimpan.')
  expect(place.box.letters.templates().templates.map(({ code }) => code)).toContain('desa-surat-keterangan-hibah')
  await page.getByRole('button', { name: 'Jangan dipakai' }).click()
  await shows(page, 'Jenis ini tidak ditawarkan ke petugas.')
  expect(place.box.letters.templates().templates.map(({ code }) => code)).not.toContain('desa-surat-keterangan-hibah')
})

test('one goes to another office as a file; a file that is none is told, with the place where it is wrong', async () => {
  const page = await openKinds()
  await page.getByLabel('Cari jenis surat').fill('skck')
  await rowOf(page, 'Surat Pengantar SKCK').getByRole('button', { name: 'Ubah' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Unduh berkas' }).first().click()
  const file = readFileSync(await (await download).path(), 'utf8')
  expect(JSON.parse(file)).toEqual(place.box.letters.templateView('pengantar-skck').template)
  await page.getByRole('button', { name: 'Semua jenis surat' }).click()
  const bring = (text: string, name = 'surat.json') =>
    page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
  await bring('ini surat')
  await shows(page, 'Isinya bukan JSON.')
  await bring(file.replace('{{nama}}', '{{namanya}}').replace('"papers"', '"berkas"'))
  await shows(page, 'berkas tidak dikenal dalam jenis surat.')
  await takePictures(page, 'letter-kinds-file', allSizes)
  expect(await findViolations(page)).toEqual([])
  await bring(
    file.replace('pengantar-skck', 'pengantar-lain').replace(/"title": "[^"]+"/, '"title": "Surat dari Desa Lain"'),
  )
  await paper(page).getByText('Surat dari Desa Lain').waitFor()
  await page.getByRole('button', { name: 'Simpan' }).click()
  await shows(page, 'Tersimpan.')
  expect(place.box.letters.templates().templates.map(({ title }) => title)).toContain('Surat dari Desa Lain')
})

test('the page says that the regency has a newer one, which is looked at, taken, or left; what was before comes back', async () => {
  const theirs = { ...readTemplates().template('pengantar-skck'), title: 'Surat Pengantar SKCK Kabupaten' }
  giveDataset(place.box, 'letter-templates', { 'letter-templates': [theirs] })
  const page = await openKinds()
  await page.getByLabel('Cari jenis surat').fill('skck')
  await rowOf(page, 'Surat Pengantar SKCK').getByText('kabupaten punya yang baru').waitFor()
  await rowOf(page, 'Surat Pengantar SKCK').getByRole('button', { name: 'Ubah' }).click()
  await shows(page, 'Kabupaten menerbitkan versi lain')
  await takePictures(page, 'letter-kind-newer', allSizes)
  expect(await findViolations(page)).toEqual([])
  const look = await page.getByRole('link', { name: 'Lihat yang baru' }).getAttribute('href')
  const answer = await page.request.get(place.url + (look ?? ''))
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  await page.getByRole('button', { name: 'Pakai yang baru' }).click()
  await shows(page, 'Versi kabupaten dipakai sekarang.')
  await page.getByRole('heading', { name: 'Surat Pengantar SKCK Kabupaten', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Pakai lagi versi ini' }).click()
  await shows(page, 'Versi itu dipakai lagi.')
  await shows(page, 'Versi desa sendiri')
  await takePictures(page, 'letter-kind-past', allSizes)
})

test('the coat of arms is brought in the settings, stands on the paper, and is taken away; no picture is told in words', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Bu Kades')
  await page.getByRole('button', { name: 'Pengaturan' }).click()
  const bring = (name: string, buffer: Buffer) =>
    page.locator('.arms input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer })
  await bring('lambang.png', Buffer.from('bukan gambar'))
  await shows(page, 'Itu bukan gambar PNG atau JPEG.')
  await bring('lambang.png', makePng(1_700, 40))
  await shows(page, 'Gambarnya terlalu besar: 1.700 × 40 titik')
  await bring('lambang.png', makePng(400, 480))
  await shows(page, 'Lambang terpasang di kepala surat.')
  await page.locator('.arms').scrollIntoViewIfNeeded()
  await takePictures(page, 'letter-arms', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Jenis surat', exact: true }).click()
  await rowOf(page, 'Surat Keterangan Usaha').first().getByRole('button', { name: 'Ubah' }).click()
  await paper(page).getByRole('img', { name: 'Lambang di kepala surat' }).waitFor()
  await takePictures(page, 'letter-arms-paper', allSizes)
  await page.getByRole('button', { name: 'Pengaturan' }).click()
  await page.getByRole('button', { name: 'Hapus lambang' }).click()
  await shows(page, 'Kepala surat tanpa lambang sekarang.')
  expect(place.box.letters.armsView().state).toBe('none')
})

test.each([
  [360, 200],
  [911, 150],
])('at %i px with letters of %i percent a kind that is written does not go sideways', async (width, percent) => {
  const page = await openKinds()
  await page.setViewportSize({ width, height: 740 })
  await rowOf(page, 'Surat Keterangan Kurang Mampu').getByRole('button', { name: 'Ubah' }).click()
  await paper(page).getByText('CONTOH NAMA').first().waitFor()
  await page.getByText('Nama yang bisa dipakai dalam teks').click()
  const beyond = await page.evaluate((size) => {
    document.documentElement.style.fontSize = `${size}%`
    return document.documentElement.scrollWidth - document.documentElement.clientWidth
  }, percent)
  expect(beyond).toBe(0)
  await takePictures(page, `letter-kind-${percent}`, [{ width, height: 740 }])
})

test('a clerk has none of it', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Petugas 1')
  await shows(page, 'Tidak ada surat yang menunggu.')
  expect(await page.getByRole('button', { name: 'Jenis surat', exact: true }).count()).toBe(0)
  expect((await page.request.get(`${place.url}/api/letters/kinds`)).status()).toBe(403)
})

test('no page threw', () => {
  expect(place.faults).toEqual([])
})
