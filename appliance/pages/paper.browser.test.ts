import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { startFakePrinter } from '../../testing/fake-printer.ts'
import { decodePaper, paperText } from '../../testing/paper-decoder.ts'

/* Paper tickets, from the settings to the roll's end, in a real browser with a printer on loopback. */

const portrait = [{ width: 1080, height: 1920 }]
let place: BrowserOffice
let fake: Awaited<ReturnType<typeof startFakePrinter>>

beforeAll(async () => {
  fake = await startFakePrinter()
  place = await openBrowserOffice()
})
afterAll(async () => {
  await place?.close()
  await fake?.stop()
})

const printed = () =>
  fake.papers.flatMap((bytes) => paperText(decodePaper(bytes)).filter((line) => /\(x4\)/.test(line)))

test('a printer is set, tried, used at the kiosk and at the desk, and its empty roll is seen', async () => {
  const { box, open } = place
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await admin.getByRole('button', { name: 'Printer', exact: true }).click()
  await admin.getByRole('combobox', { name: /^Printer/ }).selectOption('network')
  await admin.getByLabel('Alamat printer').fill('bukan alamat')
  await admin.locator('section:not([hidden]) button[type=submit]').first().click()
  await shows(admin, /Alamat printer tidak dikenal/)
  await admin.getByLabel('Alamat printer').fill(`127.0.0.1:${fake.port}`)
  await admin.locator('section:not([hidden]) button[type=submit]').first().click()
  await shows(admin, 'Printer siap.')
  await admin.getByRole('button', { name: 'Cetak contoh' }).click()
  await shows(admin, 'Contoh tercetak. Periksa kertasnya.')
  expect(await findViolations(admin)).toEqual([])
  await takePictures(admin, 'admin-printer')

  // A second one, for flows, under a name of its own.
  await admin.getByRole('button', { name: 'Tambah printer' }).click()
  const second = admin.locator('form', { has: admin.getByRole('button', { name: 'Simpan printer' }) })
  await second.getByRole('textbox').first().fill('Label loket 1')
  await second.getByRole('textbox').last().fill('bukan alamat')
  await second.getByRole('button', { name: 'Simpan printer' }).click()
  await shows(admin, /Alamat printer tidak dikenal/)
  await second.getByRole('textbox').last().fill(`127.0.0.1:${fake.port}`)
  await second.getByRole('button', { name: 'Simpan printer' }).click()
  await admin.getByRole('button', { name: 'Lepas printer Label loket 1' }).waitFor()
  expect(place.box.paper.settings().others).toMatchObject([{ name: 'Label loket 1', width: 80 }])
  await admin.getByRole('button', { name: 'Lepas printer Label loket 1' }).click()
  await expect.poll(() => place.box.paper.settings().others).toEqual([])

  const kiosk = await open('/kiosk')
  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'Ambil kertas Anda')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-ticket-paper', portrait)
  await kiosk.getByRole('button', { name: 'Cetak lagi' }).click()
  await vi.waitFor(() => expect(printed()).toEqual(['A000 (x4)', 'A001 (x4)', 'A001 (x4)']), 9_000)
  await kiosk.getByRole('button', { name: /Selesai/ }).click()

  fake.set('paper-out')
  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'Kertas sedang habis')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-ticket-no-paper', portrait)

  const desk = await open('/desk')
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await shows(desk, /Kertas tiket habis/)
  await takePictures(desk, 'desk-paper-out')
  const technician = await open('/technician')
  await logIn(technician, 'Teknisi')
  await shows(technician, 'Pasang gulungan baru.')
  await takePictures(technician, 'technician-paper-out')
  fake.set('ready')
  await shows(desk, 'Printer siap')
  await vi.waitFor(() => expect(printed()).toContain('A002 (x4)'), 9_000)

  await desk.keyboard.press('k')
  await shows(desk, 'Cetak ulang nomor berapa?')
  await desk.keyboard.type('a002')
  expect(await findViolations(desk)).toEqual([])
  await takePictures(desk, 'desk-reprint')
  await desk.keyboard.press('Enter')
  await shows(desk, 'A002 dicetak lagi.')
  expect(printed().filter((line) => line === 'A002 (x4)')).toHaveLength(2)
  expect(box.queue.openTickets().map(({ label }) => label)).toEqual(['A001', 'A002'])
  expect(place.faults).toEqual([])
}, 120_000)
