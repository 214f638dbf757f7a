import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { newId } from '../base/ids.ts'

/* Screens of the office's network before the real box: a relay on loopback that connects from an address of its own. */

let place: BrowserOffice
const relays: Server[] = []
beforeAll(async () => {
  place = await openBrowserOffice()
})
afterAll(async () => {
  for (const relay of relays) relay.close()
  await place?.close()
})

/** Where a browser reaches the box as if from `localAddress`. */
async function relayFrom(localAddress: string): Promise<string> {
  const relay = createServer((socket) => {
    const box = connect({ host: '127.0.0.1', port: place.box.http.port, localAddress })
    socket.pipe(box).pipe(socket)
    socket.on('error', () => box.destroy())
    box.on('error', () => socket.destroy())
  })
  relays.push(relay)
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
}

const codeOn = async (page: { locator(selector: string): { innerText(): Promise<string> } }) =>
  (await page.locator('.pairing-code').innerText()).replace(/\D/g, '')

test('a screen is paired by its code, and asks to be paired again once it comes from elsewhere', async () => {
  const { box, open } = place
  const page = await open('/')
  await page.goto(`${await relayFrom('127.0.0.9')}/display`)
  await shows(page, /\d{3} \d{3}/)
  const approve = async () =>
    box.devices.approve({
      ...{ code: await codeOn(page), name: 'Ruang tunggu', actor: place.office().technician, key: newId() },
    })
  await approve()
  await page.locator('.pairing').waitFor({ state: 'detached' })

  const elsewhere = await relayFrom('127.0.0.8')
  await page.goto(`${elsewhere}/display`)
  await shows(page, /Jaringan layar ini lain/)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'pairing-moved')
  await approve()
  await page.locator('.pairing').waitFor({ state: 'detached' })
  expect(place.faults).toEqual([])
}, 60_000)

test('a browser that keeps no cookie reads what to do, and shows no code', async () => {
  const page = await place.open('/')
  // As a browser with cookies switched off: what the box gives is not kept.
  await page.route('**/api/device', async (route) => {
    const response = await route.fetch({ headers: { ...route.request().headers(), cookie: '' } })
    const { 'set-cookie': _, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
  await page.goto(`${await relayFrom('127.0.0.7')}/kiosk`)
  await shows(page, 'Peramban ini tidak menyimpan cookie')
  expect(await page.locator('.pairing-code').count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'pairing-no-cookie')
}, 60_000)

test('the settings offer printers that are there, and the phones’ share of bookings', async () => {
  const admin = await place.open('/admin')
  await logIn(admin, 'Teknisi')
  await admin.getByRole('button', { name: 'Printer', exact: true }).click()
  await admin.getByRole('combobox', { name: /^Printer/ }).selectOption('device')
  await shows(admin, 'Tidak ada printer yang tersambung')
  expect(await findViolations(admin)).toEqual([])
  await takePictures(admin, 'admin-printer-device')
  await admin.getByRole('button', { name: 'Janji temu' }).click()
  await admin.getByLabel(/Bagian janji lewat ponsel/).fill('40')
  await admin.locator('section:not([hidden]) button[type=submit]').click()
  await expect.poll(() => place.box.office.settings().phonePercent).toBe(40)
  await takePictures(admin, 'admin-bookings-share')
}, 60_000)

test('a screen that is taken away can be taken back for ten seconds', async () => {
  const { box } = place
  const screen = box.devices.pairHere('kiosk', box.devices.newToken())
  const isPaired = () => box.devices.list().some(({ device }) => device === screen)
  const technician = await place.open('/technician')
  await logIn(technician, 'Teknisi')
  const name = `Lepas ${screen}`
  await technician.getByRole('button', { name, exact: true }).click()
  await technician.getByRole('button', { name: `Urungkan (10) ${name}` }).waitFor()
  expect(await findViolations(technician)).toEqual([])
  await takePictures(technician, 'technician-remove')
  await technician.getByRole('button', { name: new RegExp(`^Urungkan \\(\\d+\\) ${name}$`) }).click()
  await technician.getByRole('button', { name, exact: true }).waitFor()
  // Longer than it would have taken.
  await technician.waitForTimeout(11_000)
  expect(isPaired()).toBe(true)

  await technician.getByRole('button', { name, exact: true }).click()
  await expect.poll(isPaired).toBe(false)
  expect(place.faults).toEqual([])
}, 60_000)
