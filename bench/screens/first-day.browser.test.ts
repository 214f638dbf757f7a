import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBrowser } from '../../testing/browser.ts'
import { guideFolder, playFirstDay, writeGuide } from './first-day.ts'

test('the guide of the first day has the touches, fields and pictures of the day as it is played', async () => {
  const browser = await openBrowser()
  try {
    const guide = writeGuide(await playFirstDay(browser))
    expect(readFileSync(join(guideFolder, 'README.md'), 'utf8')).toBe(guide)
    const pictures = [...guide.matchAll(/<img src="([^"]+)"/g)].map(([, name]) => name ?? '')
    expect(pictures.length).toBeGreaterThan(15)
    expect(pictures.filter((name) => !existsSync(join(guideFolder, name)))).toEqual([])
  } finally {
    await browser.close()
  }
}, 120_000)
