import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { allSizes, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { startCups } from '../../testing/cups.ts'
import { testPin } from '../../testing/test-box.ts'

/* Letters on the office's printer without a dialog: a real browser, and Debian's own CUPS on loopback. */

const siti = {
  ...{ name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
let place: BrowserOffice
let cups: Awaited<ReturnType<typeof startCups>>
let head: string
let resident: string

beforeAll(async () => {
  cups = await startCups()
  place = await openBrowserOffice()
  const { box } = place
  const account = { as: 'technician', name: 'Bu Kades', role: 'head', pin: testPin, actor: 'x', key: null } as const
  head = await box.people.addAccount(account)
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'head', reason: 'letter', note: 'uji', actor: head, key: null })
  const letter = await box.letters.request({
    ...{ template: 'keterangan-usaha', resident, actor: head, key: null },
    signatory: box.letters.signatories()[0]?.signatory ?? '',
    typed: { jenis_usaha: 'Warung kelontong', alamat_usaha: 'Dusun Krajan' },
  })
  await box.letters.issue({ letter, actor: head, as: 'head', key: null })
})
afterAll(async () => {
  await place?.close()
  await cups?.stop()
})

test('the printer of letters is set, tried, and what is wrong with its address is said', async () => {
  const { box, open } = place
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await admin.getByRole('button', { name: 'Printer', exact: true }).click()
  const form = admin.locator('form', { has: admin.getByRole('heading', { name: 'Printer surat' }) })
  await shows(admin, 'Belum ada printer surat.')
  const address = form.getByLabel('Alamat IPP atau antrean CUPS')
  const save = form.locator('button[type=submit]')
  await address.fill('bukan alamat')
  await save.click()
  await shows(admin, /Itu bukan alamat printer surat/)
  expect(await address.inputValue()).toBe('bukan alamat')
  await address.fill(cups.nobody)
  await save.click()
  await shows(admin, 'Di alamat itu tidak ada printer dengan nama itu.')
  await takePictures(admin, 'printer-letters-wrong', allSizes)
  // An address without a scheme is one of IPP.
  await address.fill(cups.target.replace('ipp://', ''))
  await save.click()
  await form.getByText('Printer siap.').waitFor()
  await form.getByRole('button', { name: 'Cetak halaman uji' }).click()
  await form.getByText('Sudah dicetak.').waitFor()
  expect(await findViolations(admin)).toEqual([])
  await takePictures(admin, 'printer-letters', allSizes)
  expect(cups.papers().map((bytes) => bytes.subarray(0, 5).toString())).toEqual(['%PDF-'])
  expect(box.paper.settings()).toMatchObject({ target: '', documents: cups.target })
})

test('a letter comes out at one press, from the register and from the record, with a trace of who has printed it', async () => {
  const { box, open } = place
  const traces = () => box.residents.trail(resident, head).trail.length
  const before = traces()
  const page = await open('/letters')
  await logIn(page, 'Petugas 1')
  await page.getByRole('button', { name: 'Agenda' }).click()
  await page.getByRole('button', { name: 'Cetak langsung' }).click()
  await shows(page, 'Sudah dicetak.')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'letters-register-printed', allSizes)
  expect(cups.papers()).toHaveLength(2)
  expect(traces()).toBe(before + 1)

  await page.goto(`${place.url}/residents`)
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('siti')
  await shows(page, '351024******0001')
  await page.keyboard.press('Enter')
  await shows(page, 'Untuk apa data ini dibuka?')
  await page.keyboard.press('1')
  await page.getByRole('button', { name: 'Cetak langsung' }).click()
  await shows(page, 'Sudah dicetak.')
  await takePictures(page, 'record-letter-printed', allSizes)
  expect(cups.papers()).toHaveLength(3)
})

test('paper that is out is said at the button, at the technician’s page, and nothing is printed behind anybody’s back', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Petugas 2')
  await page.getByRole('button', { name: 'Agenda' }).click()
  cups.takePaper()
  await page.getByRole('button', { name: 'Cetak langsung' }).click()
  await shows(page, 'Sudah diterima printer. Kertas printer habis.')
  await page.getByRole('button', { name: 'Cetak langsung' }).click()
  await shows(page, 'Tidak dicetak. Kertas printer habis.')
  await takePictures(page, 'letters-register-no-paper', allSizes)
  const technician = await place.open('/technician')
  await logIn(technician, 'Teknisi')
  await shows(technician, 'Kertas printer surat habis')
  await takePictures(technician, 'technician-letter-paper', allSizes)
  expect(cups.papers()).toHaveLength(3)
  cups.addPaper()
  await vi.waitFor(() => expect(cups.papers()).toHaveLength(4), 9_000)

  await cups.end()
  await page.getByRole('button', { name: 'Cetak langsung' }).click()
  await shows(page, 'Tidak dicetak. Printer tidak tersambung.')
  await takePictures(page, 'letters-register-no-printer', allSizes)
  expect(place.faults).toEqual([])
}, 120_000)
