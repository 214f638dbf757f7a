import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice } from '../../testing/browser-office.ts'

/* A browser that cannot read what the pages are written in: here one that is given a word of a language yet to come. */

let browser: Browser
let place: BrowserOffice
beforeAll(async () => {
  browser = await openBrowser()
  place = await openBrowserOffice({ browser })
})
afterAll(async () => {
  await place?.close()
  await browser?.close()
})

const said = 'document.querySelector(".too-old").getClientRects().length > 0 && document.body.innerText'
/** As if the time had passed that a slow line has. */
const later = 'document.getAnimations().forEach((one) => one.finish())'

test.each(['/', '/kiosk', '/desk', '/display'])('%s says in words that it cannot be opened there', async (path) => {
  const page = await browser.newPage()
  await page.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'later { } else' }))
  await page.goto(`${place.url}${path}`)
  expect(await page.evaluate(said)).toBe('')
  await page.evaluate(later)
  expect(await page.evaluate(said)).toContain('perambannya terlalu lama untuk Balai: pakai Chrome')
})

test('nobody else reads it, and nobody with reduced motion while a page loads', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  await page.route('**/*.js', async (route) => {
    await given
    await route.continue()
  })
  await page.goto(`${place.url}/kiosk`, { waitUntil: 'commit' })
  await page.waitForSelector('.too-old', { state: 'attached' })
  expect(await page.evaluate(said)).toBe('')
  give()
  await page.waitForSelector('#app > *')
  await page.evaluate(later)
  expect(await page.evaluate(said)).toBe(false)
})
