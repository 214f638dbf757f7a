import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../appliance/base/ids.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { type HubAndBoxes, hubPublicKey, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { makeTestFolder, until } from '../../testing/hub-parts.ts'
import { testPin } from '../../testing/test-box.ts'

/* A letter that is collected in another village, in real browsers at both offices, with the regency between. */

const [issuer, asker] = ['3510012001', '3510012002'] as const
const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
  { width: 911, height: 427 },
]
const siti = {
  ...{ name: 'SITI AMINAH', nik: '3510014107800001', sex: 2, birthPlace: 'BANYUWANGI', birthDate: '1980-07-01' },
  ...{ address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const { folder, remove } = makeTestFolder('claims-pages')
let place: HubAndBoxes
let there: BrowserOffice
let here: BrowserOffice
let letter: string
let written: string
beforeAll(async () => {
  place = await openHubAndBoxes('claims-pages', [issuer, asker])
  const hub = await place.openReadyHub()
  const mqtt = { url: place.broker.url, keepalive_s: 30 }
  const open = (village: string, name: string) =>
    openBrowserOffice({ box: { village, name, mqtt, hubKey: hubPublicKey } })
  there = await open(issuer, 'Desa Tamansari')
  here = await open(asker, 'Desa Sarongan')
  const { box } = there
  const head = await box.people.addAccount({
    ...{ as: 'technician', name: 'Bu Kades', role: 'head', pin: testPin, actor: 'x', key: null },
  })
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  const by = { actor: head, key: null }
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', ...by })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const typed = { jenis_usaha: 'Warung', alamat_usaha: 'Krajan' }
  letter = await box.letters.request({ template: 'keterangan-usaha', resident, signatory, typed, ...by })
  written = await box.letters.issue({ letter, as: 'head', ...by })
  await until(async () => (await place.database.query('SELECT FROM letter')).rowCount === 1)
  await hub.lookAtLetters()
  await hub.lookAtOffers()
  await until(() => here.box.datasets.read('letters') !== null)
}, 60_000)
afterAll(async () => {
  await here?.close()
  await there?.close()
  await place?.closeOpened()
  await place?.close()
  remove()
})

test('the office that issued it gives a code, on the page and as a slip', async () => {
  const page = await there.open('/letters')
  await logIn(page, 'Bu Kades')
  await page.getByRole('button', { name: 'Agenda' }).click()
  await page.getByRole('button', { name: 'Kode ambil' }).click()
  const link = page.getByRole('link', { name: /^Kode ambil [0-9A-Z]{3}-/ })
  await link.waitFor()
  await takePictures(page, 'claims-register', sizes)
  expect(await findViolations(page)).toEqual([])
  const slip = await page.request.get(there.url + ((await link.getAttribute('href')) ?? ''))
  expect([slip.status(), slip.headers()['content-type']]).toEqual([200, 'application/pdf'])
  expect(await printed(await slip.body(), 'claims-slip')).toContain(codeOf())
})

test('a clerk of another office is told what is mistyped, and by keyboard gets the very same paper', async () => {
  const page = await here.open('/letters')
  await logIn(page, 'Petugas 1')
  await page.getByRole('button', { name: 'Dari desa lain' }).click()
  await shows(page, 'Belum ada surat desa lain yang diambil di sini.')
  await takePictures(page, 'claims-empty', sizes)
  expect(await findViolations(page)).toEqual([])
  const code = codeOf()
  await page.getByLabel('Kode ambil', { exact: true }).fill(`${code.slice(0, -1)}${code.endsWith('7') ? '8' : '7'}`)
  await page.getByLabel('Tanggal lahir orang yang disebut di surat').fill('1980-07-02')
  await page.keyboard.press('Enter')
  await shows(page, 'Ada huruf atau angka yang salah di kode itu.')
  expect(await page.getByLabel('Tanggal lahir orang yang disebut di surat').inputValue()).toBe('02-07-1980')
  await takePictures(page, 'claims-mistyped', sizes)
  await page.getByLabel('Kode ambil', { exact: true }).fill(code.toLowerCase())
  await page.keyboard.press('Enter')
  await shows(page, 'tanggal lahir tidak cocok')
  await shows(page, 'Sisa percobaan: 4.')
  await page.getByLabel('Kode ambil', { exact: true }).fill(code)
  await page.getByLabel('Tanggal lahir orang yang disebut di surat').fill('1980-07-01')
  await page.keyboard.press('Enter')
  await shows(page, 'siap dicetak')
  await shows(page, `Surat Keterangan Usaha · ${written} · Desa Tamansari`)
  const count = page.locator('.places button', { hasText: 'Dari desa lain' }).locator('.count')
  expect(await count.innerText()).toBe('1')
  await takePictures(page, 'claims-ready', sizes)
  expect(await findViolations(page)).toEqual([])

  const mine = await page.request.get(
    here.url + ((await page.getByRole('link', { name: 'Cetak' }).getAttribute('href')) ?? ''),
  )
  const head = await there.open('/letters')
  await logIn(head, 'Bu Kades')
  const theirs = await head.request.get(`${there.url}/api/letters/${letter}/letter.pdf`)
  const paper = await printed(await mine.body(), 'claims-paper')
  expect(paper).toContain('SITI AMINAH')
  expect(paper).toBe(await printed(await theirs.body(), 'claims-paper-there'))

  await page.getByRole('button', { name: 'Sudah diserahkan' }).click()
  await shows(page, /Diserahkan .* oleh Petugas 1\./)
  await count.waitFor({ state: 'detached' })
  await head.getByRole('button', { name: 'Agenda' }).click()
  await shows(head, 'diambil di Desa 35.10.01.2002')
  await head.getByRole('button', { name: 'Dari desa lain' }).click()
  await shows(head, /Diminta Desa 35\.10\.01\.2002 .* diserahkan di sana/)
  await takePictures(head, 'claims-answered', sizes)
  expect(await findViolations(head)).toEqual([])
})

test('a page says that its box has no line, and that what is asked waits', async () => {
  const page = await here.open('/letters')
  await logIn(page, 'Petugas 1')
  await page.getByRole('button', { name: 'Dari desa lain' }).click()
  await place.broker.pause()
  await shows(page, 'Perangkat ini sedang tidak tersambung ke kabupaten.')
  await page.getByLabel('Kode ambil', { exact: true }).fill(codeOf())
  await page.getByLabel('Tanggal lahir orang yang disebut di surat').fill('1980-07-01')
  await page.keyboard.press('Enter')
  await shows(page, 'Permintaan tersimpan. Dikirim begitu internet tersambung.')
  await shows(page, 'menunggu internet')
  await takePictures(page, 'claims-offline', sizes)
  expect(await findViolations(page)).toEqual([])
})

test('no page threw', () => {
  expect([...here.faults, ...there.faults]).toEqual([])
})

const codeOf = (): string =>
  there.box.letters.register({ year: null, before: null }).lines.find((line) => line.letter === letter)?.claim ?? ''

/** The text of a PDF; its picture lies with those of the pages. */
async function printed(pdf: Buffer, name: string): Promise<string> {
  const path = join(folder, `${newId()}.pdf`)
  writeFileSync(path, pdf)
  mkdirSync('artifacts/screens', { recursive: true })
  execFileSync('pdftoppm', ['-r', '100', '-png', '-singlefile', path, join('artifacts/screens', name)])
  return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
}
