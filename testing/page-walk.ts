import type { Page } from 'playwright-core'
import { drawn, takePictures } from './browser.ts'
import { findMainHidden, measure } from './measure.ts'

/*
 * Pages of the staff and of the regency in windows from an old phone's to a large monitor's, as they are and while whoever
 * answers them does not: nothing is cut, covered, too small or broken, nothing scrolls sideways, and what one has come for
 * is in sight. For tests only.
 */

type Window = { width: number; height: number; letters: number }
/** Letters in percent of the usual. */
const windows: readonly Window[] = [
  { width: 320, height: 640, letters: 100 },
  { width: 360, height: 740, letters: 100 },
  { width: 768, height: 1024, letters: 100 },
  { width: 911, height: 427, letters: 100 },
  { width: 1366, height: 641, letters: 100 },
  { width: 1920, height: 1080, letters: 100 },
  { width: 360, height: 740, letters: 200 },
  { width: 1366, height: 641, letters: 200 },
]
/** Where another state has the same lists and forms, with a line above them. */
const fewer = windows.filter(
  ({ width, letters }) => width !== 768 && width !== 1920 && (letters === 100 || width === 360),
)

type Options = {
  /** What its faults and its pictures are called. */
  name: string
  state: 'empty' | 'full' | 'late' | 'broken' | 'cut' | 'doubtful'
  /** Whoever only watches has nothing to come for. */
  watches?: boolean
  /** What is no word, and may be broken: the marks of machines. */
  marks?: readonly string[]
  /** Buttons that show another part of the page. */
  parts?: string
}

/** What is wrong with the page and all its parts, as they are now. */
export async function walkPage(page: Page, { parts = 'nav button', ...of }: Options): Promise<string[]> {
  const found = await faultsOf(page, of)
  await takePictures(page, `walk${of.name.replaceAll('/', '-')}-${of.state}`)
  const buttons = page.locator(parts)
  for (let at = 0; at < (await buttons.count()); at++) {
    const button = buttons.nth(at)
    await button.evaluate((node: HTMLElement) => node.click())
    found.push(...(await faultsOf(page, { ...of, name: `${of.name} ${await button.textContent()}` })))
  }
  return found
}

/** The same of the one part that is seen. */
export async function faultsOf(
  page: Page,
  { name, state, watches = false, marks = [] }: Omit<Options, 'parts'>,
): Promise<string[]> {
  const found: string[] = []
  for (const { width, height, letters } of ['empty', 'full', 'doubtful'].includes(state) ? windows : fewer) {
    await page.setViewportSize({ width, height })
    await page.evaluate((percent) => {
      document.documentElement.style.fontSize = `${percent}%`
    }, letters)
    await drawn(page)
    const note = (line: string) => found.push(`${name}, ${state}, ${width}×${height} at ${letters} %: ${line}`)
    // Tables and rows of tabs scroll by themselves. Where letters of 200 % meet a phone, some words are wider than it.
    const breaks = letters === 100 || width > 360
    for (const line of await measure(page, 'page')) {
      const broken = /^broken word: (.*)/.exec(line)?.[1]
      if (broken !== undefined && (!breaks || marks.some((mark) => mark.includes(broken)))) continue
      if (letters === 100 || broken !== undefined || line.startsWith('overflows')) note(line)
    }
    const { tabsScroll, headPx } = await page.evaluate(() => {
      const tabs = document.querySelector('.tabs[role=tablist]')
      return {
        tabsScroll: tabs !== null && tabs.scrollWidth > tabs.clientWidth,
        headPx: document.querySelector('header.top')?.getBoundingClientRect().height ?? 0,
      }
    })
    if (tabsScroll) note('the tabs scroll sideways')
    if (letters !== 100) continue
    if (headPx > 170) note(`the head is ${headPx} px high`)
    if (!watches) for (const line of await findMainHidden(page)) note(line)
  }
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'))
  return found
}

const internal = { code: 'internal', message: '', reference: 'r-7F3A9C', details: {} }

/** The box answers nothing but who is logged in: it takes long, or answers with an error. */
export async function answerAs(page: Page, how: 'late' | 'broken'): Promise<void> {
  await page.context().unrouteAll()
  await page.context().route(/\/(api|live)\//, async (route) => {
    if (new URL(route.request().url()).pathname === '/api/session') return await route.continue()
    if (how === 'broken')
      await route.fulfill({ status: 500, body: JSON.stringify(internal), contentType: 'application/json' })
  })
  await page.reload()
  await page.locator('main').first().waitFor({ state: 'attached' })
}

/** Pages that follow the box say that it is away; others do when they ask. */
export const untilAway = (page: Page) =>
  page
    .locator('.state-cut, .state-error')
    .first()
    .waitFor({ timeout: 5_000 })
    .catch(() => {})
