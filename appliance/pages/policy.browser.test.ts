import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrowserOffice, openBrowserOffice } from '../../testing/browser-office.ts'

/* The pages under their own Content-Security-Policy: nothing that they need is refused, and what is foreign is. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
})
afterAll(() => place?.close())

test.each([
  '/',
  '/kiosk',
  '/display',
  '/book',
  '/desk',
  '/admin',
  '/technician',
  '/today',
  '/reports',
  '/t/aaaaaaaaaaaa',
])('%s needs nothing that its policy forbids, and runs no script that was put into it', async (path) => {
  const page = await place.open('/api/session', { bypassCSP: false })
  const refused: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text())
  })
  await page.goto(place.url + path)
  await page.locator('body *').first().waitFor()
  await page.waitForLoadState('networkidle').catch(() => {})
  expect(refused).toEqual([])

  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "taken over"'
    document.body.append(script)
  })
  expect(await page.title()).not.toBe('taken over')
  await expect.poll(() => refused.length).toBe(1)
  await page.context().close()
})
