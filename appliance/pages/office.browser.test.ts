import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { findViolations, openBrowser, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, pressMain, shows } from '../../testing/browser-office.ts'
import { by } from '../../testing/test-box.ts'

/* What people do at desk, kiosk, phone and display in a real browser; each test has an office of its own. */

const portrait = [{ width: 1080, height: 1920 }]
let place: BrowserOffice
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  place = await openBrowserOffice({ browser })
})
afterEach(async () => {
  await place?.close()
})

/** So many tickets of the first service, taken at the kiosk. */
function takeTickets(count: number) {
  const [service] = place.office().services
  return Array.from({ length: count }, () => place.box.queue.takeTicket({ service, actor: 'kiosk:1', key: null }))
}

test('settings and the technician page show what is set, in a busy office', async () => {
  const { open } = place
  takeTickets(60)
  const [admin, technician] = await Promise.all([open('/admin'), open('/technician')])
  for (const page of [admin, technician]) await logIn(page, 'Teknisi')
  // Nobody was served yet: the page begins with the first steps.
  await admin.getByRole('navigation').getByRole('button', { name: 'Layanan', exact: true }).click()
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
  await shows(home, 'Mesin antrean')
  expect(await findViolations(home)).toEqual([])
  await takePictures(home, 'home')
  const [display, desk, kiosk] = await Promise.all([open('/display'), open('/desk'), open('/kiosk')])
  await logIn(desk, 'Petugas 2')
  await desk.getByRole('button', { name: /Loket 2/ }).click()
  await shows(desk, 'Panggil berikutnya')
  await pressMain(desk)
  await shows(display, 'A001')
  await shows(kiosk, '59 di depan Anda')
  await takePictures(display, 'display-busy', portrait)
  await takePictures(desk, 'desk-busy')
  await takePictures(kiosk, 'kiosk-busy', portrait)
  expect(place.faults).toEqual([])
}, 180_000)

test('the desk skips, parks, transfers, calls by number and takes back, with the keyboard alone', async () => {
  const { box, open } = place
  takeTickets(3)
  const desk = await open('/desk')
  await logIn(desk, 'Petugas 2')
  await desk.getByRole('button', { name: /Loket 2/ }).click()
  await pressMain(desk)
  await desk.locator('article[data-state=called]').waitFor()
  const press = async (key: string) => {
    await desk.locator('button.main:enabled, section.take, form.take').first().waitFor()
    await desk.keyboard.press(key)
  }
  const counter = box.office.counters().find(({ name }) => name === 'Loket 2')?.counter ?? ''
  const here = () => box.queue.ticketAt(counter)?.label ?? null
  const first = here()
  expect(first).not.toBeNull()
  await press('x')
  await shows(desk, /ditandai tidak hadir/)
  await takePictures(desk, 'desk-undo')
  await press('z')
  await shows(desk, /diurungkan/)
  await expect.poll(here).toBe(first)
  await press('c')
  await desk.locator('input:focus, textarea:focus').waitFor()
  await desk.keyboard.type('menunggu berkas asli')
  await desk.keyboard.press('Enter')
  await expect.poll(() => box.queue.noteOf(box.queue.ticketAt(counter)?.ticket ?? '')).toBe('menunggu berkas asli')
  await press('t')
  await shows(desk, `Mengapa ${first} ditunda?`)
  await takePictures(desk, 'desk-park')
  await desk.keyboard.press('2')
  await shows(desk, /Disisihkan/)
  await expect.poll(here).toBeNull()
  await press('/')
  await shows(desk, 'Panggil nomor berapa?')
  await desk.keyboard.type(first ?? '')
  await takePictures(desk, 'desk-call')
  await desk.keyboard.press('Enter')
  await desk.locator('article[data-state=called]').waitFor()
  await expect.poll(here).toBe(first)
  expect(await desk.getByLabel(/Catatan/).inputValue()).toBe('menunggu berkas asli')
  await takePictures(desk, 'desk-note')
  await press('p')
  await shows(desk, `Pindahkan ${first} ke mana?`)
  await takePictures(desk, 'desk-transfer')
  expect(await findViolations(desk)).toEqual([])
  await desk.getByRole('button', { name: 'Paling belakang' }).click()
  await desk.keyboard.press('ArrowLeft')
  await desk.keyboard.press('ArrowLeft')
  await desk.locator('button[aria-pressed=true]', { hasText: 'Paling depan' }).waitFor()
  await desk.keyboard.press('b')
  await shows(desk, `${first} dipindahkan.`)
  expect(box.queue.openTickets().find(({ label }) => label === first)).toMatchObject({ state: 'waiting' })
  expect(place.faults).toEqual([])
}, 120_000)

test('whoever logs in where they sit already may leave at once, on a phone too', async () => {
  const { box, open } = place
  const [, account] = place.office().clerks
  const [, counter] = place.office().counters
  box.office.sit({ ...by(account), counter })
  const desk = await open('/desk', { viewport: { width: 360, height: 740 } })
  await logIn(desk, 'Petugas 2')
  await desk.getByRole('button', { name: 'Istirahat' }).click()
  await desk.getByRole('button', { name: 'Belum tahu' }).click()
  await desk.getByRole('button', { name: 'Buka lagi' }).click()
  await desk.getByRole('button', { name: 'Tinggalkan loket' }).click()
  await shows(desk, 'Duduk di loket mana?')
  await desk.waitForTimeout(500)
  await shows(desk, 'Duduk di loket mana?')
  expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(place.faults).toEqual([])
}, 60_000)

test('a phone gives way and cancels, and takes it back; a kiosk takes priority in two touches', async () => {
  const { box, open } = place
  const [, second] = takeTickets(4)
  const { ticket = '', label = '' } = second ?? {}
  const phone = await open(`/t/${ticket}`)
  await phone.getByRole('button', { name: /Persilakan 3 nomor/ }).click()
  await vi.waitFor(() => expect(box.queue.ticket(ticket).gaveWay).toBe(1), 10_000)
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
  expect(place.faults).toEqual([])
}, 120_000)

test('one display speaks each call once, clip by clip, and two calls never overlap', async () => {
  const { box, open } = place
  takeTickets(4)
  // Every clip that a page plays, in order, whatever the browser has in its cache; four times as fast as people hear it.
  const display = await open('/display')
  await display.evaluate(
    'window.spoken = []; const play = HTMLMediaElement.prototype.play; HTMLMediaElement.prototype.play = function () { spoken.push(this.src.match(/([a-z-]+)\\.mp3/)[1]); this.playbackRate = 4; return play.call(this) }',
  )
  const spoken = () => display.evaluate('window.spoken') as Promise<string[]>
  await shows(display, 'Desa Tamansari')
  const device = box.devices.list().findLast((one) => one.device.startsWith('display:'))?.device ?? ''
  box.voice.changeSettings({
    settings: { speaker: device, style: 'digits', volumes: [{ fromHour: 0, percent: 60 }] },
    actor: 'box',
    key: null,
  })
  const { clerks, counters } = place.office()
  const labels = clerks.map((account, index) => {
    const command = { actor: account, account, key: null, counter: counters[index] ?? '' }
    box.office.sit(command)
    return box.queue.callNext(command).label
  })
  const words = ['nol', 'satu', 'dua', 'tiga', 'empat', 'lima', 'enam', 'tujuh', 'delapan', 'sembilan']
  const expected = labels.flatMap((label, index) => [
    'chime',
    'nomor-antrean',
    label.slice(0, 1).toLowerCase(),
    ...[...label.slice(1)].map((digit) => words[Number(digit)]),
    'silakan-ke',
    'loket',
    words[index + 1],
  ])
  await vi.waitFor(async () => expect((await spoken()).length).toBeGreaterThanOrEqual(expected.length), 60_000)
  await display.waitForTimeout(1_000)
  expect(await spoken()).toEqual(expected)
}, 120_000)
