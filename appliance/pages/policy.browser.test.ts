import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrowserOffice, openBrowserOffice } from '../../testing/browser-office.ts'

/* The pages under their own Content-Security-Policy: nothing that they need is refused, and what is foreign is. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
})
afterAll(() => place?.close())

/**
 * Answers whether nothing has been on its way for half a second: Playwright's `networkidle`, which waits in vain where a
 * page starts the shared worker, since the browser never says that the worker's script has come.
 */
function watchRequests(page: Page): () => boolean {
  const onTheirWay = new Set<Request>()
  let changedAt = performance.now()
  const note = (change: (request: Request) => void) => (request: Request) => {
    change(request)
    changedAt = performance.now()
  }
  const isEndless = (request: Request) =>
    request.resourceType() === 'eventsource' || /stream-worker/.test(request.url())
  page.on(
    'request',
    note((request) => isEndless(request) || onTheirWay.add(request)),
  )
  const end = note((request) => onTheirWay.delete(request))
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  return () => onTheirWay.size === 0 && performance.now() - changedAt > 500
}

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
  const quiet = watchRequests(page)
  await page.goto(place.url + path)
  await page.locator('body *').first().waitFor()
  await expect.poll(quiet).toBe(true)
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
