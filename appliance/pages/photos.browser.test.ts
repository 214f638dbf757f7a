import { createHash } from 'node:crypto'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { drawn, findViolations, findViolationsInDark, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { makeJpeg } from '../../testing/make-jpeg.ts'
import { measure } from '../../testing/measure.ts'
import { by } from '../../testing/test-box.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import { readPicture } from '../letters/picture-size.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { sealText } from '../wire/private-parts.ts'
import { publicKeyOf } from '../wire/sign.ts'

/* Photos of papers, in a real browser: from a file, the counter's camera, and a phone that is paired for one case. */

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
  { width: 911, height: 427 },
]
const phones = [
  { width: 320, height: 568 },
  { width: 360, height: 640 },
  { width: 740, height: 360 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1280, height: 1024 },
]
const phoneSize = { viewport: { width: 360, height: 740 }, hasTouch: true }
const siti = { name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthDate: '1980-07-01' }
let place: BrowserOffice
let resident: string
let id: string
let scan: { name: string; mimeType: string; buffer: Buffer }

beforeAll(async () => {
  place = await openBrowserOffice({ box: { hubKey: regencyKey } })
  const { box } = place
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', ...clerk() })
  id = await box.cases.open({ kind: 'kia', resident, papers: [], ...clerk() })
  // 1,240 × 1,754 points: larger than a photo may be.
  scan = { name: 'kk.jpg', mimeType: 'image/jpeg', buffer: await makeJpeg('KARTU KELUARGA SITI', 150) }
})
afterAll(() => place?.close())

const clerk = () => by(place.office().clerks[0] ?? '')
const line = () => place.box.cases.list(null).cases.find((one) => one.case === id)
const photoAt = (index: number): Buffer =>
  place.box.cases.photos.open({ case: id, photo: line()?.photos[index]?.photo ?? '', ...clerk() })

async function openTaking(): Promise<Page> {
  const page = await place.open('/cases')
  await logIn(page, 'Petugas 1')
  await page.getByRole('button', { name: 'Foto berkas' }).press('Enter')
  return page
}

/** A photo whose camera was held upright while it says so in EXIF only: its points lie on their side. */
function turnedByExif(jpeg: Buffer): Buffer {
  const tiff = Buffer.from('49492a00080000000100120103000100000006000000' + '00000000', 'hex')
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}

test('by keyboard: a file is straightened and kept; it is looked at, turned, replaced, deleted', async () => {
  const page = await openTaking()
  const papers = line()?.papers.map(({ name }) => name) ?? []
  expect(await page.getByLabel('Berkas yang difoto').inputValue()).toBe(papers[0])
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'photos-choose', sizes)

  await page.locator('.taking input[type=file]').setInputFiles({ ...scan, name: 'surat.txt', buffer: Buffer.from('x') })
  await shows(page, 'surat.txt bukan foto')
  await page.locator('.taking input[type=file]').setInputFiles(scan)
  await shows(page, 'Geser keempat titik')
  await takePictures(page, 'photos-straighten', sizes)
  expect(await findViolationsInDark(page, 'photos-straighten', sizes)).toEqual([])
  expect(await findViolations(page)).toEqual([])
  const corner = page.getByRole('button', { name: 'Sudut kiri atas' })
  const before = await corner.evaluate((one) => (one as HTMLElement).style.left)
  await corner.press('Shift+ArrowRight')
  await corner.press('ArrowDown')
  expect(await corner.evaluate((one) => (one as HTMLElement).style.left)).not.toBe(before)
  await page.getByRole('button', { name: 'Luruskan dan simpan' }).press('Enter')
  await shows(page, `Foto ${papers[0]} tersimpan.`)
  expect(line()?.papers[0]?.state).toBe('copied')
  const size = readPicture(photoAt(0))
  expect(Math.max(size?.width ?? 0, size?.height ?? 0)).toBeLessThanOrEqual(1_600)
  expect(photoAt(0).length).toBeLessThanOrEqual(250_000)
  // The paper that lacks next is chosen already.
  expect(await page.getByLabel('Berkas yang difoto').inputValue()).toBe(papers[1])
  await page.getByRole('button', { name: 'Selesai', exact: true }).press('Enter')

  await page.getByRole('button', { name: `Lihat foto ${papers[0]}` }).press('Enter')
  await page.getByRole('img', { name: `Foto ${papers[0]}` }).waitFor()
  await takePictures(page, 'photos-look', sizes)
  expect(await findViolationsInDark(page, 'photos-look', sizes)).toEqual([])
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Putar' }).press('Enter')
  await expect.poll(() => readPicture(photoAt(0))?.width).toBe(size?.height)
  expect(line()?.photos).toHaveLength(1)
  await page.getByRole('button', { name: 'Hapus', exact: true }).press('Enter')
  await page.getByRole('button', { name: 'Ya, hapus' }).press('Enter')
  await page.getByRole('button', { name: `Lihat foto ${papers[0]}` }).waitFor({ state: 'detached' })
  expect(line()?.papers[0]?.state).toBe('missing')
  expect(place.faults).toEqual([])
})

test('a photo that lies on its side stands upright, and tells nothing of where it was taken', async () => {
  const page = await openTaking()
  await page.locator('.taking input[type=file]').setInputFiles({ ...scan, buffer: turnedByExif(scan.buffer) })
  await page.getByRole('button', { name: 'Simpan apa adanya' }).click()
  await shows(page, 'tersimpan.')
  const kept = photoAt(0)
  expect(readPicture(kept)).toMatchObject({ width: 1_600 })
  expect(kept.includes('Exif')).toBe(false)
  await place.box.cases.photos.remove({ case: id, photo: line()?.photos[0]?.photo ?? '', ...clerk() })
})

test('the counter’s camera takes one after the other', async () => {
  const page = await openTaking()
  await page.getByRole('button', { name: 'Kamera komputer' }).press('Enter')
  await page.locator('button:enabled', { hasText: 'Ambil foto' }).waitFor()
  await takePictures(page, 'photos-camera', sizes)
  expect(await findViolations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Simpan apa adanya' }).press('Enter')
  await shows(page, 'tersimpan.')
  await page.locator('button:enabled', { hasText: 'Ambil foto' }).waitFor()
  expect(line()?.photos).toMatchObject([{ byPhone: false }])
  await place.box.cases.photos.remove({ case: id, photo: line()?.photos[0]?.photo ?? '', ...clerk() })
  expect(place.faults).toEqual([])
})

test('a phone that is paired by QR sends photos, which the clerk sees come; the link ends with the clerk’s window', async () => {
  const page = await openTaking()
  await page.getByRole('button', { name: 'Pakai ponsel' }).press('Enter')
  const address = await page.locator('.phone-link .unbroken').textContent()
  await shows(page, 'Menunggu ponsel.')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'photos-pair', sizes)

  const { pathname } = new URL(address ?? '')
  // As an old phone has it, by HTTP: nothing that browsers keep for HTTPS.
  const phone = await place.open('/visitor', phoneSize)
  await phone.addInitScript(() =>
    Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined, configurable: true }),
  )
  await phone.goto(place.url + pathname)
  await shows(phone, 'Kartu Identitas Anak')
  await shows(page, 'Ponsel tersambung.')
  expect(await phone.content()).not.toContain('SITI')
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'photos-phone', phones)
  expect(await findViolationsInDark(phone, 'photos-phone')).toEqual([])
  for (const [width, letters] of [
    [320, 100],
    [360, 200],
  ]) {
    await phone.setViewportSize({ width: width ?? 0, height: 740 })
    await phone.evaluate((percent) => {
      document.documentElement.style.fontSize = `${percent}%`
    }, letters)
    await drawn(phone)
    expect((await measure(phone, 'phone')).filter((fault) => !/^(overlap|target)/.test(fault))).toEqual([])
  }
  await phone.evaluate(() => document.documentElement.style.removeProperty('font-size'))
  await phone.setViewportSize(phoneSize.viewport)
  const input = phone.locator('.shots input')
  expect(await input.first().getAttribute('capture')).toBe('environment')
  for (const at of [0, 1]) {
    await input.nth(at).setInputFiles(scan)
    await shows(phone, 'Geser keempat titik')
    if (at === 0) {
      await takePictures(phone, 'photos-phone-straighten', phones)
      for (const size of phones) {
        await phone.setViewportSize(size)
        await drawn(phone)
        const send = await phone.getByRole('button', { name: 'Luruskan dan kirim' }).boundingBox()
        expect((send?.y ?? 0) + (send?.height ?? 0), `${size.width}x${size.height}`).toBeLessThanOrEqual(size.height)
      }
      await phone.setViewportSize(phoneSize.viewport)
      expect(await findViolationsInDark(phone, 'photos-phone-straighten')).toEqual([])
      expect(await findViolations(phone)).toEqual([])
    }
    await phone.getByRole('button', { name: 'Luruskan dan kirim' }).click()
    await shows(phone, 'Terkirim:')
    await shows(page, `${at + 1} foto datang dari ponsel.`)
  }
  expect(line()?.photos).toMatchObject([{ byPhone: true }, { byPhone: true }])
  expect(readPicture(photoAt(0))).toMatchObject({ kind: 'image/jpeg' })
  await page
    .locator('.came img')
    .nth(1)
    .evaluate((one) => (one as HTMLImageElement).decode())
  await takePictures(page, 'photos-came', sizes)
  await takePictures(phone, 'photos-phone-sent')

  await input.first().setInputFiles(scan)
  await page.getByRole('button', { name: 'Selesai dengan ponsel' }).press('Enter')
  await expect.poll(() => line()?.phone).toBeNull()
  await phone.getByRole('button', { name: 'Luruskan dan kirim' }).click()
  await shows(phone, 'Tautan ini sudah berakhir')
  await takePictures(phone, 'photos-phone-ended')
  expect(line()?.photos).toHaveLength(2)
  expect(place.faults).toEqual([])
})

test('a document of the agency stands at the application, and its holder’s phone says that it is there', async () => {
  const { box } = place
  const { counters, services } = place.office()
  const at = { ...clerk(), counter: counters[0] ?? '' }
  box.queue.takeTicket({ service: services[0] ?? '', actor: 'kiosk', key: null })
  box.office.sit(at)
  const { ticket } = box.queue.callNext({ ...at, ...clerk() })
  box.queue.start({ ...at, ...clerk(), ticket })
  const recipient = await identityToRecipient(await generateX25519Identity())
  giveDataset(box, 'agencies', { agencies: [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }] })
  const papers = (box.cases.kinds(clerk().actor).find(({ code }) => code === 'ktp-el')?.papers ?? []).map((name) => ({
    ...{ name, state: 'seen' as const, until: null },
  }))
  const ktp = await box.cases.open({ kind: 'ktp-el', resident, papers, ...clerk() })
  await box.cases.relay({ case: ktp, note: '', ...clerk() })
  const pdf = await makePdf({ defaultStyle: { font: 'Jakarta' }, content: ['KUTIPAN'] })
  const own = recipientOfBox(publicKeyOf(box.identity.key))
  const sealed = await sealText(pdf, [own])
  const file = createHash('sha256').update(sealed).digest('base64url')
  const named = { case: ktp, document: 'documentAAAA', file, bytes: sealed.length, recipient: own }
  const taken = box.cases.documents.takeNamed(named)
  if (taken && typeof taken === 'object') taken.keep()
  const page = await place.open('/cases')
  await logIn(page, 'Petugas 1')
  await shows(page, 'Dokumen dari Dispendukcapil sedang diambil')
  await takePictures(page, 'document-coming', sizes)
  const session = 'Session-sixteen1'
  box.cases.documents.due(session)
  box.cases.documents.takeChunk({ session, re: 1, file, first: 0, bytes: sealed.toString('base64url') })
  box.cases.takeState({ case: ktp, state: 'done' })?.keep()
  const link = page.getByRole('link', { name: 'Buka dokumen dari Dispendukcapil' })
  await link.waitFor()
  await takePictures(page, 'document-here', sizes)
  expect(await findViolations(page)).toEqual([])
  const answer = await page.request.get(new URL((await link.getAttribute('href')) ?? '', page.url()).href)
  expect([answer.status(), (await answer.body()).equals(pdf)]).toEqual([200, true])
  const phone = await place.open(`/t/${ticket}`, phoneSize)
  await shows(phone, 'Dokumennya sudah ada di kantor.')
  expect(await phone.content()).not.toContain('SITI')
  await takePictures(phone, 'document-phone')
  expect(place.faults).toEqual([])
})
