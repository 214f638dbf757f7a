import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, findViolationsInDark, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { freePort } from '../../testing/servers.ts'
import { openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { makeResidents } from '../cli/demo-residents.ts'
import type { PersonFields } from '../residents/person.ts'

/* Residents, from the file to a record with its trail, in a real browser. */

const sizes = [
  { width: 1280, height: 1024 },
  // A laptop at 150 %.
  { width: 911, height: 427 },
]
let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  const technician = { as: 'technician', actor: place.office().technician, key: null } as const
  await place.box.people.addAccount({ ...technician, name: 'Sekretaris', role: 'secretary', pin: testPin })
  await place.box.people.addAccount({ ...technician, name: 'Kepala', role: 'head', pin: testPin })
})
afterAll(() => place?.close())

const siti: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const child: PersonFields = {
  ...siti,
  name: 'RIZKY RAMADHAN',
  nik: '3510240508180003',
  sex: 1,
  birthDate: '2018-08-05',
  relation: 4,
}

test('a secretary brings a file, sees what is wrong in it, uses it; a clerk finds somebody and opens the record', async () => {
  const people: PersonFields[] = [siti, child, ...makeResidents({ seed: 5, count: 600, village: '3510242008' })]
  people[20] = { ...people[20], nik: '351024' }
  const file = join(place.box.folder, 'penduduk.csv')
  writeFileSync(file, residentSheet(people))

  const page = await place.open('/residents')
  await logIn(page, 'Sekretaris')
  await shows(page, 'Belum ada data penduduk di perangkat Balai ini.')
  await takePictures(page, 'residents-empty', sizes)
  await page.getByRole('button', { name: 'Masukkan berkas penduduk' }).click()
  await shows(page, 'Pilih berkas')
  await takePictures(page, 'residents-imports-empty', sizes)
  await page.locator('input[type=file]').setInputFiles(file)
  await shows(page, 'Daftar sendiri')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'residents-imports-columns', sizes)
  await page.getByRole('button', { name: 'Periksa isinya' }).click()
  await shows(page, 'Selesai diperiksa. Belum ada yang berubah.')
  await shows(page, 'Baris 22')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'residents-imports-checked', sizes)
  await page.getByRole('button', { name: /^Pakai: / }).click()
  await shows(page, 'Yang sudah dipakai')
  await takePictures(page, 'residents-imports-past', sizes)

  const desk = await place.open('/residents')
  await logIn(desk, 'Petugas 1')
  await shows(desk, /penduduk\. Berkas terbaru: penduduk\.csv/)
  expect(await desk.getByRole('button', { name: 'Impor' }).count()).toBe(0)
  await desk.keyboard.type('siti amina')
  await shows(desk, '351024******0001')
  await takePictures(desk, 'residents-found', sizes)
  expect(await findViolations(desk)).toEqual([])
  await desk.keyboard.press('Enter')
  await shows(desk, 'Untuk apa data ini dibuka?')
  expect(await findViolations(desk)).toEqual([])
  await takePictures(desk, 'residents-why', sizes)
  await desk.keyboard.press('1')
  await shows(desk, '3510244107800001')
  await shows(desk, 'RIZKY RAMADHAN')
  await shows(desk, 'Orangnya ada di sini')
  expect(await findViolations(desk)).toEqual([])
  await takePictures(desk, 'residents-record', sizes)
  expect(await findViolationsInDark(desk, 'residents-record', sizes)).toEqual([])
  const [paper] = await Promise.all([desk.waitForEvent('download'), desk.getByText('Cetak jejak (PDF)').click()])
  expect(paper.suggestedFilename()).toBe('jejak-data.pdf')
  await paper.saveAs(join('artifacts', 'jejak-data.pdf'))

  // The child's: a reason of its own.
  await desk.getByRole('button', { name: /RIZKY/ }).click()
  await shows(desk, 'Untuk apa data ini dibuka?')
  await desk.keyboard.press('Escape')
  await desk.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('9999999999999999')
  await shows(desk, 'Tidak ada yang cocok.')
  await takePictures(desk, 'residents-nobody', sizes)

  // Nothing of anybody is kept by the browser, or stands in an address or a title.
  const kept = await desk.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.title]),
  )
  expect(kept).not.toMatch(/siti|aminah|35102441/i)

  // A locked page has forgotten whom it showed.
  // As a reader types it: the whole number and Enter, before anything was answered.
  await desk.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('3510244107800001')
  await desk.keyboard.press('Enter')
  await shows(desk, 'Untuk apa data ini dibuka?')
  await desk.keyboard.press('2')
  await shows(desk, '3510244107800001')
  await desk.getByRole('button', { name: 'Menu saya' }).click()
  await desk.getByRole('button', { name: 'Kunci sekarang' }).click()
  await desk.getByRole('heading', { name: 'Terkunci' }).waitFor()
  expect(await desk.content()).not.toContain('3510244107800001')

  // What the head sees besides: figures, and who looked at whom.
  const head = await place.open('/residents')
  await logIn(head, 'Kepala')
  await head.getByRole('button', { name: 'Angka' }).click()
  await shows(head, 'Umur dan jenis kelamin')
  expect(await findViolations(head)).toEqual([])
  await takePictures(head, 'residents-figures', sizes)
  const [letter] = await Promise.all([head.waitForEvent('download'), head.getByText('Cetak (PDF)').click()])
  expect(letter.suggestedFilename()).toBe('penduduk.pdf')
  await letter.saveAs(join('artifacts', 'penduduk.pdf'))
  await head.getByRole('button', { name: 'Siapa melihat siapa' }).click()
  await shows(head, /data dibuka, \d+ tanpa nomor/)
  await head.getByRole('button', { name: 'Semua' }).click()
  await shows(head, /Ditanyakan lewat telepon/)
  expect(await findViolations(head)).toEqual([])
  await takePictures(head, 'residents-openings', sizes)

  await page.getByRole('button', { name: 'Batalkan impor ini' }).click()
  await shows(page, 'dibatalkan')
  expect(place.faults).toEqual([])
}, 240_000)

test('a secretary erases one person: says why, types the name, and nobody is found any more', async () => {
  const office = await openBrowserOffice()
  try {
    const technician = { as: 'technician', actor: office.office().technician, key: null } as const
    await office.box.people.addAccount({ ...technician, name: 'Sekretaris', role: 'secretary', pin: testPin })
    await bringResidents(office.box, residentSheet([siti, child]), { actor: 'secretary-000' })
    const desk = await office.open('/residents')
    await logIn(desk, 'Petugas 1')
    await shows(desk, /^2 penduduk/)
    await desk.keyboard.type('siti amina')
    await shows(desk, '351024******0001')
    await desk.keyboard.press('Enter')
    await shows(desk, 'Untuk apa data ini dibuka?')
    await desk.keyboard.press('1')
    await shows(desk, '3510244107800001')
    expect(await desk.getByRole('button', { name: 'Hapus data orang ini' }).count()).toBe(0)

    const page = await office.open('/residents')
    await logIn(page, 'Sekretaris')
    await shows(page, /^2 penduduk/)
    await page.keyboard.type('siti amina')
    await shows(page, '351024******0001')
    await page.keyboard.press('Enter')
    await shows(page, 'Untuk apa data ini dibuka?')
    await page.keyboard.press('4')
    await page.getByRole('button', { name: 'Hapus data orang ini' }).click()
    await shows(page, 'Hapus SITI AMINAH untuk selamanya')
    expect(await findViolations(page)).toEqual([])
    await page.getByLabel('Ketik namanya').fill('siti')
    await page.getByRole('button', { name: 'Hapus untuk selamanya' }).click()
    await shows(page, 'Namanya lain dari yang diketik. Periksa lagi siapa yang dihapus.')
    expect(await findViolations(page)).toEqual([])
    await takePictures(page, 'residents-erase', sizes)
    await page.getByLabel('Ketik namanya').fill('siti aminah')
    await page.getByRole('button', { name: 'Hapus untuk selamanya' }).click()
    await shows(page, 'Data satu orang sudah dihapus.')
    await shows(page, /^1 penduduk/)
    expect(await findViolations(page)).toEqual([])
    await takePictures(page, 'residents-erased', sizes)
    expect(office.box.residents.find('siti aminah')).toEqual([])

    await page.getByRole('button', { name: 'Masa simpan' }).click()
    await shows(page, 'Warga yang pindah')
    expect(await findViolations(page)).toEqual([])
    await takePictures(page, 'residents-retention', sizes)
    await page.getByLabel('Warga yang pindah').fill('0')
    await page.getByRole('button', { name: 'Simpan', exact: true }).click()
    await shows(page, 'Angka 1 sampai 36500, atau kosong.')
    await page.getByLabel('Warga yang pindah').fill('730')
    await page.getByLabel('Warga yang meninggal').fill('')
    await page.getByRole('button', { name: 'Simpan', exact: true }).click()
    await shows(page, 'Tersimpan.')
    expect(office.box.residents.retention.view().days).toMatchObject({ moved: 730, dead: null })
    expect(office.faults).toEqual([])
  } finally {
    await office.close()
  }
}, 120_000)

test('what is typed while the box is away is looked for when it is back, by itself', async () => {
  const ports = { http: await freePort(), https: await freePort() }
  const office = await openBrowserOffice({ box: { ports } })
  let again: TestBox | null = null
  try {
    await bringResidents(office.box, residentSheet([siti, child]), { actor: 'secretary-000' })
    const desk = await office.open('/residents')
    await logIn(desk, 'Petugas 1')
    await shows(desk, /penduduk\. Berkas terbaru/)
    await office.box.close()
    await shows(desk, /Perangkat Balai tidak terjangkau/)
    await desk.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('rizky')
    await shows(desk, /Perangkat Balai tidak menjawab/)
    again = await openTestBox({ folder: office.box.folder, ports })
    await desk.locator('#line-0').getByText('RIZKY RAMADHAN').waitFor()
  } finally {
    await again?.close()
    await office.close()
  }
})
