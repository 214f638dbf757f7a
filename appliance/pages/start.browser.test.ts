import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'

/* From an empty box to the first ticket, with a keyboard and no manual: each step is left and gone on with. */

let place: BrowserOffice

beforeAll(async () => {
  place = await openBrowserOffice({ furnished: false })
})
afterAll(() => place?.close())

test('a new office comes to its first ticket in five steps, and goes on where it was left', async () => {
  const { box, open } = place
  let admin = await open('/admin')
  await admin.getByLabel('Kode sekali pakai').fill(box.setupCode.read() ?? '')
  await admin.getByLabel('Nama Anda').fill('Teknisi')
  await admin.getByLabel('PIN baru').fill('258014')
  await admin.keyboard.press('Enter')
  await shows(admin, 'Lima langkah sampai nomor pertama')
  expect(await findViolations(admin)).toEqual([])
  await takePictures(admin, 'start-people')

  const step = admin.locator('.step')
  await step.getByLabel('Nama').fill('Petugas 1')
  await step.getByLabel('PIN baru').fill('146290')
  await admin.keyboard.press('Enter')
  await step.getByRole('button', { name: 'Lanjut' }).click()
  await takePictures(admin, 'start-services')
  await step.getByLabel(/Pajak bumi/).uncheck()
  await step.getByRole('button', { name: 'Pakai 7 layanan ini' }).click()
  await step.getByLabel('Berapa loket?').selectOption('2')
  await step.getByRole('button', { name: 'Buat loket' }).click()
  await shows(admin, /Buka http:.*\/kiosk di layarnya/)
  expect(
    box.office
      .services()
      .map(({ prefix }) => prefix)
      .join(''),
  ).toBe('ABCDEGH')
  expect(box.office.counters().map(({ name, services }) => [name, services.length])).toEqual([
    ['Loket 1', 7],
    ['Loket 2', 7],
  ])

  // Left and opened again on another PC: it goes on with the screens.
  const other = await admin.context().newPage()
  await admin.close()
  admin = other
  await admin.goto(`${place.url}/admin`)
  await shows(admin, /Buka http:.*\/kiosk di layarnya/)
  const [kiosk, display] = await Promise.all([open('/kiosk'), open('/display')])
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  await shows(display, 'Belum ada nomor yang dipanggil')
  await admin.reload()
  await shows(admin, 'Kertas keluar bila ada printer.')
  await admin.getByRole('button', { name: /Layar, printer, suara/ }).click()
  await admin.getByLabel('Kode di layar').fill('123456')
  await admin.locator('.pair').getByLabel('Nama').fill('Ruang tunggu')
  await admin.getByRole('button', { name: 'Hubungkan' }).click()
  await shows(admin, 'Kode tidak cocok')
  await takePictures(admin, 'start-screens')
  await admin.locator('.step').getByRole('button', { name: 'Lanjut' }).click()

  await admin.getByRole('button', { name: 'Ambil nomor coba' }).click()
  await admin.getByRole('button', { name: 'Panggil A001' }).click()
  await shows(display, 'A001')
  expect(await findViolations(admin)).toEqual([])
  await takePictures(admin, 'start-try')
  await admin.getByRole('button', { name: 'Selesaikan A001' }).click()
  await shows(admin, 'Kantor siap melayani')
  await takePictures(admin, 'start-ready')
  const [ticket] = box.queue.ended(box.queue.day() ?? '', 5)
  expect(ticket).toMatchObject({ label: 'A001', state: 'completed' })
  expect(box.office.counters().every(({ account }) => account === null)).toBe(true)
  expect(place.faults).toEqual([])
}, 120_000)
