import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { allSizes, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { testPin } from '../../testing/test-box.ts'

/* A letter's whole way in a real browser: from the record to a paper that anybody can check. */

const siti = {
  ...{ name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  const add = (name: string, role: 'head' | 'secretary') =>
    place.box.people.addAccount({ as: 'technician', name, role, pin: testPin, actor: 'x', key: null })
  await add('Bu Kades', 'head')
  await add('Pak Sekdes', 'secretary')
  await bringResidents(place.box, residentSheet([siti]), { actor: 'secretary-000' })
})
afterAll(() => place?.close())

/** Finds the one resident and opens the record, by keys alone. */
async function openRecord(page: Page) {
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('siti')
  await shows(page, '351024******0001')
  await page.keyboard.press('Enter')
  await shows(page, 'Untuk apa data ini dibuka?')
  await page.keyboard.press('1')
  await page.getByRole('button', { name: 'Buat surat' }).waitFor()
}

test('a clerk writes two letters by keyboard and is told what lacks; nothing typed is lost', async () => {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await openRecord(page)
  await page.getByRole('button', { name: 'Buat surat' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('keterangan usaha')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Surat Keterangan Usaha' }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Warung Bu Siti')
  await page.keyboard.press('Enter')
  await shows(page, 'Isi dulu.')
  await takePictures(page, 'letters-form', allSizes)
  await page.getByLabel('Jenis usaha').fill('Warung kelontong')
  await page.getByLabel('Alamat usaha').fill('Dusun Krajan')
  expect(await page.getByLabel('Nama usaha').inputValue()).toBe('Warung Bu Siti')
  expect(await findViolations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await shows(page, 'Surat menunggu persetujuan.')
  await page.getByRole('button', { name: 'Buat surat' }).click()
  await shows(page, '43 surat.')
  await takePictures(page, 'letters-pick', allSizes)
  await page.getByLabel('Surat apa?').fill('polisi')
  await page.getByRole('button', { name: 'Surat Pengantar SKCK' }).click()
  await page.getByLabel('Keperluan').fill('Melamar pekerjaan')
  await page.getByRole('button', { name: 'Kirim untuk disetujui' }).click()
  await page.locator('li', { hasText: 'Surat Pengantar SKCK' }).getByText('menunggu').waitFor()
  await takePictures(page, 'letters-record', allSizes)
  expect(await findViolations(page)).toEqual([])
})

test('the head approves both on a phone, looks at a draft before, and sends one back', async () => {
  const phone = await place.open('/letters', { viewport: { width: 360, height: 800 } })
  await logIn(phone, 'Bu Kades')
  await shows(phone, 'Surat Keterangan Usaha')
  await takePictures(phone, 'letters-waiting', allSizes)
  expect(await findViolations(phone)).toEqual([])
  const draft = await phone.getByRole('link', { name: 'Lihat konsep' }).first().getAttribute('href')
  const answer = await phone.request.get(place.url + (draft ?? ''))
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  await phone.getByRole('button', { name: 'Kembalikan' }).nth(1).click()
  await phone.getByLabel('Apa yang harus diperbaiki?').fill('Keperluannya apa?')
  await takePictures(phone, 'letters-reject', allSizes)
  await phone.locator('form').getByRole('button', { name: 'Kembalikan' }).click()
  await phone.getByText('Surat Pengantar SKCK').waitFor({ state: 'detached' })
  await phone.getByRole('button', { name: 'Setujui' }).click()
  await shows(phone, 'SITI AMINAH: nomor 500.2/001/2008/XI/2026')
  await shows(phone, 'Tidak ada surat yang menunggu.')
  await takePictures(phone, 'letters-approved', allSizes)
  expect(await findViolations(phone)).toEqual([])
})

test('on a phone the parts of the page are one list', async () => {
  const phone = await place.open('/letters', { viewport: { width: 360, height: 800 } })
  await logIn(phone, 'Bu Kades')
  const list = phone.getByRole('navigation', { name: 'Surat' }).getByRole('combobox')
  await list.selectOption({ label: 'Agenda' })
  await shows(phone, '500.2/001/2008/XI/2026')
  expect(await phone.getByRole('button', { name: 'Agenda' }).isVisible()).toBe(false)
  await phone.emulateMedia({ colorScheme: 'dark' })
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'letters-register-dark', allSizes)
  await list.selectOption({ label: 'Pengaturan' })
  await phone.getByLabel('Bentuk nomor').waitFor()
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'letters-settings-dark', allSizes)
})

test('what was sent back is mended, and nothing is typed again', async () => {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await openRecord(page)
  await shows(page, 'Keperluannya apa?')
  await page.getByRole('button', { name: 'Perbaiki' }).click()
  await page.getByRole('heading', { name: 'Surat Pengantar SKCK' }).waitFor()
  expect(await page.getByLabel('Keperluan').inputValue()).toBe('Melamar pekerjaan')
  await page.getByLabel('Keperluan').fill('Melamar pekerjaan di pabrik')
  await page.getByRole('button', { name: 'Kirim untuk disetujui' }).click()
  await shows(page, 'Surat menunggu persetujuan.')
  expect(place.box.letters.view().waiting).toHaveLength(1)
})

test('the register has the number; the clerk notes that it was collected, the secretary declares it void', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Pak Sekdes')
  await page.getByRole('button', { name: 'Agenda' }).click()
  await shows(page, '500.2/001/2008/XI/2026')
  await page.getByRole('button', { name: 'Nomor untuk surat lain' }).click()
  await page.getByRole('textbox', { name: 'Kode klasifikasi' }).fill('005')
  await page.getByLabel('Perihal').fill('Undangan rapat RT')
  await page.getByRole('button', { name: 'Beri nomor' }).click()
  await shows(page, 'Nomornya 005/001/2008/XI/2026')
  await page.getByRole('button', { name: 'Sudah diambil' }).click()
  await page.locator('.tag', { hasText: 'sudah diambil' }).waitFor()
  await takePictures(page, 'letters-register', allSizes)
  expect(await findViolations(page)).toEqual([])

  const code = place.box.letters.paper(letterId(), 'test--------')?.code ?? ''
  const check = await place.open('/check', { viewport: { width: 360, height: 800 } })
  await check.getByLabel('Kode di surat').fill(code)
  await check.getByLabel('Nama di surat').fill('siti aminah')
  await check.keyboard.press('Enter')
  await shows(check, 'Surat ini sah')
  await shows(check, 'Nama cocok')
  await takePictures(check, 'check-valid', allSizes)
  expect(await findViolations(check)).toEqual([])

  await page.getByRole('button', { name: 'Nyatakan tidak berlaku' }).click()
  await page.getByLabel('Mengapa tidak berlaku?').fill('Nama usaha salah')
  await page.locator('form').getByRole('button', { name: 'Nyatakan tidak berlaku' }).click()
  await shows(page, 'Tidak berlaku: Nama usaha salah')
  await check.getByRole('button', { name: 'Periksa' }).click()
  await shows(check, 'Surat ini tidak berlaku lagi')
  await check.getByLabel('Kode di surat').fill(`${code.slice(0, 60)}${code[60] === 'A' ? 'B' : 'A'}${code.slice(61)}`)
  await check.getByRole('button', { name: 'Periksa' }).click()
  await shows(check, /Surat ini tidak benar|Tidak bisa dipastikan|Kode tidak terbaca/)
  await takePictures(check, 'check-false', allSizes)
  await check.getByLabel('Kode di surat').fill('A001')
  await check.getByRole('button', { name: 'Periksa' }).click()
  await shows(check, 'Kode tidak terbaca')
})

test('a phone takes a photo of the paper and is told, also when there is nothing on it', async () => {
  const id = letterId()
  const { box } = place
  const page = await place.open('/letters')
  await logIn(page, 'Bu Kades')
  await page.getByRole('button', { name: 'Setujui' }).click()
  await shows(page, /SITI AMINAH: nomor 300/)
  const fresh = box.letters.register({ year: null, before: null }).lines.find((line) => line.written.startsWith('300'))
  const paper = await page.request.get(`${place.url}/api/letters/${fresh?.letter ?? id}/letter.pdf`)
  const folder = mkdtempSync(join(tmpdir(), 'balai-photo-'))
  try {
    writeFileSync(join(folder, 'letter.pdf'), await paper.body())
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', join(folder, 'letter.pdf'), join(folder, 'photo')])
    const check = await place.open('/check', { viewport: { width: 360, height: 800 } })
    await check.locator('input[type=file]').setInputFiles(join(folder, 'photo.png'))
    await shows(check, 'Surat ini sah')
    await takePictures(check, 'check-photo', allSizes)
    writeFileSync(join(folder, 'none.png'), Buffer.from('no picture'))
    await check.locator('input[type=file]').setInputFiles(join(folder, 'none.png'))
    await shows(check, 'Tidak ada kode QR yang terbaca')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the secretary sets who signs and how numbers look, and is told what would give one twice', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Pak Sekdes')
  await page.getByRole('button', { name: 'Pengaturan' }).click()
  await page.getByLabel('Bentuk nomor').fill('[kode_surat]/[nomor_surat,3]')
  await page.getByRole('button', { name: 'Tambah penanda tangan' }).click()
  const added = page.locator('.signatory').last()
  await added.getByLabel('Menandatangani sebagai').selectOption({ label: 'a.n. (atas nama kepala)' })
  await added.getByLabel('Jabatan').fill('Sekretaris Desa')
  await added.getByLabel('Nama di bawah tanda tangan').fill('Pak Sekdes, S.AP.')
  const save = page.locator('form', { hasText: 'Bentuk nomor' }).getByRole('button', { name: 'Simpan' })
  await save.click()
  await shows(page, 'bentuknya harus memuat [tahun]')
  await takePictures(page, 'letters-settings', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Bentuk nomor').fill('[kode_surat]/[nomor_surat,3]/DS/[tahun]')
  await save.click()
  await shows(page, 'Tersimpan.')
  await page.getByRole('textbox', { name: 'Kode klasifikasi' }).fill('400.8')
  await page.getByLabel('Nomor terakhir', { exact: true }).fill('41')
  await page.locator('form', { hasText: 'Nomor terakhir di buku' }).getByRole('button', { name: 'Simpan' }).click()
  await shows(page, '400.8: terakhir 41')
  expect(place.box.letters.signatories().map(({ name }) => name)).toEqual(['Bu Kades', 'Pak Sekdes, S.AP.'])
})

test('no page threw', () => {
  expect(place.faults).toEqual([])
})

const letterId = (): string =>
  place.box.letters.register({ year: null, before: null }).lines.find(({ letter }) => letter)?.letter ?? ''
