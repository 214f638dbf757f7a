import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../bench/servers.ts'
import { furnish, openTestBox, type TestBox, testPin } from '../test-box.ts'
import { findViolations, openBrowser, takePictures } from './browser.ts'

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
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await box?.remove()
})

async function open(path: string, before: string | null = null): Promise<Page> {
  // The pages' own policy forbids foreign scripts; axe is one.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  if (before) await page.addInitScript(before)
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  await page.goto(url + path)
  return page
}
const faults: string[] = []

const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 15_000 })

/** Enter, once the desk takes it: it rests a third of a second after each step, against double presses. */
async function pressMain(desk: Page): Promise<void> {
  await desk.locator('button.main:enabled').waitFor()
  await desk.keyboard.press('Enter')
}

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.keyboard.type(testPin)
  await page.keyboard.press('Enter')
}

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
  await shows(phone, 'Anda berikutnya')
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
  for (let question = 0; question < 9; question++) await phone.getByRole('button', { name: 'Sangat baik' }).click()
  await shows(phone, 'Terima kasih atas penilaian Anda.')
  expect(box.reports.today().survey).toMatchObject({ respondents: 1, index: 100, grade: 'A' })
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'phone-completed')
  await takePictures(desk, 'desk-empty')
  expect(box.queue.ticket(ticket?.ticket ?? '')).toMatchObject({ state: 'completed', result: 'done', calls: 2 })
  expect(faults).toEqual([])
}, 180_000)

test('settings and the technician page show what is set, in a busy office', async () => {
  const [service] = box.queue.services()
  for (let i = 0; i < 60; i++) box.queue.takeTicket({ service: service?.service ?? '', actor: 'kiosk:1', key: null })
  const [admin, technician] = await Promise.all([open('/admin'), open('/technician')])
  for (const page of [admin, technician]) await logIn(page, 'Teknisi')
  await shows(admin, 'Akta kelahiran')
  await shows(technician, /Jam/)
  for (const [page, name] of [
    [admin, 'admin'],
    [technician, 'technician'],
  ] as const) {
    expect(await findViolations(page), name).toEqual([])
    await takePictures(page, name)
  }
  const home = await open('/')
  await shows(home, 'Mesin antrian')
  expect(await findViolations(home)).toEqual([])
  await takePictures(home, 'home')
  const [display, desk, kiosk] = await Promise.all([open('/display'), open('/desk'), open('/kiosk')])
  await logIn(desk, 'Petugas 2')
  await desk.getByRole('button', { name: /Loket 2/ }).click()
  await shows(desk, 'Panggil berikutnya')
  await pressMain(desk)
  await shows(display, 'A002')
  await shows(kiosk, '59 menunggu')
  await takePictures(display, 'display-busy', portrait)
  await takePictures(desk, 'desk-busy')
  await takePictures(kiosk, 'kiosk-busy', portrait)
  expect(faults).toEqual([])
}, 180_000)

test('the desk skips, parks, transfers, calls by number and takes back, with the keyboard alone', async () => {
  const desk = await open('/desk')
  await logIn(desk, 'Petugas 2')
  await desk.locator('button.main').waitFor()
  const press = async (key: string) => {
    await desk.locator('button.main:enabled, section.take, form.take').first().waitFor()
    await desk.keyboard.press(key)
  }
  const counter = box.queue.counters().find(({ name }) => name === 'Loket 2')?.counter ?? ''
  const here = () => box.queue.ticketAt(counter)?.label ?? null
  const first = here()
  expect(first).not.toBeNull()
  await press('x')
  await shows(desk, /ditandai tidak hadir/)
  await takePictures(desk, 'desk-undo')
  await press('z')
  await shows(desk, /diurungkan/)
  expect(here()).toBe(first)
  await press('t')
  await shows(desk, `Mengapa ${first} ditahan?`)
  await takePictures(desk, 'desk-park')
  await desk.keyboard.press('2')
  await shows(desk, /Disisihkan/)
  expect(here()).toBeNull()
  await press('/')
  await desk.keyboard.type(first ?? '')
  await takePictures(desk, 'desk-call')
  await desk.keyboard.press('Enter')
  await desk.locator('article[data-state=called]').waitFor()
  expect(here()).toBe(first)
  await press('p')
  await shows(desk, `Pindahkan ${first} ke mana?`)
  await takePictures(desk, 'desk-transfer')
  expect(await findViolations(desk)).toEqual([])
  await desk.keyboard.press('b')
  await shows(desk, `${first} dipindahkan.`)
  expect(box.queue.openTickets().find(({ label }) => label === first)).toMatchObject({ state: 'waiting' })
  expect(faults).toEqual([])
}, 120_000)

test('a phone gives way and cancels, and takes it back; a kiosk takes priority in two touches', async () => {
  const [service] = box.queue.services()
  const { ticket, label } = box.queue.takeTicket({ service: service?.service ?? '', actor: 'kiosk:1', key: null })
  box.queue.takeTicket({ service: service?.service ?? '', actor: 'kiosk:1', key: null })
  const phone = await open(`/t/${ticket}`)
  await phone.getByRole('button', { name: /Beri jalan/ }).click()
  await phone.waitForTimeout(300)
  expect(box.queue.ticket(ticket).gaveWay).toBe(1)
  await phone.getByRole('button', { name: 'Batalkan nomor' }).click()
  await shows(phone, 'Nomor dibatalkan')
  await takePictures(phone, 'phone-cancelled')
  await phone.getByRole('button', { name: /Urungkan/ }).click()
  await shows(phone, label)
  await shows(phone, 'di depan Anda')
  const kiosk = await open('/kiosk')
  await kiosk.getByRole('button', { name: 'Lansia' }).click()
  await takePictures(kiosk, 'kiosk-priority', portrait)
  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'Nomor Anda')
  const newest = box.queue.openTickets().sort((a, b) => b.ordinal - a.ordinal)[0]
  expect(newest).toMatchObject({ group: 'elderly' })
  expect(await kiosk.locator('body').textContent()).not.toMatch(/Lansia|prioritas/i)
  expect(faults).toEqual([])
}, 120_000)

test('one display speaks each call once, clip by clip, and two calls never overlap', async () => {
  box.time.advance(31_000) // what was called before is too old to be spoken
  // Every clip that a page plays, in order, whatever the browser has in its cache.
  const display = await open(
    '/display',
    'window.spoken = []; const play = HTMLMediaElement.prototype.play; HTMLMediaElement.prototype.play = function () { spoken.push(this.src.match(/([a-z-]+)\\.mp3/)[1]); return play.call(this) }',
  )
  const spoken = () => display.evaluate('window.spoken') as Promise<string[]>
  await shows(display, 'Desa Tamansari')
  const device = box.devices.list().findLast((one) => one.device.startsWith('display:'))?.device ?? ''
  box.voice.changeSettings({
    settings: { speaker: device, style: 'digits', volumes: [{ fromHour: 0, percent: 60 }] },
    actor: 'box',
    key: null,
  })
  const clerks = box.people
    .accounts()
    .filter(({ role }) => role === 'clerk')
    .map(({ account }) => account)
  const counters = box.queue.counters().map(({ counter }) => counter)
  const labels = clerks.map((account, index) => {
    const command = { actor: account, account, key: null, counter: counters[index] ?? '' }
    box.queue.sit(command)
    const here = box.queue.ticketAt(command.counter)
    if (here) box.queue.skip({ ticket: here.ticket, actor: account, account, key: null })
    return box.queue.callNext(command).label
  })
  const words = ['nol', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan']
  const expected = labels.flatMap((label, index) => [
    'chime',
    'nomor-antrian',
    label.slice(0, 1).toLowerCase(),
    ...[...label.slice(1)].map((digit) => words[Number(digit)]),
    'silakan-ke',
    'loket',
    words[index + 1],
  ])
  for (let waited = 0; spoken.length < expected.length && waited < 60_000; waited += 250)
    await display.waitForTimeout(250)
  await display.waitForTimeout(1_000)
  expect(await spoken()).toEqual(expected)
}, 120_000)
