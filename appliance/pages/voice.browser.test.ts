import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { by } from '../../testing/test-box.ts'
import { readMp3 } from '../voice/mp3.ts'

/* The voice from the settings page: recorded by a browser whose microphone beeps, heard at a display. */

let place: BrowserOffice

beforeAll(async () => {
  place = await openBrowserOffice()
})
afterAll(() => place?.close())

test('a word is recorded in the browser, is a clip that every player knows, and goes back to the built-in one', async () => {
  const { box, open } = place
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await admin.getByRole('navigation').getByRole('button', { name: 'Suara' }).click()
  await admin.getByRole('button', { name: 'Rekam: dua' }).click()
  await shows(admin, 'Ucapkan sekarang')
  await takePictures(admin, 'admin-voice-recording')
  await admin.waitForTimeout(1_500)
  await admin.getByRole('button', { name: 'Berhenti merekam: dua' }).click()
  await admin.locator('.clips .tag').waitFor()
  const mp3 = readFileSync(join(box.voice.recordedFolder, 'dua.mp3'))
  const { mono, rest, seconds } = readMp3(mp3)
  expect({ mono, rest }).toEqual({ mono: true, rest: 0 })
  expect(seconds).toBeGreaterThan(0.2)
  const heard = await admin.evaluate(
    `new Promise((resolve) => { const audio = new Audio('/voice/dua.mp3'); audio.onloadedmetadata = () => resolve(audio.duration); audio.onerror = () => resolve(0) })`,
  )
  expect(heard).toBeCloseTo(seconds, 0)
  expect(await findViolations(admin)).toEqual([])
  await admin.getByRole('button', { name: 'Kembali ke suara bawaan: dua' }).click()
  await vi.waitFor(() => expect(box.voice.recordings.list()).toEqual([]), 5_000)
  expect(place.faults).toEqual([])
})

test('volumes go by the hour, and a call to try is spoken at the display', async () => {
  const { box, open } = place
  const display = await open('/display')
  await shows(display, 'Desa Tamansari')
  await display.evaluate(
    'window.spoken = []; const play = HTMLMediaElement.prototype.play; HTMLMediaElement.prototype.play = function () { spoken.push([this.src.match(/([a-z-]+)\\.mp3/)[1], this.volume]); return play.call(this) }',
  )
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await admin.getByRole('navigation').getByRole('button', { name: 'Suara' }).click()
  await admin.getByRole('slider', { name: /00\.00/ }).fill('50')
  await admin.getByRole('button', { name: 'Tambah jam' }).click()
  await admin.getByRole('combobox', { name: 'Mulai jam' }).nth(1).selectOption('8')
  await admin.getByRole('slider', { name: /08\.00/ }).fill('25')
  await admin.locator('section:not([hidden]) form button[type=submit]').click()
  await shows(admin, 'Tersimpan.')
  expect(box.voice.settings().volumes).toEqual([
    { fromHour: 0, percent: 50 },
    { fromHour: 8, percent: 25 },
  ])
  await admin.getByRole('button', { name: 'Coba panggilan' }).click()
  await shows(admin, 'Terdengar di ruang tunggu?')
  await takePictures(admin, 'admin-voice')
  const spoken = () => display.evaluate('window.spoken') as Promise<[string, number][]>
  await vi.waitFor(async () => expect(await spoken()).toHaveLength(9), 20_000)
  expect((await spoken()).map(([clip]) => clip)).toEqual([
    ...['chime', 'nomor-antrean', 'a', 'nol', 'satu', 'dua', 'silakan-ke', 'loket', 'satu'],
  ])
  expect(new Set((await spoken()).map(([, volume]) => volume))).toEqual(new Set([0.25]))
  expect(await display.getByText('A012').count()).toBe(0)
  expect(place.faults).toEqual([])
}, 120_000)

test('a clip that never comes silences one call: the next one is spoken, and the box knows meanwhile', async () => {
  const { box, open } = place
  const { services, clerks, counters } = place.office()
  const display = await open('/display')
  await shows(display, 'Desa Tamansari')
  let frozen = true
  // Neither answered nor refused, as by a proxy that stands still.
  await display.route('**/voice/*.mp3', (route) => (frozen ? undefined : route.fallback()))
  const device = box.devices
    .list()
    .findLast(({ device: one }) => one.startsWith('display:') && box.live.has(one))?.device
  box.voice.changeSettings({ settings: { ...box.voice.settings(), speaker: device ?? '' }, actor: 'box', key: null })
  await display.evaluate(
    "window.ended = []; addEventListener('ended', (event) => ended.push(event.target.src), true); const play = HTMLMediaElement.prototype.play; HTMLMediaElement.prototype.play = function () { this.addEventListener('ended', () => ended.push(this.src.match(/([a-z-]+)\\.mp3/)[1]), { once: true }); return play.call(this) }",
  )
  const call = () => {
    box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
    box.queue.callNext({ ...by(clerks[0]), counter: counters[0] })
  }
  box.office.sit({ ...by(clerks[0]), counter: counters[0] })
  call()
  await vi.waitFor(() => expect(box.voice.heard()).toBe(false), 20_000)
  expect(box.alarms.list().map(({ code }) => code)).toContain('voice.silent')
  frozen = false
  const [current] = box.queue.openTickets()
  box.queue.recall({ ticket: current?.ticket ?? '', ...by(clerks[0]) })
  await vi.waitFor(async () => expect(await display.evaluate('window.ended')).toContain('loket'), 30_000)
  await vi.waitFor(() => expect(box.voice.heard()).toBe(true), 10_000)
  expect(box.alarms.list().map(({ code }) => code)).not.toContain('voice.silent')
}, 90_000)
