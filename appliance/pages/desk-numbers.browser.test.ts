import type { Page } from 'playwright-core'
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

/** Types as a scanner does: all at once, with Enter behind it. */
async function scan(page: Page, text: string): Promise<void> {
  const browser = await page.context().newCDPSession(page)
  const press = (key: string, typed: string) => [
    browser.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: typed }),
    browser.send('Input.dispatchKeyEvent', { type: 'keyUp', key }),
  ]
  await Promise.all([...[...text].flatMap((key) => press(key, key)), ...press('Enter', '\r')])
}

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

test('what a scanner types ends no service; a scanned ticket is the one that is called; letters can be turned off', async () => {
  const { box } = place
  const desk = await place.open('/desk')
  await logIn(desk, 'Petugas 1')
  await desk.locator('button.main:enabled').waitFor()
  await desk.keyboard.press('Enter')
  await desk.locator('article[data-state=called]').waitFor()
  await desk.locator('button.main:enabled').waitFor()
  await desk.keyboard.press('Enter')
  await desk.locator('article[data-state=serving]').waitFor()
  const here = () => box.queue.openTickets().find(({ state }) => state === 'serving')?.label
  const served = here()
  await desk.locator('button.main:enabled', { hasText: 'Selesai' }).waitFor()
  await scan(desk, '3510242304900001')
  await shows(desk, 'Pindaian ini bukan tiket.')
  expect(here()).toBe(served)

  const waiting = box.queue.openTickets().find(({ state }) => state === 'waiting')
  await desk.keyboard.press('1')
  await desk.locator('button.main:enabled', { hasText: 'Panggil berikutnya' }).waitFor()
  await scan(desk, `http://192.168.1.5/t/${waiting?.ticket}`)
  await shows(desk, `Mengapa ${waiting?.label} didahulukan?`)
  await desk.keyboard.press('Escape')

  await desk.getByRole('button', { name: /Petugas 1/ }).click()
  await desk.getByRole('button', { name: 'Matikan tombol huruf' }).click()
  await desk.keyboard.press('Escape')
  await desk.keyboard.press('n')
  await desk.waitForTimeout(300)
  expect(await desk.locator('section.take, form.take').count()).toBe(0)
  await desk.context().close()
})
