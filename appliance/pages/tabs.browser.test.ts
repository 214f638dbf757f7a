import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { openBrowser } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { by } from '../../testing/test-box.ts'

/* Many tabs in one browser, as on the PC of an office that has one, and browsers that get no stream. */

let place: BrowserOffice
afterEach(() => place?.close())

const paths = ['/desk', '/today', '/admin', '/technician', '/display', '/kiosk']
const twelve = [...paths, ...paths]

const words: Record<string, string | RegExp> = {
  '/desk': 'Duduk di loket mana?',
  '/today': /Hari ini|antrean/i,
  '/admin': 'Langkah awal',
  '/technician': 'Layar dan kiosk',
  '/display': 'Desa Tamansari',
  '/kiosk': 'Mau mengurus apa hari ini?',
}

async function openTwelve(context: BrowserContext, url: string): Promise<Page[]> {
  const desk = await context.newPage()
  await desk.goto(`${url}/desk`)
  await logIn(desk, 'Teknisi')
  await shows(desk, 'Duduk di loket mana?')
  const pages = [desk]
  for (const path of twelve.slice(1)) {
    const page = await context.newPage()
    await page.goto(url + path)
    await shows(page, words[path] ?? '')
    pages.push(page)
  }
  return pages
}

test.each(['http', 'https'])(
  'twelve tabs of one browser all follow the office over %s, and a further request is answered',
  async (scheme) => {
    place = await openBrowserOffice()
    const { box } = place
    const url = scheme === 'http' ? place.url : `https://localhost:${box.https.port}`
    const context = await (await openBrowser()).newContext({ ignoreHTTPSErrors: true })
    const pages = await openTwelve(context, url)
    const { services, clerks, counters } = place.office()
    box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
    await Promise.all([5, 11].map((at) => shows(pages[at] as Page, '1 di depan Anda')))
    box.office.sit({ ...by(clerks[0]), counter: counters[0] })
    box.queue.callNext({ ...by(clerks[0]), counter: counters[0] })
    await Promise.all([4, 10].map((at) => shows(pages[at] as Page, 'A001')))
    await Promise.all([0, 6].map((at) => shows(pages[at] as Page, 'Petugas 1')))
    const status = await (pages[11] as Page).evaluate("fetch('/api/session').then((answer) => answer.status)")
    expect(status).toBe(200)
    expect(place.faults).toEqual([])
    // The first tab, which began the shared stream, is closed: the others go on.
    await pages[0]?.close()
    box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
    await shows(pages[11] as Page, '1 di depan Anda')
    await context.browser()?.close()
  },
)

test('a session that ends takes its own tabs’ views, and leaves the screens beside them', async () => {
  place = await openBrowserOffice()
  const { box } = place
  const context = await (await openBrowser()).newContext()
  const [desk, display] = [await context.newPage(), await context.newPage()]
  await desk.goto(`${place.url}/desk`)
  await logIn(desk, 'Petugas 1')
  await shows(desk, 'Duduk di loket mana?')
  await display.goto(`${place.url}/display`)
  await shows(display, 'Desa Tamansari')
  // As from another tab: this page learns it from its stream alone.
  await display.evaluate(
    "fetch('/api/session', { method: 'DELETE', headers: { 'x-balai': '1', 'content-type': 'application/json' }, body: '{}' })",
  )
  await desk.getByRole('button', { name: /Petugas 2/ }).waitFor()
  const { services, clerks, counters } = place.office()
  box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  box.office.sit({ ...by(clerks[1]), counter: counters[0] })
  box.queue.callNext({ ...by(clerks[1]), counter: counters[0] })
  await shows(display, 'A001')
  await context.browser()?.close()
})

test.each(['refused', 'not there', 'without shared workers'])(
  'a page whose stream is %s follows all the same',
  async (how) => {
    place = await openBrowserOffice()
    const { box } = place
    const page = await (await openBrowser()).newPage()
    if (how !== 'without shared workers')
      await page.addInitScript({
        content:
          how === 'refused'
            ? "delete window.SharedWorker; window.EventSource = class extends EventTarget { constructor() { super(); this.readyState = 2; setTimeout(() => this.dispatchEvent(new Event('error'))) } close() {} static CLOSED = 2 }"
            : 'delete window.SharedWorker; window.EventSource = class extends window.EventSource { constructor() { super("/live/nowhere") } }',
      })
    else await page.addInitScript({ content: 'delete window.SharedWorker' })
    const { services, clerks, counters } = place.office()
    const { ticket } = box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
    await page.goto(`${place.url}/t/${ticket}`)
    await shows(page, 'A001')
    box.office.sit({ ...by(clerks[0]), counter: counters[0] })
    box.queue.callNext({ ...by(clerks[0]), counter: counters[0] })
    await shows(page, 'Loket 1')
    await page.context().browser()?.close()
  },
)

test('a worker that is not to be had is not waited for', async () => {
  place = await openBrowserOffice()
  const page = await (await openBrowser()).newPage()
  await page.addInitScript({
    content:
      'const Worker = window.SharedWorker; window.SharedWorker = function (_url, options) { return new Worker("/assets/nowhere.js", options) }',
  })
  await page.goto(`${place.url}/display`)
  await shows(page, 'Desa Tamansari')
  await expect.poll(() => place.box.live.has('display:1')).toBe(true)
  await page.context().browser()?.close()
})
