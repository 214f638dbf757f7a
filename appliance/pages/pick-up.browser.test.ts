import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { drawn, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, pressMain, shows } from '../../testing/browser-office.ts'
import { measure } from '../../testing/measure.ts'
import { by, testPin } from '../../testing/test-box.ts'

/* A finished letter that is fetched: its code at the kiosk, a number before the others, one key at the desk. */

const kiosks = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 1024, height: 600 },
  { width: 768, height: 1024 },
  { width: 911, height: 427 },
  { width: 360, height: 800 },
]
let place: BrowserOffice
let letter: string
let code: string
beforeAll(async () => {
  place = await openBrowserOffice()
  const { box } = place
  const { technician, services, counters } = place.office()
  const manager = { actor: technician, key: null }
  box.office.addService({ prefix: 'P', name: 'Ambil berkas', requires: [], minutes: 3, collection: true, ...manager })
  const lane = box.office.services().find(({ prefix }) => prefix === 'P')?.service ?? ''
  box.office.changeCounter({ counter: counters[0], name: 'Loket 1', services: [...services, lane], ...manager })
  const head = await box.people.addAccount({
    ...{ as: 'technician', name: 'Bu Kades', role: 'head', pin: testPin, actor: 'x', key: null },
  })
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510244107800001' }]), {
    actor: 'secretary-000',
  })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  const command = { actor: head, key: null }
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', ...command })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const typed = { keperluan: 'Melamar pekerjaan' }
  letter = await box.letters.request({ template: 'pengantar-skck', resident, signatory, typed, ...command })
  code = await box.claims.giveCode({ letter, anew: false, ...command })
  box.queue.takeTicket({ service: services[0], ...by(technician) })
})
afterAll(() => place?.close())

test('the kiosk says in plain words that a letter is not finished or not known, and names nobody', async () => {
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'Ambil berkas', exact: true }).waitFor()
  expect(await kiosk.locator('.tile').getByText('Ambil berkas').count()).toBe(0)
  await takePictures(kiosk, 'kiosk-with-pick-up', kiosks)
  await kiosk.getByRole('button', { name: 'Ambil berkas', exact: true }).click()
  await shows(kiosk, 'Ketik kode ambil surat Anda')
  await takePictures(kiosk, 'kiosk-pick-up', kiosks)
  for (const size of kiosks) {
    await kiosk.setViewportSize(size)
    await drawn(kiosk)
    // Keys are as wide as ten of them allow.
    const faults = (await measure(kiosk, 'kiosk')).filter((line) => !/^target \d+×\d+: .?$/.test(line))
    expect(faults, `${size.width}x${size.height}`).toEqual([])
  }
  expect(await findViolations(kiosk)).toEqual([])
  for (const character of code.slice(-5)) await kiosk.getByRole('button', { name: character, exact: true }).click()
  await kiosk.getByRole('button', { name: 'Ambil nomor' }).click()
  await shows(kiosk, 'Surat itu belum selesai. Silakan kembali lagi, atau bertanya di loket.')
  await takePictures(kiosk, 'kiosk-pick-up-refused', kiosks)
  await kiosk.getByRole('button', { name: 'Coba lagi' }).click()
  // A scanner types the whole code, and Enter.
  await shows(kiosk, 'Ketik kode ambil surat Anda')
  await kiosk.keyboard.type('380000000000')
  await kiosk.keyboard.press('Enter')
  await shows(kiosk, /Kode itu tidak benar|Itu kode surat desa lain/)
  expect(await kiosk.getByText('SITI').count()).toBe(0)
})

test('a finished letter has a number before all who wait, and one key at the desk has it collected', async () => {
  const { box } = place
  const head = box.people.accounts().find(({ name }) => name === 'Bu Kades')?.account ?? ''
  const written = await box.letters.issue({ letter, as: 'head', actor: head, key: null })
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'Ambil berkas', exact: true }).click()
  await shows(kiosk, 'Ketik kode ambil surat Anda')
  await kiosk.keyboard.type(code.replaceAll('-', ''))
  await kiosk.keyboard.press('Enter')
  await shows(kiosk, 'P001')
  await takePictures(kiosk, 'kiosk-pick-up-number', kiosks)

  const desk = await place.open('/desk')
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await pressMain(desk)
  await shows(desk, `Ambil surat: Surat Pengantar SKCK · ${written}`)
  await takePictures(desk, 'desk-pick-up', kiosks)
  expect(await findViolations(desk)).toEqual([])
  const link = await desk.getByRole('link', { name: 'Cetak surat' }).getAttribute('href')
  expect((await desk.request.get(place.url + (link ?? ''))).status()).toBe(200)
  await pressMain(desk)
  await pressMain(desk)
  await shows(desk, 'A001')
  box.time.advance(60_000)
  box.claims.look()
  expect(box.letters.register({ year: null, before: null }).lines[0]).toMatchObject({ letter, written })
  expect(box.letters.register({ year: null, before: null }).lines[0]?.collectedAt).not.toBeNull()
})

test('who has no code takes a plain number of that lane, and none while it gives none', async () => {
  const { box, open } = place
  const kiosk = await open('/kiosk')
  await kiosk.getByRole('button', { name: 'Ambil berkas', exact: true }).click()
  await kiosk.getByRole('button', { name: 'Saya tidak punya kode' }).click()
  await shows(kiosk, 'P002')
  const service = box.office.services().find(({ prefix }) => prefix === 'P')?.service ?? ''
  box.office.setServiceOpen({ service, open: false, actor: place.office().technician, key: null })
  const other = await open('/kiosk')
  const shut = other.getByRole('button', { name: /Ambil berkas Sedang tutup/ })
  await shut.waitFor()
  expect(await shut.isDisabled()).toBe(true)
  await takePictures(other, 'kiosk-pick-up-shut', kiosks)
})

test('no page threw', () => {
  expect(place.faults).toEqual([])
})
