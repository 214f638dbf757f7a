import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, openBrowser, takePictures, wholeChromium } from '../../testing/browser.ts'
import { logIn, pressMain, shows } from '../../testing/browser-office.ts'
import { freePort } from '../../testing/servers.ts'
import { furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

/* One ticket through four pages in a real browser, with the box stopped and started again in the middle. */

const portrait = [{ width: 1080, height: 1920 }]
let box: TestBox
let browser: Browser
let url: string
let ports: { http: number; https: number }

beforeAll(async () => {
  ports = { http: await freePort(), https: await freePort() }
  box = await openTestBox({ ports })
  await furnish(box)
  url = `http://localhost:${ports.http}`
  browser = await openBrowser(wholeChromium)
})
afterAll(async () => {
  await browser?.close()
  await box?.remove()
})

async function open(path: string): Promise<Page> {
  // The pages' own policy forbids foreign scripts; axe is one.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  await page.goto(url + path)
  return page
}
const faults: string[] = []

test('a ticket goes from kiosk to display, desk and phone, and all four pages come back after a restart of the box', async () => {
  const [kiosk, display, desk] = await Promise.all([open('/kiosk'), open('/display'), open('/desk')])
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk', portrait)

  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'A001')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-ticket', portrait)
  const [ticket] = box.queue.openTickets()
  const phone = await open(`/t/${ticket?.ticket}`)
  await shows(phone, 'A001')
  await shows(phone, 'Giliran Anda berikutnya')
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'phone')

  await shows(desk, 'Siapa yang bertugas?')
  expect(await findViolations(desk)).toEqual([])
  await takePictures(desk, 'login')
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await shows(desk, 'Panggil berikutnya')
  await pressMain(desk)
  await shows(desk, 'Mulai layani')
  await shows(display, 'A001')
  await shows(display, 'Loket 1')
  await shows(phone, 'Giliran Anda sekarang')
  await phone.getByRole('button', { name: 'Butuh waktu' }).click()
  await shows(phone, /Petugas menunggu sampai/)
  await shows(desk, 'A001 minta waktu sampai 08.05. Dahulukan nomor berikutnya?')
  expect(await findViolations(display)).toEqual([])
  expect(await findViolations(phone)).toEqual([])
  expect(await findViolations(desk)).toEqual([])
  await takePictures(display, 'display-called', portrait)
  await takePictures(phone, 'phone-called')
  await takePictures(desk, 'desk-called')

  await box.close()
  await Promise.all([
    shows(kiosk, /terputus/i),
    shows(display, /terputus/i),
    shows(desk, /terputus/i),
    shows(phone, /putus/i),
  ])
  await takePictures(kiosk, 'kiosk-cut')
  await takePictures(display, 'display-cut')
  await takePictures(desk, 'desk-cut')
  await takePictures(phone, 'phone-cut')
  box = await openTestBox({ folder: box.folder, ports })
  await Promise.all(
    [kiosk, display, desk, phone].map((page) =>
      page.waitForFunction(() => !/terputus|Wi-Fi kantor putus/i.test(document.body.textContent ?? ''), null, {
        timeout: 40_000,
      }),
    ),
  )

  await desk.keyboard.press('r')
  await shows(phone, /panggilan ke-2/)
  await shows(desk, 'A001 dipanggil ulang.')
  await pressMain(desk)
  await shows(phone, /Sedang dilayani di Loket 1/)
  await takePictures(desk, 'desk-serving')
  await pressMain(desk)
  await shows(phone, 'Terima kasih sudah datang.')
  await shows(desk, 'Belum ada yang menunggu')
  await phone.getByRole('button', { name: 'Nilai pelayanan tadi' }).click()
  await takePictures(phone, 'phone-survey')
  for (let question = 1; question <= 9; question++) {
    await shows(phone, `${question} dari 9`)
    await phone.locator('.scores button').last().click()
  }
  await shows(phone, 'Berapa usia Anda?')
  await takePictures(phone, 'phone-survey-age')
  await phone.getByRole('button', { name: '30–39' }).click()
  await phone.getByRole('button', { name: 'Cukup, kirim' }).click()
  await shows(phone, 'Terima kasih atas penilaian Anda.')
  expect(box.reports.today().survey).toMatchObject({ respondents: 1, index: 100, grade: 'A' })
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'phone-completed')
  await takePictures(desk, 'desk-empty')
  expect(box.queue.ticket(ticket?.ticket ?? '')).toMatchObject({ state: 'completed', result: 'done', calls: 2 })
  expect(faults).toEqual([])
}, 180_000)
