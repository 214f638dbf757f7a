import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, openBrowser, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { consolePin, enter, openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* Two steps at the console, as a person with a phone does them. */

type Place = Awaited<ReturnType<typeof openTestConsole>>
let free: Place
let strict: Place
let browser: Browser
const faults: string[] = []

beforeAll(async () => {
  free = await openTestConsole()
  strict = await openTestConsole({ config: { console: { host: '127.0.0.1', port: 0, second_factor: 'required' } } })
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await free.close()
  await strict.close()
})

/** The app: reads the key off the page and says so many half minutes later what it shows then. */
async function readKey(page: Page): Promise<(later?: number) => string> {
  const key = ((await page.locator('.factor code').textContent()) ?? '').replaceAll(' ', '')
  const totp = new TOTP({ secret: Secret.fromBase32(key) })
  return (later = 0) => totp.generate({ timestamp: Date.now() + later * 30_000 })
}

test('turned on in one’s own menu, asked for at the log-in, and turned off again', async () => {
  await free.add('administrator', 'Rina')
  const page = await openConsolePage(browser, free, 'rina', { faults })
  await shows(page, 'Kandangan')
  await page.getByRole('button', { name: 'Menu saya' }).click()
  await page.getByRole('button', { name: 'Nyalakan verifikasi dua langkah' }).click()
  await page.getByLabel('PIN Anda').fill('111222')
  await page.keyboard.press('Enter')
  await shows(page, /PIN salah/)
  await page.getByLabel('PIN Anda').fill(consolePin)
  await page.keyboard.press('Enter')
  await shows(page, 'Pindai kode QR ini.')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'hub-factor-menu')
  const codeOf = await readKey(page)
  await page.getByLabel('Kode dari aplikasi').fill('000000')
  await page.keyboard.press('Enter')
  await shows(page, /Kode salah atau sudah dipakai; 4 kali lagi/)
  await page.getByLabel('Kode dari aplikasi').fill(codeOf(-1))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Matikan verifikasi dua langkah' }).waitFor()
  await page.getByRole('button', { name: 'Keluar' }).click()

  await enter(page, 'RINA', '111222')
  await shows(page, 'Nama atau PIN salah; 4 kali lagi.')
  await page.keyboard.type(consolePin)
  await shows(page, 'Kode dari aplikasi autentikator')
  expect(await findViolations(page)).toEqual([])
  await page.keyboard.type(codeOf())
  await shows(page, 'Kandangan')
  await page.getByRole('button', { name: 'Menu saya' }).click()
  await page.getByRole('button', { name: 'Matikan verifikasi dua langkah' }).click()
  await page.getByLabel('Kode dari aplikasi').fill(codeOf(1))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Nyalakan verifikasi dua langkah' }).waitFor()
})

test('where the hub demands it, the first log-in leads through it', async () => {
  await strict.add('administrator', 'Wati')
  const page = await openConsolePage(browser, strict, 'Wati', { faults })
  await shows(page, /Siapkan sekali sekarang/)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'hub-factor-demanded')
  await page.keyboard.type((await readKey(page))())
  await shows(page, 'Kandangan')
  await page.getByRole('button', { name: 'Menu saya' }).click()
  await shows(page, /konsol ini mewajibkannya/)
  expect(faults).toEqual([])
})
