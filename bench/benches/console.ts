import type { Page } from 'playwright-core'
import { boxHealth } from '../../testing/box-health.ts'
import { openBrowser, wholeChromium } from '../../testing/browser.ts'
import { filledVillage } from '../../testing/fill-regency.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'
import type { Bench } from '../run.ts'
import { median, printTable, round } from '../statistics.ts'

const villages = 217
const runs = 15
/** What is kept of a village's health after a year: two days of minutes, 92 of hours, all of days. */
const kept = { minute: 2_880, hour: 2_208, day: 365 } as const

type Place = Awaited<ReturnType<typeof openTestConsole>>

/**
 * The regency's console in a browser with 217 villages: what its first load weighs, how long a village's page takes from the
 * press to its charts, how long a task is at most while the list is scrolled and news comes in, and what the history behind
 * it takes on the disk. The pages are those that `vite build` made.
 */
export const bench: Bench = {
  name: 'console',
  async run() {
    const codes = Array.from({ length: villages }, (_, index) => filledVillage(index))
    const place = await openTestConsole({
      villages: codes.map(
        (code, index) => `${code},desa,Desa ${index},${code.slice(0, 6)},Kecamatan ${code.slice(4, 6)}`,
      ),
    })
    const browser = await openBrowser(wholeChromium)
    try {
      await fill(place, codes)
      await place.add('administrator', 'Rina')
      await place.hub.alarms.look()
      const faults: string[] = []
      let loadedBytes = 0
      const measured: Promise<unknown>[] = []
      browser.on('context', (context) => {
        context.on('response', (response) => {
          if (!/\/(hub|assets\/.*)$/.test(new URL(response.url()).pathname)) return
          const sized = response.request().sizes()
          measured.push(sized.then(({ responseBodySize }) => (loadedBytes += responseBodySize)))
        })
      })
      const page = await openConsolePage(browser, place, 'Rina', { faults })
      await page.getByRole('link', { name: 'Desa 0', exact: true }).waitFor()
      await Promise.all(measured)
      const firstLoadKiB = round(loadedBytes / 1_024, 1)

      const longestTaskMs = await scroll(page, place)
      const opening = await openVillages(page, codes)
      if (faults.length > 0) throw new Error(faults.join('; '))
      const bytesPerVillage = await measureBytes(place, codes.length)
      const figures = {
        ...{ firstLoadKiB, ...opening, longestTaskMs },
        ...{ bytesPerVillageYear: bytesPerVillage, bytesPerVillageDay: Math.round(bytesPerVillage / 365) },
      }
      printTable([['', ''], ...Object.entries(figures)])
      return figures
    } finally {
      await browser.close()
      await place.close()
    }
  },
}

async function fill({ database }: Place, codes: readonly string[]): Promise<void> {
  const health = (index: number) => {
    const codesNow = index % 9 === 0 ? ['disk.low'] : index % 7 === 0 ? ['voice.silent', 'print.lost'] : []
    return JSON.stringify({ ...boxHealth(codesNow), disk_free_bytes: 9e9, temperature_c: 51 })
  }
  for (const [index, code] of codes.entries())
    await database.query(
      `INSERT INTO contact (village, state, since, seen_at, version, health, health_at) VALUES ($1, $2, now(), now(), '0.3.0', $3, now())`,
      [code, index % 11 === 0 ? 'offline' : 'connected', health(index)],
    )
  for (const grain of ['minute', 'hour', 'day'] as const)
    await database.query(
      `INSERT INTO health_${grain} (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
       SELECT village, date_trunc('${grain}', now()) - n * interval '1 ${grain}', 1, n % 40, n % 30, n % 90, 9000 - n % 900, 50 + n % 9, false
       FROM generate_series(0, ${kept[grain]} - 1) AS s (n), unnest($1::text[]) AS v (village)`,
      [['', ...codes]],
    )
  await database.query('ANALYZE')
}

/** Rows and their index. */
async function measureBytes({ database }: Place, villagesFilled: number): Promise<number> {
  const { rows } = await database.query<{ bytes: string }>(
    `SELECT pg_total_relation_size('health_minute') + pg_total_relation_size('health_hour') + pg_total_relation_size('health_day') AS bytes`,
  )
  return Math.round(Number(rows[0]?.bytes) / (villagesFilled + 1))
}

const rounds = 5

/**
 * The longest task while the list goes by and the view comes anew each second; 0: none took 50 ms. Of five rounds the least:
 * what else the machine does makes a task longer, never shorter.
 */
async function scroll(page: Page, { hub }: Place): Promise<number> {
  await page.evaluate(`
    window.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
    }).observe({ type: 'longtask' })
  `)
  await page.mouse.move(600, 600)
  const longestMs: number[] = []
  for (let turn = 0; turn < rounds; turn++) {
    await page.evaluate('window.longest = 0')
    for (let step = 0; step < 24; step++) {
      await page.mouse.wheel(0, step < 12 ? 700 : -700)
      if (step % 10 === 0) hub.refreshPages()
      await page.waitForTimeout(100)
    }
    longestMs.push(await page.evaluate<number>('window.longest'))
  }
  return round(Math.min(...longestMs), 1)
}

/** From the press until the charts of 48 hours are drawn, the list drawn behind them again each time. */
async function openVillages(page: Page, codes: readonly string[]) {
  const samplesMs: number[] = []
  for (const code of codes.slice(0, runs + 1)) {
    samplesMs.push(
      await page.evaluate<number>(`new Promise((done) => {
        const began = performance.now()
        location.hash = '#/village/${code}'
        const look = () => {
          if (!document.querySelector('.charts .chart')) return requestAnimationFrame(look)
          requestAnimationFrame(() => done(performance.now() - began))
        }
        requestAnimationFrame(look)
      })`),
    )
    await page.goBack()
    await page.locator('.charts').waitFor({ state: 'detached' })
  }
  return {
    villagePageMs: round(median(samplesMs.slice(1)), 1),
    villagePageLeastMs: round(Math.min(...samplesMs.slice(1)), 1),
  }
}
