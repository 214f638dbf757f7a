import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findViolations, findViolationsInDark, openBrowser, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { freePort } from '../../testing/servers.ts'
import { hubItself } from '../base/audit.ts'
import { openHub } from '../hub.ts'

const pin = '605138'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('the console shows the hub’s own alarms, day counts that differ, and entries set aside, with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-console-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const [villages, stamp] = [join(folder, 'villages.csv'), join(folder, 'stamp')]
  writeFileSync(
    villages,
    'code,kind,name,district_code,district\n35.10.01.2001,desa,Sarongan,35.10.01,Pesanggaran\n35.10.01.2002,desa,Kandangan,35.10.01,Pesanggaran\n',
  )
  writeFileSync(stamp, '')
  const threeDaysAgo = Date.now() / 1_000 - 3 * 86_400
  utimesSync(stamp, threeDaysAgo, threeDaysAgo)
  const opened = await openTestDatabase()
  closers.push(opened.close)
  const { database } = opened
  await database.query(`INSERT INTO stream (village) VALUES ('3510012001'), ('3510012002')`)
  await database.query(`
    INSERT INTO day_total (village, name, at, counted, differs, checked_at)
    VALUES ('3510012001', '\\x01', now(), 40, '{"queue.ticket-taken":[40,39]}', now()), ('3510012002', '\\x02', now(), 12, NULL, now())`)
  await database.query(`
    INSERT INTO set_aside (village, name, type, reason)
    VALUES ('3510012002', '\\x03', 'queue.ticket-called', 'the ticket is unknown'), ('3510012002', '\\x04', 'queue.ticket-called', 'the ticket is unknown')`)
  const hub = await openHub(
    {
      ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), villages, backup_stamp: stamp },
      mqtt: { url: `mqtt://127.0.0.1:${await freePort()}`, client_id: 'hub' },
      postgres: { url: opened.server.url, pool: 2 },
      console: { host: '127.0.0.1', port: 0 },
      log: 'silent',
    },
    { log: quiet },
  )
  closers.push(hub.close)
  await hub.accounts.add({ name: 'Insinyur', pin, role: 'reader' }, hubItself)
  await hub.alarms.look()
  const browser = await openBrowser()
  closers.push(() => browser.close())
  const page = await (await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })).newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`http://localhost:${hub.http.port}/hub`)
  await page.getByLabel('Nama', { exact: true }).fill('insinyur')
  await page.keyboard.press('Enter')
  await page.keyboard.type(pin)
  await page.keyboard.press('Enter')

  await shows(page, /Cadangan basis data berumur 72 jam/)
  await shows(page, 'Hitungan harian perangkat Balai berbeda')
  await page.getByText('Hitungan harian cocok di 1 kantor · berbeda di 1 kantor · 2 catatan disisihkan').click()
  expect(await page.getByRole('row', { name: /Sarongan queue.ticket-taken 40 39/ }).count()).toBe(1)
  expect(await page.getByRole('row', { name: /Kandangan queue.ticket-called 2 the ticket is unknown/ }).count()).toBe(1)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'hub-noticed')
  expect(await findViolationsInDark(page, 'hub-noticed')).toEqual([])

  // One stream for all tabs of a browser: the seventh is live as well, and a request is still answered.
  const tabs = await Promise.all(Array.from({ length: 7 }, () => page.context().newPage()))
  for (const tab of tabs) {
    await tab.goto(`http://localhost:${hub.http.port}/hub`)
    await shows(tab, /Cadangan basis data berumur 72 jam/)
  }
  const asked = await page.evaluate(async () => (await fetch('/api/live/hub')).status)
  expect(asked).toBe(200)
  for (const tab of tabs) await tab.close()

  // A row that no page can draw, of whatever program: it leaves the others as they are. By a stream of the page's own,
  // since what a shared worker asks cannot be answered here.
  await page.addInitScript(() => Reflect.deleteProperty(self, 'SharedWorker'))
  await page.route('**/live/hub', async (route) => {
    const row = { name: 'Sarongan', district: 'Pesanggaran', kind: 'desa', state: 'connected', alarms: [] }
    const numbers = { waiting: 1, ticketsToday: 2, servedToday: 1, backlog: 0, lastSeenAt: null, cursor: null }
    const villages = [
      { ...row, ...numbers, village: '3510012001', servedToday: undefined },
      { ...row, ...numbers, village: '3510012002', name: 'Kandangan' },
    ]
    const notices = { alarms: [], dayCounts: null, setAside: [] }
    const view = {
      name: 'Uji',
      now: 0,
      villages,
      datasets: [],
      arrivals: Array(24).fill(0),
      medianWaitMinutes: null,
      ...notices,
    }
    await route.fulfill({ contentType: 'text/event-stream', body: `event: view\ndata: ${JSON.stringify(view)}\n\n` })
  })
  await page.reload()
  await shows(page, 'Kandangan')
  expect(await page.getByRole('row', { name: /35.10.01.2001 Isi kantor ini tidak dapat ditampilkan/ }).count()).toBe(1)
  expect(faults).toEqual([])
}, 120_000)
