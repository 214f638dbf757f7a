import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { drawn, findViolations, openBrowser, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { findHidden, measure } from '../../testing/measure.ts'
import { by } from '../../testing/test-box.ts'

/* How large things are for whoever stands before a kiosk or sits ten metres from a display. */

const kiosks = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
]
/** What village offices hang up or set on a table besides: old monitors, small touch screens, projectors, laptops. */
const others = [
  { width: 1280, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1024, height: 600 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 1366, height: 641 },
  { width: 1280, height: 593 },
  { width: 2560, height: 1080 },
  // A laptop's window zoomed to 125, 150 and 200 %.
  { width: 1093, height: 513 },
  { width: 911, height: 427 },
  { width: 683, height: 320 },
]
const longest = 'Rekomendasi pembelian bahan bakar bersubsidi untuk nelayan'
let place: BrowserOffice
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  place = await openBrowserOffice({ browser })
})
afterEach(() => place?.close())

/** Adds services until the office has so many, the last one with the longest words that people write. */
function serveIn(count: number): void {
  const command = { actor: place.office().technician, key: null }
  for (let i = place.box.office.services().length; i < count; i++) {
    const prefix = String.fromCharCode(65 + i)
    const name = i === count - 1 ? longest : `Keterangan ${prefix}`
    place.box.office.addService({ prefix, name, requires: ['KTP', 'Kartu Keluarga'], minutes: 10, ...command })
  }
}

async function faultsAt(page: Page, sizes: typeof kiosks): Promise<string[]> {
  const found: string[] = []
  for (const size of sizes) {
    await page.setViewportSize(size)
    await drawn(page)
    // What to bring may end in an ellipsis; the ticket and the paper have all of it.
    const faults = (await measure(page, 'kiosk')).filter((line) => !line.startsWith('cut off: need'))
    found.push(...faults.map((line) => `${size.width}×${size.height}: ${line}`))
  }
  return found
}

/** Where a number is not seen whole, on any screen. */
async function hiddenAt(page: Page, selector: string): Promise<string[]> {
  const found: string[] = []
  for (const size of [...kiosks, ...others]) {
    await page.setViewportSize(size)
    await drawn(page)
    found.push(...(await findHidden(page, selector)).map((line) => `${size.width}×${size.height}: ${line}`))
  }
  return found
}

test.each([4, 8, 12, 26])(
  'a kiosk with %i services never scrolls; what is touched and read is large enough',
  async (count) => {
    serveIn(count)
    // Somebody waits: a tile says how long, and its minutes stay together.
    for (let n = 0; n < 3; n++)
      place.box.queue.takeTicket({ service: place.office().services[0], actor: 'kiosk:1', key: null })
    const kiosk = await place.open('/kiosk')
    await shows(kiosk, '3 di depan Anda')
    expect(await faultsAt(kiosk, [...kiosks, ...others])).toEqual([])
    await kiosk.setViewportSize(kiosks[0] as (typeof kiosks)[number])
    for (let page = 1; page < Math.ceil(count / 12); page++)
      await kiosk.getByRole('button', { name: /Layanan lain/ }).click()
    await shows(kiosk, longest)
    await kiosk.getByRole('button', { name: longest }).click()
    await shows(kiosk, 'Nomor Anda')
    expect(await faultsAt(kiosk, [...kiosks, ...others])).toEqual([])
    expect(await hiddenAt(kiosk, '.number')).toEqual([])
    expect(place.faults).toEqual([])
  },
)

test('of many services one is found by a few letters, on keys that are touched', async () => {
  serveIn(26)
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'Cari layanan' }).click()
  for (const letter of 'bahan') await kiosk.getByRole('button', { name: letter, exact: true }).click()
  await shows(kiosk, '1 layanan ditemukan')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-search', [...kiosks, ...others])
  // Keys are as wide as ten of them allow.
  const faults = await faultsAt(kiosk, [...kiosks, ...others])
  expect(faults.filter((line) => !/: target \d+×\d+: .?$/.test(line) && !line.includes('spasi'))).toEqual([])
  await kiosk.setViewportSize(kiosks[0] as (typeof kiosks)[number])
  await kiosk.keyboard.type('xyz')
  await shows(kiosk, 'Tidak ada layanan dengan kata itu')
  for (let at = 0; at < 3; at++) await kiosk.getByRole('button', { name: 'Hapus huruf' }).click()
  await kiosk.getByRole('button', { name: longest }).click()
  await shows(kiosk, 'Nomor Anda')
  expect(place.faults).toEqual([])
})

test('large letters, strong colours and low buttons together lead to a number without scrolling', async () => {
  serveIn(8)
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'Sesuaikan layar' }).click()
  for (const name of ['Tombol lebih rendah', 'Huruf besar', 'Warna tajam'])
    await kiosk.getByRole('button', { name }).click()
  expect(await faultsAt(kiosk, kiosks)).toEqual([])
  await kiosk.getByRole('button', { name: /Layanan lain/ }).click()
  await kiosk.getByRole('button', { name: longest }).click()
  await shows(kiosk, 'Nomor Anda')
  expect(await faultsAt(kiosk, kiosks)).toEqual([])
})

test('a called number is 16 % of the height in capital letters, and those of up to twelve counters 9 %', async () => {
  const { queue } = place.box
  const { technician, services, clerks, counters } = place.office()
  const take = () => queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  take()
  place.box.office.sit({ ...by(clerks[0]), counter: counters[0] })
  queue.callNext({ ...by(clerks[0]), counter: counters[0] })
  const display = await place.open('/display', { viewport: { width: 1920, height: 1080 } })
  await display.locator('.panel .number').waitFor()
  for (const count of [2, 6, 12]) {
    for (let i = place.box.office.counters().length + 1; i <= count; i++)
      place.box.office.addCounter({ name: `Loket ${i}`, services, actor: technician, key: null })
    await display.locator('.counters li', { hasText: `Loket ${count}` }).waitFor()
    expect(await capitalPercent(display, '.panel .number'), `called, ${count} counters`).toBeGreaterThanOrEqual(16)
    expect(await capitalPercent(display, '.counters b'), `${count} counters`).toBeGreaterThanOrEqual(9)
    expect(await measure(display, 'display')).toEqual([])
  }
})

test.each([2, 6, 12])(
  'the called number and those of %i counters are seen whole on every screen, and no word is broken',
  async (count) => {
    const { queue } = place.box
    const { technician, services, clerks, counters } = place.office()
    for (let i = place.box.office.counters().length + 1; i <= count; i++)
      place.box.office.addCounter({
        name: i === 3 ? 'Ruang pelayanan' : `Loket ${i}`,
        services,
        actor: technician,
        key: null,
      })
    serveIn(9)
    for (const clerk of [0, 1] as const) {
      queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
      place.box.office.sit({ ...by(clerks[clerk]), counter: counters[clerk] })
      queue.callNext({ ...by(clerks[clerk]), counter: counters[clerk] })
    }
    const display = await place.open('/display')
    await shows(display, 'A002')
    expect(await hiddenAt(display, '.panel .number')).toEqual([])
    expect(await hiddenAt(display, '.counters li:nth-child(1) b')).toEqual([])
    expect(await hiddenAt(display, '.counters li:nth-child(2) b')).toEqual([])
    const found: string[] = []
    for (const size of [...kiosks, ...others]) {
      await display.setViewportSize(size)
      found.push(...(await measure(display, 'display')).map((line) => `${size.width}×${size.height}: ${line}`))
    }
    expect(found).toEqual([])
  },
)

/** Height of a capital letter there, as a percentage of the screen's height. */
const capitalPercent = (page: Page, selector: string): Promise<number> =>
  page
    .locator(selector)
    .first()
    .evaluate((node) => {
      const context = document.createElement('canvas').getContext('2d')
      if (!context) throw new TypeError('There is no canvas.')
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(node)
      context.font = `${fontWeight} ${fontSize} ${fontFamily}`
      return (100 * context.measureText('H').actualBoundingBoxAscent) / innerHeight
    })

test('a phone of 360 px shows the longest names within its width, and a wrong address says what to do', async () => {
  serveIn(3)
  const { queue } = place.box
  const service = place.box.office.services()[2]?.service ?? ''
  queue.takeTicket({ service, actor: 'kiosk:1', key: null })
  const { ticket } = queue.takeTicket({ service, actor: 'kiosk:1', key: null })
  for (const [path, words] of [
    [`/t/${ticket}`, longest],
    ['/visitor', longest],
    ['/book', 'Buat janji temu'],
    ['/foto/AAAAAAAAAAAAAAAAAAAAAA', 'Tautan ini sudah berakhir'],
    ['/tidak-ada', 'Halaman ini tidak ada'],
  ] as const) {
    const page = await place.open(path, { viewport: { width: 360, height: 740 } })
    await shows(page, words)
    expect(await measure(page, 'phone'), path).toEqual([])
    await page.context().close()
  }
  const missing = await fetch(`${place.url}/tidak-ada`)
  expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'not-found' }])
})

test('whoever is called on a phone that lies on its side sees the number, where to go and what to answer', async () => {
  const { queue, office } = place.box
  const { services, clerks, counters } = place.office()
  const { ticket } = queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  office.sit({ ...by(clerks[0]), counter: counters[0] })
  queue.callNext({ ...by(clerks[0]), counter: counters[0] })
  const phone = await place.open(`/t/${ticket}`, { viewport: { width: 740, height: 360 } })
  await shows(phone, 'Silakan ke Loket 1')
  for (const height of [360, 427, 740]) {
    await phone.setViewportSize({ width: 740, height })
    await drawn(phone)
    for (const selector of ['.number, .n', '.go', '.answers button'])
      expect(await findHidden(phone, selector), `${height}: ${selector}`).toEqual([])
  }
})

test.each([
  [320, 100],
  [360, 200],
  [1366, 200],
])(
  'at %i px with letters of %i percent no page that citizens open scrolls sideways or cuts a word',
  async (width, letters) => {
    serveIn(3)
    const { queue } = place.box
    const service = place.box.office.services()[2]?.service ?? ''
    queue.takeTicket({ service, actor: 'kiosk:1', key: null })
    const { ticket } = queue.takeTicket({ service, actor: 'kiosk:1', key: null })
    const found: string[] = []
    for (const path of ['/', `/t/${ticket}`, '/visitor', '/book', '/percaya', '/check', '/foto/x', '/desk']) {
      const page = await place.open(path, { viewport: { width, height: 740 } })
      await page.locator('h1, .who').first().waitFor()
      await page.evaluate((percent) => {
        document.documentElement.style.fontSize = `${percent}%`
      }, letters)
      await drawn(page)
      // Links within a line of text are as high as it.
      const faults = (await measure(page, 'phone')).filter((line) => !/^(overlap|target)/.test(line))
      found.push(...faults.map((line) => `${path}: ${line}`))
      await page.context().close()
    }
    expect(found).toEqual([])
  },
)
