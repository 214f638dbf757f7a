import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { allSizes, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { login, signer, startSigningService } from '../../testing/signing-service.ts'
import { testPin } from '../../testing/test-box.ts'

/* A head who signs electronically, on a phone over the LAN; the service is on loopback and signs really. */

const siti = { name: 'SITI AMINAH', nik: '3510244107800001', sex: 2, birthPlace: 'BANYUWANGI', birthDate: '1980-07-01' }
const phoneSize = { viewport: { width: 360, height: 800 } }
let place: BrowserOffice
let service: Awaited<ReturnType<typeof startSigningService>>
let head: string

beforeAll(async () => {
  service = await startSigningService()
  place = await openBrowserOffice({ box: { mqtt: { url: 'mqtts://127.0.0.1:9', keepalive_s: 30, ca: service.ca } } })
  const account = { as: 'technician', name: 'Bu Kades', role: 'head', pin: testPin, actor: 'x', key: null } as const
  head = await place.box.people.addAccount(account)
  await bringResidents(place.box, residentSheet([siti]), { actor: 'secretary-000' })
})
afterAll(async () => {
  await place?.close()
  await service?.close()
})

async function request(template: string, typed: Record<string, string>) {
  const { residents, letters } = place.box
  const resident = residents.find('siti')[0]?.resident ?? ''
  await residents.open({ resident, as: 'head', reason: 'letter', note: 'uji', actor: head, key: null })
  const signatory = letters.signatories()[0]?.signatory ?? ''
  await letters.request({ template, resident, signatory, typed, actor: head, key: null })
}

test('the head sets the service up, is told what is wrong, and tries it', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Bu Kades')
  await page.getByRole('button', { name: 'Pengaturan' }).click()
  const part = page.locator('section', { has: page.getByRole('heading', { name: 'Tanda tangan elektronik' }) })
  const address = part.getByLabel('Alamat layanan')
  await address.fill(service.address.replace('https:', 'http:'))
  await part.getByLabel('Nama pengguna layanan').fill(login.user)
  await part.getByLabel('Kata sandi layanan').fill(login.password)
  await part.getByLabel('Bu Kades', { exact: true }).check()
  const nik = part.getByLabel('NIK Bu Kades')
  await nik.fill('3510 2412 0370')
  const save = part.locator('button[type=submit]')
  await save.click()
  await shows(page, /harus mulai dengan https/)
  await address.fill(service.address)
  await save.click()
  await shows(page, 'NIK Bu Kades harus 16 angka.')
  expect(await nik.inputValue()).toBe('351024120370')
  await takePictures(page, 'electronic-wrong', allSizes)
  await nik.fill(signer.nik)
  await save.click()
  await shows(page, 'Sudah tersimpan, berakhir 0001.')
  await part.getByRole('button', { name: 'Coba: Bu Kades' }).click()
  await shows(page, 'Jawaban layanan: User dengan sertifikat aktif')
  // Neither NIK nor password come back to a page.
  expect(await page.content()).not.toMatch(new RegExp(`${signer.nik}|${login.password}`))
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'electronic-set', allSizes)
})

test('approves two letters on a phone, and signs both with one passphrase', async () => {
  await request('keterangan-usaha', { jenis_usaha: 'Warung kelontong', alamat_usaha: 'Dusun Krajan' })
  await request('pengantar-skck', { keperluan: 'Melamar pekerjaan' })
  const phone = await place.open('/letters', phoneSize)
  await logIn(phone, 'Bu Kades')
  for (const kind of ['Surat Keterangan Usaha', 'Surat Pengantar SKCK'])
    await phone.locator('li', { hasText: kind }).getByRole('button', { name: 'Setujui' }).click()
  await shows(phone, 'Menunggu tanda tangan elektronik')
  const passphrase = phone.getByLabel('Passphrase Bu Kades')
  const sent: string[] = []
  phone.on('request', (one) => sent.push(one.postData() ?? ''))
  await passphrase.fill('Rahasia#kades 1')
  await phone.getByRole('button', { name: 'Tanda tangani (2)' }).click()
  await shows(phone, 'Passphrase salah.')
  // It can be looked at and mended.
  await phone.getByRole('button', { name: 'Tampilkan', exact: true }).click()
  expect(await passphrase.inputValue()).toBe('Rahasia#kades 1')
  await takePictures(phone, 'sign-wrong', allSizes)
  expect(await findViolations(phone)).toEqual([])
  await passphrase.fill(signer.passphrase)
  await passphrase.press('Enter')
  await phone.getByText('Menunggu tanda tangan elektronik').waitFor({ state: 'detached' })
  await shows(phone, 'Tidak ada surat yang menunggu.')
  expect(sent.join()).not.toMatch(/Rahasia/)

  const list = phone.getByRole('navigation', { name: 'Surat' }).getByRole('combobox')
  await list.selectOption({ label: 'Agenda' })
  await phone.locator('.tag', { hasText: 'tanda tangan elektronik' }).first().waitFor()
  await takePictures(phone, 'signed-register', allSizes)
  const href = await phone.getByRole('link', { name: 'Cetak' }).first().getAttribute('href')
  const pdf = await (await phone.request.get(place.url + (href ?? ''))).body()
  expect(pdf.includes('/SubFilter /ETSI.CAdES.detached')).toBe(true)
  expect(place.faults).toEqual([])
})

test('while the service is away the letter waits; a clerk sees it, and the head takes the pen', async () => {
  const { letters } = place.box
  const signers = [{ signatory: letters.signatories()[0]?.signatory ?? '', nik: signer.nik }]
  letters.changeElectronic({ settings: { address: 'https://127.0.0.1:9', ...login, signers }, actor: head, key: null })
  await request('keterangan-usaha', { jenis_usaha: 'Bengkel', alamat_usaha: 'Dusun Krajan' })
  const [waiting] = letters.view().waiting
  await letters.issue({ letter: waiting?.letter ?? '', actor: head, as: 'head', key: null })
  const clerk = await place.open('/letters')
  await logIn(clerk, 'Petugas 1')
  await shows(clerk, 'Menunggu tanda tangan elektronik')
  expect(await clerk.getByLabel('Passphrase Bu Kades').count()).toBe(0)
  await takePictures(clerk, 'sign-clerk', allSizes)
  const page = await place.open('/letters')
  await logIn(page, 'Bu Kades')
  await page.getByLabel('Passphrase Bu Kades').fill(signer.passphrase)
  await page.getByRole('button', { name: 'Tanda tangani (1)' }).click()
  await shows(page, /Layanan tanda tangan tidak terjangkau sekarang/)
  await takePictures(page, 'sign-away', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Tanda tangan basah' }).click()
  await shows(page, 'Tidak ada surat yang menunggu.')
  await clerk.getByRole('button', { name: 'Agenda' }).click()
  await shows(clerk, '500.2/002/2008/XI/2026')
})
