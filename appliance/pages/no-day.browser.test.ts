import { afterEach, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { testPin } from '../../testing/test-box.ts'

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
