import { afterEach, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, pressMain, shows } from '../../testing/browser-office.ts'
import { monday, testPin } from '../../testing/test-box.ts'

/* A box that does not know what day it is: nothing is offered that can only fail, and each page leads on. */

let place: BrowserOffice
afterEach(() => place?.close())

test('the kiosk says before the touch that service has not begun, and offers its services once a clerk said the time', async () => {
  place = await openBrowserOffice({ box: { trusted: false } })
  const kiosk = await place.open('/kiosk')
  await shows(kiosk, 'Pelayanan belum dimulai, silakan ke petugas')
  expect(await kiosk.locator('.tile:enabled').count()).toBe(0)
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-no-day', [{ width: 1280, height: 1024 }])
  const booking = await place.open('/book')
  await shows(booking, 'Janji belum bisa dibuat')
  expect(await booking.locator('.pick button').count()).toBe(0)

  const desk = await place.open('/desk')
  await logIn(desk, 'Petugas 1')
  await shows(desk, /^Hari ini /)
  await takePictures(desk, 'desk-ask-clock')
  expect(await findViolations(desk)).toEqual([])
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await shows(desk, 'Panggil berikutnya')
  expect(await desk.getByRole('button', { name: /Ambilkan nomor|Ambil nomor/ }).isDisabled()).toBe(true)
  await desk.getByRole('button', { name: 'Ya, benar' }).click()
  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'A001')
  // Whoever answered sits where they sat.
  await shows(desk, 'Panggil berikutnya')
  expect(place.box.office.counters().map(({ account }) => account !== null)).toEqual([true, false])
  await shows(booking, 'KTP')
  expect(place.faults).toEqual([])
})

test('the first start asks the time in its first line, and its trial goes on with the answer', async () => {
  place = await openBrowserOffice({ furnished: false, box: { trusted: false } })
  const { box } = place
  const { services } = {
    services: () => box.office.services().map(({ service }) => service),
  }
  const admin = await place.open('/admin')
  await admin.getByLabel('Kode sekali pakai').fill(box.setupCode.read() ?? '')
  await admin.getByLabel('Nama Anda').fill('Teknisi')
  await admin.getByLabel('PIN baru').fill(testPin)
  await admin.keyboard.press('Enter')
  await shows(admin, /^Hari ini /)
  const [{ account: actor } = { account: '' }] = box.people.accounts()
  box.office.addService({ prefix: 'A', name: 'KTP', requires: [], minutes: 10, actor, key: null })
  box.office.addCounter({ name: 'Loket 1', services: services(), actor, key: null })
  await admin.getByRole('button', { name: /Coba sekali/ }).click()
  await shows(admin, 'Jawab dulu pertanyaan jam di atas.')
  expect(await admin.getByRole('button', { name: 'Ambil nomor coba' }).isDisabled()).toBe(true)
  await takePictures(admin, 'start-ask-clock')
  await admin.getByRole('button', { name: 'Ya, benar' }).click()
  await admin.getByRole('button', { name: 'Ambil nomor coba' }).click()
  await shows(admin, 'A001')
  expect(place.faults).toEqual([])
})

test.each([
  ['a phone', { viewport: { width: 360, height: 740 }, hasTouch: true }],
  ['an old monitor', { viewport: { width: 1280, height: 1024 } }],
])(
  'on %s an empty box that doubts its clock comes to its first served ticket',
  async (_name, options) => {
    place = await openBrowserOffice({ furnished: false, box: { trusted: false } })
    const { box, open } = place
    const admin = await open(`/admin#kode=${box.setupCode.read()}`, options)
    // Whatever time it is where this test runs, the office is open on that person's device.
    await admin.clock.setFixedTime(monday + 3_600_000)
    const step = admin.locator('.step')
    /** Pressed where it is: nothing lies over it, and the page is no wider than the screen. */
    const press = async (name: string) => {
      await admin.getByRole('button', { name }).click()
      expect(await admin.evaluate('document.documentElement.scrollWidth <= innerWidth'), name).toBe(true)
    }
    await admin.getByLabel('Nama Anda').fill('Teknisi')
    await admin.getByLabel('PIN baru').fill(testPin)
    await press('Mulai pakai')
    await shows(admin, /^Hari ini /)
    await press('Ya, benar')
    await admin.getByText(/^Hari ini /).waitFor({ state: 'detached' })
    await step.getByLabel('Nama').fill('Petugas 1')
    await step.getByLabel('PIN baru').fill(testPin)
    await admin.keyboard.press('Enter')
    await shows(admin, 'Petugas 1')
    await step.getByRole('button', { name: 'Lanjut' }).click()
    await press('Pakai 8 layanan ini')
    await press('Buat loket')
    await press('Pakai jam ini')
    await shows(admin, /Buka http:.*\/kiosk di layarnya/)
    const kiosk = await open('/kiosk', { viewport: { width: 1280, height: 1024 } })
    await shows(kiosk, 'Mau mengurus apa hari ini?')
    await step.getByRole('button', { name: 'Lanjut' }).click()
    await press('Ambil nomor coba')
    await press('Panggil A001')
    await press('Selesaikan A001')
    await shows(admin, 'Kantor siap melayani')
    expect(await findViolations(admin)).toEqual([])

    await kiosk.locator('.tile:enabled').first().click()
    await shows(kiosk, 'A002')
    const desk = await open('/desk', options)
    await logIn(desk, 'Petugas 1')
    if (await desk.getByText('Duduk di loket mana?').isVisible())
      await desk.getByRole('button', { name: /Loket 1/ }).click()
    await pressMain(desk)
    await shows(desk, 'Mulai layani')
    await pressMain(desk)
    await desk
      .getByRole('button', { name: /^Selesai/ })
      .first()
      .click()
    await expect
      .poll(() => box.queue.ended(box.queue.day() ?? '', 5).map(({ label, state }) => [label, state]))
      .toEqual(expect.arrayContaining([['A002', 'completed']]))
    expect(place.faults).toEqual([])
  },
  120_000,
)
