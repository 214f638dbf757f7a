import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { builtInClips } from '../voice/clip-files.ts'
import { paperClip } from '../voice/sentence.ts'

/* The kiosk for whoever cannot reach, see, read or touch as most people do. */

const portrait = [{ width: 1080, height: 1920 }]
const listen =
  'window.spoken = []; const play = HTMLMediaElement.prototype.play; HTMLMediaElement.prototype.play = function () { spoken.push(this.src.match(/([a-z-]+)\\.mp3/)[1]); return play.call(this) }'
let place: BrowserOffice

beforeAll(async () => {
  place = await openBrowserOffice()
})
afterAll(() => place?.close())

test.each([
  ['low', 'Tombol lebih rendah'],
  ['left', 'Untuk tangan kiri'],
  ['large', 'Huruf besar'],
  ['contrast', 'Warna tajam'],
])('the kiosk is %s when asked to, on every screen, for one visitor', async (name, words) => {
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: /Sesuaikan layar/ }).click()
  await kiosk.getByRole('button', { name: words }).click()
  await kiosk.locator(`html.${name}`).waitFor()
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, `kiosk-fit-${name}`, portrait)
  await kiosk.getByRole('button', { name: /^KTP|A KTP/ }).click()
  await shows(kiosk, 'Nomor Anda')
  expect(await kiosk.locator(`html.${name}`).count()).toBe(1)
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, `kiosk-fit-${name}-ticket`, portrait)
  await kiosk.getByRole('button', { name: /Selesai/ }).click()
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  expect(await kiosk.locator(`html.${name}`).count()).toBe(0)
  expect(place.faults).toEqual([])
})

test('a ticket is taken with the keyboard alone, and its number is read aloud', async () => {
  const kiosk = await place.open('/kiosk')
  await kiosk.evaluate(listen)
  const tile = kiosk.getByRole('button', { name: /Akta kelahiran/ })
  await tile.waitFor()
  for (let press = 0; press < 20 && !(await tile.evaluate((node) => node.matches(':focus'))); press++) {
    await kiosk.keyboard.press('Tab')
  }
  await kiosk.keyboard.press('Enter')
  await shows(kiosk, 'B001')
  await kiosk.getByRole('button', { name: 'Bacakan' }).click()
  const spoken = () => kiosk.evaluate('window.spoken') as Promise<string[]>
  await vi.waitFor(async () => expect(await spoken()).toHaveLength(5), 15_000)
  expect(await spoken()).toEqual(['nomor-antrean', 'b', 'nol', 'nol', 'satu'])
  expect(place.faults).toEqual([])
})

test('touch and hold reads the name of a service that the office recorded, and takes no ticket', async () => {
  const { box } = place
  const mp3 = readFileSync(join(builtInClips, 'tiga.mp3'))
  box.voice.recordings.record({ clip: 'layanan-a', mp3, actor: place.office().technician, key: null })
  const kiosk = await place.open('/kiosk')
  await kiosk.evaluate(listen)
  const before = box.queue.openTickets().length
  const tile = kiosk.getByRole('button', { name: /KTP/ })
  const { x, y, width, height } = (await tile.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  await kiosk.mouse.move(x + width / 2, y + height / 2)
  await kiosk.mouse.down()
  await vi.waitFor(async () => expect(await kiosk.evaluate('window.spoken')).toEqual(['layanan-a']), 5_000)
  await kiosk.mouse.up()
  await kiosk.waitForTimeout(300)
  expect(box.queue.openTickets().length).toBe(before)
  await tile.click()
  await shows(kiosk, 'Nomor Anda')
  expect(place.faults).toEqual([])
})

test('what to bring is read on the screen of the ticket once the office has recorded each paper, and not before', async () => {
  const { box } = place
  const mp3 = readFileSync(join(builtInClips, 'tiga.mp3'))
  const { services, technician } = place.office()
  const change = { service: services[0], name: 'KTP', minutes: 10, actor: technician, key: null }
  box.office.changeService({ ...change, requires: ['KTP lama', 'Kartu Keluarga'] })
  const paper = (words: string) => ({ clip: paperClip(words), mp3, actor: technician, key: null })
  box.voice.recordings.record(paper('KTP lama'))
  const kiosk = await place.open('/kiosk')
  await kiosk.evaluate(listen)
  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'Nomor Anda')
  const hear = kiosk.getByRole('button', { name: 'Dengarkan syarat' })
  expect(await hear.count()).toBe(0)

  const admin = await place.open('/admin')
  await logIn(admin, 'Teknisi')
  await admin.getByRole('button', { name: 'Suara', exact: true }).click()
  await admin.getByRole('button', { name: 'Rekam: Kartu Keluarga' }).click()
  await shows(admin, 'Ucapkan sekarang')
  await admin.waitForTimeout(1_500)
  await admin.getByRole('button', { name: 'Berhenti merekam: Kartu Keluarga' }).click()
  await vi.waitFor(() => expect(box.voice.recordings.papers()).toEqual(['KTP lama', 'Kartu Keluarga']), 15_000)
  await kiosk
    .getByRole('button', { name: /Selesai/ })
    .click({ timeout: 2_000 })
    .catch(() => {})
  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await hear.click({ timeout: 15_000 })
  const heard = [paperClip('KTP lama'), paperClip('Kartu Keluarga')]
  await vi.waitFor(async () => expect(await kiosk.evaluate('window.spoken')).toEqual(heard), 15_000)
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-hear-papers', [...portrait, { width: 1280, height: 1024 }])
  expect(place.faults).toEqual([])
})

test('the language switch lists every catalogue, and paper and screen follow it for one visitor', async () => {
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'English' }).click()
  await kiosk.locator('html[lang=en]').waitFor()
  expect(await kiosk.locator('.languages button').allTextContents()).toEqual(['Indonesia', 'English'])
  expect(await findViolations(kiosk)).toEqual([])
})

test('drafts of other languages are offered once the office has switched them on, with Indonesian where they have no words', async () => {
  const secretary = await place.open('/admin')
  await logIn(secretary, 'Teknisi')
  await secretary.getByRole('button', { name: 'Bahasa', exact: true }).click()
  await shows(secretary, /belum dibaca penutur asli/)
  expect(await findViolations(secretary)).toEqual([])
  await takePictures(secretary, 'admin-languages')
  await secretary.getByLabel(/Jawa/).check()
  await secretary.getByLabel(/Osing/).check()
  await secretary.locator('section:not([hidden])').getByRole('button', { name: 'Simpan' }).click()

  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'Jawa' }).click()
  await shows(kiosk, 'Badhe ngurus punapa dinten menika?')
  expect(await kiosk.locator('.languages button').allTextContents()).toEqual(['Indonesia', 'English', 'Jawa', 'Osing'])
  await takePictures(kiosk, 'kiosk-drafts', portrait)
  await kiosk.getByRole('button', { name: 'Osing' }).click()
  await shows(kiosk, 'Arep ngurus paran dina iki?')
  // Nobody was sure of this one.
  await shows(kiosk, 'Sesuaikan layar')
  expect(await findViolations(kiosk)).toEqual([])

  const { box } = place
  const { ticket } = box.queue.takeTicket({ service: place.office().services[0], actor: 'kiosk:1', key: null })
  const phone = await place.open(`/t/${ticket}`)
  await phone.getByRole('button', { name: 'Jawa' }).click()
  await shows(phone, /panjenengan/)
  await phone.setViewportSize({ width: 360, height: 800 })
  await takePictures(phone, 'phone-drafts')

  box.office.changeSettings({
    settings: { ...box.office.settings(), draftLanguages: [] },
    actor: place.office().technician,
    key: null,
  })
  await phone.locator('html[lang=id]').waitFor()
  expect(await phone.locator('.languages button').allTextContents()).toEqual(['Indonesia', 'English'])
  expect(place.faults).toEqual([])
})
