import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'

/* From an empty box to the first ticket, with a keyboard and no manual: each step is left and gone on with. */

let place: BrowserOffice

beforeAll(async () => {
  place = await openBrowserOffice({ furnished: false })
})
afterAll(() => place?.close())

const upright = [{ width: 1080, height: 1920 }]
const monitors = [
  { width: 1280, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1280, height: 800 },
  { width: 1000, height: 1000 },
]
const fail = (): never => expect.fail('it is not on the page')
const small = [{ width: 1024, height: 600 }]

test('until there is a technician the attached screens and the home page lead to the set-up, and nothing else', async () => {
  const { box, open } = place
  const code = box.setupCode.read() ?? ''
  const home = await open('/')
  await home.getByRole('link', { name: 'Siapkan kantor' }).waitFor()
  expect(await home.getByRole('link', { name: 'Loket' }).count()).toBe(0)
  await takePictures(home, 'home-first-start')
  for (const page of ['/kiosk', '/display']) {
    const screen = await open(page)
    await shows(screen, `${code.slice(0, 5)} ${code.slice(5)}`)
    const address = (await screen.getByRole('img', { name: /admin$/ }).getAttribute('aria-label')) ?? ''
    expect(address).toMatch(/^http:.*\/admin$/)
    expect(await findViolations(screen)).toEqual([])
    await takePictures(screen, `first-start-${page.slice(1)}`, [...upright, ...small, ...monitors])
    // What is to be scanned is whole on whatever hangs there.
    for (const size of [
      ...monitors,
      ...upright,
      ...small,
      { width: 1366, height: 768 },
      { width: 768, height: 1024 },
    ]) {
      await screen.setViewportSize(size)
      const { x, y, width, height } = (await screen.getByRole('img', { name: /admin$/ }).boundingBox()) ?? fail()
      expect([x >= 0, y >= 0, x + width <= size.width, y + height <= size.height], `${size.width}`).not.toContain(false)
      const code = (await screen.locator('.code').boundingBox()) ?? fail()
      expect(code.x + code.width, `${size.width}`).toBeLessThanOrEqual(size.width)
    }
    await screen.close()
  }
  // Nobody becomes a device of the office by looking, and off the box the code is not told.
  expect(box.devices.list()).toEqual([])
  const elsewhere = await box.app.inject({ url: '/api/setup', remoteAddress: '192.168.1.40' })
  expect(elsewhere.json()).toMatchObject({ needed: true, code: null })
})

test('a new office comes to its first ticket in six steps, and goes on where it was left', async () => {
  const { box, open } = place
  let admin = await open('/')
  // As a phone opens what it scanned.
  await admin.goto(`${place.url}/admin#kode=${box.setupCode.read()}`)
  await admin.getByLabel('Nama Anda').waitFor()
  expect(await admin.getByLabel('Kode sekali pakai').inputValue()).toBe(box.setupCode.read())
  expect(new URL(admin.url()).hash).toBe('')
  await admin.keyboard.press('Tab')
  await admin.getByRole('button', { name: 'Mulai pakai' }).click()
  await shows(admin, 'Isi dulu.')
  expect(await admin.evaluate(() => document.activeElement?.getAttribute('autocomplete'))).toBe('name')
  await admin.getByLabel('Nama Anda').fill('Teknisi')
  await admin.getByLabel('PIN baru').pressSequentially('25 80')
  await admin.keyboard.press('Enter')
  await shows(admin, 'PIN terdiri dari enam angka.')
  await admin.getByLabel('PIN baru').pressSequentially(' 14')
  await admin.getByRole('button', { name: 'Tampilkan' }).click()
  expect(await admin.getByLabel('PIN baru').inputValue()).toBe('258014')
  await takePictures(admin, 'setup')
  await admin.getByRole('button', { name: 'Mulai pakai' }).click()
  await shows(admin, 'Enam langkah sampai nomor pertama')
  expect((await box.app.inject({ url: '/api/setup' })).json()).toMatchObject({ needed: false, code: null })
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
  await shows(admin, /Senin–Kamis.*08.00–12.00, 13.00–15.30/)
  await takePictures(admin, 'start-hours')
  await step.getByRole('button', { name: 'Pakai jam ini' }).click()
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

  expect(box.office.holidays()).toContainEqual({ day: '2027-08-17', name: 'Proklamasi Kemerdekaan' })
  expect(box.office.holidays().some(({ day }) => day < '2026-11-23')).toBe(false)

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
  await shows(admin, 'Langkah awal')
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
