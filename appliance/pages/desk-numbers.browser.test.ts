import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'

/* What a clerk does with numbers that are not the own ticket: taking one for somebody, and taking one out of the line. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
}, 60_000)
afterAll(() => place?.close())
afterEach(() => {
  expect(place.faults.splice(0)).toEqual([])
})

test('the desk takes a number with priority and voids one with its reason, with the keyboard alone', async () => {
  const { box } = place
  const { services } = place.office()
  for (let i = 0; i < 3; i++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  const desk = await place.open('/desk')
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await shows(desk, 'A001')

  await desk.keyboard.press('n')
  await desk.keyboard.press('1')
  await desk.locator('button[aria-pressed=true]', { hasText: 'Lansia' }).waitFor()
  await takePictures(desk, 'desk-take')
  expect(await findViolations(desk)).toEqual([])
  await desk.keyboard.press('b')
  await shows(desk, 'B001')
  expect(box.queue.openTickets().find(({ label }) => label === 'B001')?.group).toBe('elderly')
  await desk.keyboard.press('Escape')

  await desk.keyboard.press('b')
  await desk.getByLabel('Batalkan nomor berapa?').fill('A002')
  await desk.keyboard.press('Enter')
  await shows(desk, 'Mengapa A002 dibatalkan?')
  await takePictures(desk, 'desk-void')
  expect(await findViolations(desk)).toEqual([])
  await desk.keyboard.press('3')
  await shows(desk, 'A002 dibatalkan.')
  const labels = () => box.queue.openTickets().map(({ label }) => label)
  expect(labels()).toEqual(['A001', 'A003', 'B001'])
  await desk.locator('.undo:enabled').waitFor()
  await desk.keyboard.press('z')
  await expect.poll(labels).toEqual(['A001', 'A002', 'A003', 'B001'])
  await desk.context().close()
})
