import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { findViolations, openBrowser } from '../../testing/browser.ts'
import { type Kind, measure } from '../../testing/measure.ts'
import { makeGuide } from './first-day.ts'
import type { Scene } from './scene.ts'
import { sizes as crowded } from './sizes.ts'
import { times } from './times.ts'
import { troubles } from './troubles.ts'
import { usual } from './usual.ts'

/*
 * `npm run screens -- busy first:kiosk` opens real boxes in these states, or in all of them, and keeps a picture of each
 * page at every size in artifacts/screens (or in SCREENS). What it prints is too small, cut off or refused by axe.
 * `npm run screens -- first-day` makes the technicians' guide of the first day anew, with its pictures.
 */

const stages = [...usual, ...crowded, ...times, ...troubles]

const folder = process.env.SCREENS ?? 'artifacts/screens'
type Size = { width: number; height: number; dark?: boolean; zoom?: number }

const wide = [
  { width: 360, height: 740 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
]
const sizes: Record<Kind, Size[]> = {
  kiosk: [...wide, { width: 1080, height: 1920 }, { width: 1280, height: 800 }],
  display: [...wide.slice(1), { width: 1080, height: 1920 }],
  phone: [...wide, { width: 360, height: 740, dark: true }, { width: 360, height: 740, zoom: 2 }],
  page: [...wide, { width: 1366, height: 768, dark: true }, { width: 1366, height: 768, zoom: 2 }],
}

async function main(wanted: string[]) {
  mkdirSync(folder, { recursive: true })
  const browser = await openBrowser()
  if (wanted.includes('first-day')) {
    await makeGuide(browser)
    await browser.close()
    return
  }
  for (const stage of stages) {
    if (wanted.length > 0 && !wanted.some((one) => one.split(':')[0] === stage.name)) continue
    const only = wanted.filter((one) => one.startsWith(`${stage.name}:`)).map((one) => one.split(':')[1])
    const office = await stage.open()
    const scenes = office.scenes.filter(({ name }) => only.length === 0 || only.includes(name))
    const pages: [Scene, Page][] = []
    for (const scene of scenes) pages.push([scene, await open(browser, office.url, scene)])
    for (const [scene, page] of pages) {
      try {
        await scene.steps?.(page)
      } catch (error) {
        console.log(`${stage.name} ${scene.name}: ${String(error).split('\n')[0]}`)
      }
    }
    for (const [scene, page] of pages) await take(page, scene, stage.name)
    await office.after?.()
    if (stage.name !== 'cut') await office.box.remove()
  }
  await browser.close()
}

async function open(browser: Browser, url: string, { path }: Scene): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  page.setDefaultTimeout(6000)
  page.on('pageerror', (error) => console.log(`${path}: ${error.message}`))
  await page.goto(url + path)
  await page.waitForTimeout(400)
  return page
}

async function take(page: Page, { name, kind }: Scene, stage: string) {
  for (const { width, height, dark = false, zoom = 1 } of sizes[kind]) {
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
    await page.setViewportSize({ width: Math.round(width / zoom), height: Math.round(height / zoom) })
    await page.waitForTimeout(120)
    const label = `${stage}-${name}-${width}x${height}${dark ? '-dark' : ''}${zoom > 1 ? '-zoom' : ''}`
    await page.screenshot({ path: join(folder, `${label}.png`), fullPage: width === 360 && kind === 'phone' })
    for (const line of await measure(page, kind)) console.log(`${label}: ${line}`)
    if (width === 1366 || dark) for (const line of await findViolations(page)) console.log(`${label}: ${line}`)
  }
}

await main(process.argv.slice(2))
