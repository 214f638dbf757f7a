import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { furnish, openTestBox, testPin } from './test-box.ts'

/* A real box, furnished, and a real browser before it. For tests only. */

export type BrowserOffice = Awaited<ReturnType<typeof openBrowserOffice>>

type Options = { furnished?: boolean; browser?: Browser; box?: Parameters<typeof openTestBox>[0] }

/**
 * Opens both; `close` closes them, of a browser that was given only what was opened here. `faults` are errors that pages
 * threw: a test ends with none.
 */
export async function openBrowserOffice({ furnished = true, browser: given, box: options = {} }: Options = {}) {
  const box = await openTestBox(options)
  const office = furnished ? await furnish(box) : null
  const browser = given ?? (await openBrowser())
  const faults: string[] = []
  const contexts: BrowserContext[] = []
  const url = `http://localhost:${box.http.port}`

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    // The pages' own policy forbids foreign scripts; axe is one.
    const context = await browser.newContext({
      bypassCSP: true,
      viewport: { width: 1366, height: 768 },
      ...options,
    })
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
    await page.goto(url + path)
    return page
  }

  return {
    box,
    url,
    faults,
    open,
    /** What `furnish` made; throws in an office that was opened empty. */
    office() {
      if (!office) throw new TypeError('This office is not furnished.')
      return office
    },
    async close(): Promise<void> {
      if (given) await Promise.all(contexts.map((context) => context.close()))
      else await browser.close()
      await box.remove()
    },
  }
}

export const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 30_000 })

/** Done when the box has let somebody in and knows the cookie again: a name stands on the page before that, too. */
export async function logIn(page: Page, name: string): Promise<void> {
  let isIn = false
  const answered = page.waitForResponse((one) => {
    if (new URL(one.url()).pathname !== '/api/session') return false
    if (one.request().method() === 'GET') return isIn
    isIn = one.ok()
    return !isIn
  })
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.keyboard.type(testPin)
  await page.keyboard.press('Enter')
  await answered
}

/** Enter, once the desk takes it: it rests a third of a second after each step, against double presses. */
export async function pressMain(desk: Page): Promise<void> {
  await desk.locator('button.main:enabled').waitFor()
  await desk.keyboard.press('Enter')
}
