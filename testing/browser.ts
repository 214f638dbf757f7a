import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

/* Debian's Chromium for tests: no network of its own, one context per person. */

const screens = join(import.meta.dirname, '..', 'artifacts', 'screens')
const axeFile = join(import.meta.dirname, '..', 'node_modules', 'axe-core', 'axe.min.js')

/** As people have it, with a window and a frame round each page: a context costs nearly half a second of a processor. */
export const wholeChromium = '/usr/bin/chromium'
/** The same engine of the same package without windows, at a fifth of that. */
const shell = '/usr/lib/chromium/chromium-headless-shell'
const usual = process.env.BALAI_CHROMIUM ?? (existsSync(shell) ? shell : wholeChromium)

export const openBrowser = (executablePath = usual): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream', // a microphone that beeps
      '--use-fake-ui-for-media-stream',
    ],
  })

/** Done when what has changed of the page is laid out and drawn. */
export const drawn = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))')

/** Windows in which a page of the office is looked at: a phone, laptops, an old and a new screen, a laptop at 150 %. */
export const allSizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
  { width: 1280, height: 1024 },
  { width: 1920, height: 1080 },
  { width: 911, height: 427 },
]

/** Keeps a picture of the page at the three widths that every page is looked at, and at more where given. */
export async function takePictures(
  page: Page,
  name: string,
  more: readonly { width: number; height: number }[] = [],
): Promise<void> {
  mkdirSync(screens, { recursive: true })
  const before = page.viewportSize()
  for (const size of [
    { width: 360, height: 740 },
    { width: 1366, height: 768 },
    { width: 1920, height: 1080 },
    ...more,
  ]) {
    await page.setViewportSize(size)
    await drawn(page)
    // What moves is taken where it comes to rest.
    await page.screenshot({ path: join(screens, `${name}-${size.width}x${size.height}.png`), animations: 'disabled' })
  }
  if (before) await page.setViewportSize(before)
}

type Violation = { id: string; impact: string | null; help: string; nodes: { html: string }[] }

/** What axe finds serious or critical on the page as it is now (WCAG 2.2 A and AA). */
export async function findViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.addScriptTag({ path: axeFile })
  const { violations } = (await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )) as { violations: Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

/** The same in dark, with pictures of it; the page is light again afterwards. */
export async function findViolationsInDark(...[page, name, more]: Parameters<typeof takePictures>): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  await takePictures(page, `${name}-dark`, more)
  const found = await findViolations(page)
  await page.emulateMedia({ colorScheme: null })
  return found
}
