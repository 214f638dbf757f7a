import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findViolations } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, pressMain, shows } from '../../testing/browser-office.ts'

/* The desk in the windows that clerks have: old monitors, laptops, zoom of 150 %, a phone. */

const windows = [
  { width: 320, height: 640 },
  { width: 360, height: 800 },
  { width: 911, height: 512 },
  { width: 1024, height: 768 },
  { width: 1280, height: 593 },
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
  { width: 1920, height: 1080 },
]
let place: BrowserOffice
let services: string[]

beforeEach(async () => {
  place = await openBrowserOffice()
  const { technician, counters } = place.office()
  const command = { actor: technician, key: null }
  for (const prefix of 'CDEFGHIJ')
    place.box.office.addService({ prefix, name: `Keterangan ${prefix}`, requires: ['KTP'], minutes: 10, ...command })
  services = place.box.office.services().map(({ service }) => service)
  const [here, elsewhere] = counters
  place.box.office.changeCounter({ counter: here, name: 'Loket 1', services: services.slice(0, 9), ...command })
  place.box.office.changeCounter({ counter: elsewhere, name: 'Loket 2', services: services.slice(9), ...command })
})
afterEach(() => place.close())

const take = (service: number) =>
  place.box.queue.takeTicket({ service: services[service] ?? '', actor: 'kiosk:1', key: null })

/** The desk rests a third of a second after each step. */
const ready = (desk: Page, name: string) => desk.locator('button:enabled', { hasText: name }).waitFor()

async function openDesk(): Promise<Page> {
  const desk = await place.open('/desk')
  await desk.getByRole('button', { name: 'Loket 1' }).click()
  await logIn(desk, 'Petugas 1')
  await shows(desk, 'Panggil berikutnya')
  return desk
}

/** What a clerk cannot see whole, or has to look for, in any window. */
async function faultsOf(desk: Page): Promise<string[]> {
  const found: string[] = []
  for (const size of windows) {
    await desk.setViewportSize(size)
    await desk.waitForTimeout(100)
    const faults = await desk.evaluate(() => {
      const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect()
      const [main, saying] = [box('button.main'), box('.saying p')]
      const name = document.querySelector('.counter-name')
      return [
        ...(document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : []),
        ...(!name || name.scrollWidth > name.clientWidth ? ['the name of the counter is cut'] : []),
        ...(!main || main.top < 0 || main.bottom > innerHeight ? ['the main button is out of sight'] : []),
        ...(saying && main && saying.bottom > main.top && saying.top < main.bottom
          ? ['the line lies on the button']
          : []),
      ]
    })
    found.push(...faults.map((fault) => `${size.width}×${size.height}: ${fault}`))
  }
  return found
}

test('the counter’s name and the next step are in sight in every window, through a whole service', async () => {
  for (let i = 0; i < 20; i++) take(i % 10)
  const desk = await openDesk()
  await desk.getByText('A B C D E F G H I', { exact: true }).waitFor()
  expect(await faultsOf(desk)).toEqual([])
  for (const then of ['Mulai layani', 'Selesai']) {
    await pressMain(desk)
    await shows(desk, then)
    expect(await faultsOf(desk), then).toEqual([])
  }
  expect(await findViolations(desk)).toEqual([])
  expect(place.faults).toEqual([])
})

test('one line says how a service ended and takes it back; what ends it is asked only while it is served', async () => {
  take(0)
  const desk = await openDesk()
  expect(await desk.getByRole('button', { name: 'Berkas kurang' }).count()).toBe(0)
  await pressMain(desk)
  await shows(desk, 'A001 dipanggil.')
  await pressMain(desk)
  await shows(desk, 'Hasil layanan')
  await ready(desk, 'Berkas kurang')
  await desk.keyboard.press('2')
  await shows(desk, 'A001: Berkas kurang.')
  expect(await desk.locator('.saying p').count()).toBe(1)
  await desk.locator('.undo:enabled').waitFor()
  await desk.keyboard.press('z')
  await shows(desk, 'Langkah A001 diurungkan.')
  await shows(desk, 'Hasil layanan')
})

test('rows are pressed: the next is called at once, another with its reason; those of other counters are folded', async () => {
  for (const service of [0, 1, 9]) take(service)
  const desk = await openDesk()
  await desk.getByText('1 menunggu loket lain').waitFor()
  expect(await desk.getByText('J001').isVisible()).toBe(false)
  await desk.getByRole('button', { name: 'Panggil B001, Akta kelahiran' }).click()
  await shows(desk, 'Mengapa B001 didahulukan?')
  await desk.keyboard.press('2')
  await shows(desk, 'B001 dipanggil.')
  expect(await desk.locator('.press').count()).toBe(0)

  await ready(desk, 'Tidak hadir')
  await desk.keyboard.press('x')
  await shows(desk, 'Panggil berikutnya')
  await desk.getByRole('tab', { name: /Disisihkan/ }).click()
  await desk.locator('.press:enabled').waitFor()
  await desk.getByRole('button', { name: 'Panggil B001, Akta kelahiran' }).press('Enter')
  await shows(desk, 'Mulai layani')
  expect(place.faults).toEqual([])
})

test('a number is found as it is said: 1, a1, A 001', async () => {
  for (let i = 0; i < 12; i++) take(0)
  const desk = await openDesk()
  for (const typed of ['12', 'a12', 'A 012']) {
    await desk.keyboard.press('/')
    await desk.getByLabel('Panggil nomor berapa?').fill(typed)
    await desk.keyboard.press('Enter')
    await shows(desk, 'Mengapa A012 didahulukan?')
    await desk.keyboard.press('Escape')
  }
})

test('a break has an end that the display says, and the main button ends it', async () => {
  take(0)
  const desk = await openDesk()
  const display = await place.open('/display')
  await ready(desk, 'Istirahat')
  await desk.getByRole('button', { name: 'Istirahat' }).click()
  await shows(desk, 'Istirahat berapa lama?')
  await desk.keyboard.press('2')
  await shows(desk, /Istirahat sampai \d\d\.\d\d/)
  await shows(display, /Istirahat, \d\d\.\d\d/)
  expect(await faultsOf(desk)).toEqual([])
  await ready(desk, 'Buka lagi')
  await pressMain(desk)
  await shows(desk, 'Panggil berikutnya')
  expect(place.faults).toEqual([])
})

test('while a command is on its way nothing dims; of a line that is late as a whole three rows stand out', async () => {
  for (let i = 0; i < 6; i++) take(0)
  place.box.time.advance(2 * 3_600_000)
  const desk = await openDesk()
  await shows(desk, 'A001')
  await desk.locator('.late').first().waitFor()
  expect(await desk.locator('.w.late').count()).toBe(3)
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await desk.route('**/api/desk/next', async (route) => {
    await held
    await route.fallback()
  })
  const looks = () =>
    desk.evaluate(() =>
      [...document.querySelectorAll('.desk button')].map((one) => {
        const { opacity, backgroundColor, color } = getComputedStyle(one)
        return [one.textContent, opacity, backgroundColor, color].join(' ')
      }),
    )
  await desk.locator('button.main:enabled').waitFor()
  const before = await looks()
  await desk.keyboard.press('Enter')
  await desk.locator('button.main:disabled').waitFor()
  expect(await looks()).toEqual(before)
  answer()
  await shows(desk, 'A001 dipanggil.')
})

test('in an office of one counter the log-in leads to it, unless somebody sits there', async () => {
  const { clerks, counters, technician } = place.office()
  place.box.office.setCounterOpen({ counter: counters[1], open: false, actor: technician, key: null })
  const desk = await place.open('/desk')
  await logIn(desk, 'Petugas 1')
  await shows(desk, 'Belum ada yang menunggu')
  expect(place.box.office.counter(counters[0]).account).toBe(clerks[0])
  const other = await place.open('/desk')
  await logIn(other, 'Petugas 2')
  await shows(other, 'Duduk di loket mana?')
  expect(place.box.office.counter(counters[0]).account).toBe(clerks[0])
})
