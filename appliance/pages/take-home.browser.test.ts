import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { by } from '../../testing/test-box.ts'

/* A finished letter is taken home on the page of its number. */

const phoneSize = { viewport: { width: 360, height: 800 }, hasTouch: true, acceptDownloads: true }
const siti = { name: 'SITI AMINAH', nik: '3510244107800001', sex: 2, birthPlace: 'BANYUWANGI', birthDate: '1980-07-01' }
let place: BrowserOffice
let ticket: string

beforeAll(async () => {
  place = await openBrowserOffice()
  const { box } = place
  const { clerks, counters, services } = place.office()
  const clerk = clerks[0] ?? ''
  const account = { as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null } as const
  const head = await box.people.addAccount(account)
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  const at = { ...by(clerk), counter: counters[0] ?? '' }
  box.queue.takeTicket({ service: services[0] ?? '', actor: 'kiosk', key: null })
  box.office.sit(at)
  ticket = box.queue.callNext({ ...at, ...by(clerk) }).ticket
  box.queue.start({ ...at, ...by(clerk), ticket })
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...by(clerk) })
  const kind = 'keterangan-kurang-mampu'
  const names = box.cases.kinds(clerk).find(({ code }) => code === kind)?.papers ?? []
  const papers = names.map((name) => ({ name, state: 'seen' as const, until: null }))
  const id = await box.cases.open({ kind, resident, papers, ...by(clerk) })
  const typed = { keperluan: 'beasiswa', saksi_1: 'SUNAR', saksi_2: 'TUTIK' }
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const letter = await box.cases.writeLetter({ case: id, template: kind, resident, signatory, typed, ...by(clerk) })
  await box.letters.issue({ letter, actor: head, as: 'head', key: null })
})
afterAll(() => place?.close())

test('with the birth date, by HTTP, as PDF; a wrong one is said with the tries that are left, and five close it', async () => {
  const phone = await place.open('/visitor', phoneSize)
  // As by HTTP on a network: nothing that browsers keep for HTTPS.
  await phone.addInitScript(() =>
    Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined, configurable: true }),
  )
  await phone.goto(`${place.url}/t/${ticket}`)
  await shows(phone, 'Surat siap diambil di kantor')
  const date = phone.getByLabel('Tanggal lahir yang tertera di surat')
  await date.scrollIntoViewIfNeeded()
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'take-home')
  const save = phone.getByRole('button', { name: 'Simpan surat di ponsel' })
  // What is no day costs no try.
  const sent: string[] = []
  phone.on('request', (request) => sent.push(request.url()))
  for (const [typed, said] of [
    ['31-02-1980', 'Tanggal itu tidak ada di kalender. Periksa lagi.'],
    ['1-7-80', 'Tulis tahunnya dengan empat angka, seperti 17-08-1990.'],
    ['kemarin', 'Tulis tanggalnya seperti 17-08-1990 atau 17 Agu 1990.'],
  ] as const) {
    await date.fill(typed)
    await save.click()
    await shows(phone, said)
  }
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'take-home-no-day')
  expect(sent.filter((url) => url.endsWith('/letter'))).toEqual([])
  await date.fill('02071980')
  await shows(phone, 'Rab, 2 Jul 1980')
  await save.click()
  await shows(phone, 'Masih bisa dicoba 4 kali')
  expect(await date.inputValue()).toBe('02-07-1980')
  await date.fill('1 Juli 1980')
  const [download] = await Promise.all([phone.waitForEvent('download'), save.click()])
  expect(download.suggestedFilename()).toBe('surat.pdf')
  expect(
    readFileSync(await download.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  await shows(phone, 'Surat tersimpan di ponsel ini.')
  await takePictures(phone, 'take-home-done')
  expect(await phone.locator('main').innerText()).not.toContain('SITI')

  const desk = await place.open('/cases')
  await logIn(desk, 'Petugas 1')
  await shows(desk, 'Surat dibawa pulang lewat ponsel')
  for (const day of ['01', '02', '03', '04']) {
    await date.fill(`1990-01-${day}`)
    const answered = phone.waitForResponse((one) => one.url().endsWith('/letter'))
    await save.click()
    await answered
  }
  await shows(phone, 'Sudah lima kali salah. Ambil suratnya di kantor.')
  await desk.reload()
  await shows(desk, 'surat hanya bisa diambil di sini')
  expect(await findViolations(phone)).toEqual([])
  await takePictures(desk, 'take-home-locked')
  expect(place.faults).toEqual([])
})
