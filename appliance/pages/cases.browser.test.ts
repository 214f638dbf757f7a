import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { by } from '../../testing/test-box.ts'
import { hourMs } from '../base/time.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { sealText } from '../wire/private-parts.ts'
import { publicKeyOf } from '../wire/sign.ts'

/* An application from the number in service to what is taken home, in a real browser. */

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
]
const siti = {
  ...{ name: 'SITI AMINAH', nik: '3510244107800001', kk: '3510240101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
let place: BrowserOffice
let head: string
let ticket: string
beforeAll(async () => {
  place = await openBrowserOffice({ box: { hubKey: regencyKey } })
  const { box } = place
  head = await box.people.addAccount({
    as: 'head',
    name: 'Bu Kades',
    role: 'head',
    pin: '258014',
    actor: 'x',
    key: null,
  })
  await bringResidents(box, residentSheet([siti]), { actor: 'secretary-000' })
  const { clerks, counters, services } = place.office()
  const at = { ...by(clerks[0]), counter: counters[0] }
  box.queue.takeTicket({ service: services[0], actor: 'kiosk', key: null })
  box.office.sit(at)
  ticket = box.queue.callNext({ ...at, ...by(clerks[0]) }).ticket
  box.queue.start({ ...at, ...by(clerks[0]), ticket })
})
afterAll(() => place?.close())

/** The page of residents with Siti's record open. */
async function openRecord() {
  const page = await place.open('/residents')
  await logIn(page, 'Petugas 1')
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill('siti')
  await shows(page, '351024******0001')
  await page.keyboard.press('Enter')
  await shows(page, 'Permohonan')
  return page
}

test('by keyboard: from the record to the letter, approved, handed over; the phone says how it stands', async () => {
  const phone = await place.open(`/t/${ticket}`, { viewport: { width: 360, height: 800 } })
  await shows(phone, 'A001')
  expect(await phone.getByText('Permohonan Anda').count()).toBe(0)

  const page = await openRecord()
  await page.getByRole('button', { name: 'Buka permohonan' }).press('Enter')
  await page.getByLabel('Apa yang dimohon?').waitFor()
  await page.keyboard.type('keterangan usaha')
  await page.keyboard.press('Enter')
  await shows(page, 'Berakhir dengan surat dari kantor ini')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'cases-form', sizes)
  for (const paper of ['KTP', 'Kartu keluarga']) await page.getByLabel(paper, { exact: true }).press('Space')
  await page.getByLabel('Yang kurang dibawa paling lambat').fill('2026-11-25')
  await page.getByRole('button', { name: 'Simpan permohonan' }).press('Enter')
  await shows(page, 'Permohonan dibuka.')
  await shows(page, 'berkas kurang')
  await shows(page, 'menyusul sampai')
  await takePictures(page, 'cases-record', sizes)
  expect(await findViolations(page)).toEqual([])

  await phone.reload()
  await shows(phone, 'Berkas belum lengkap')
  await shows(phone, 'Foto usaha')
  expect(await phone.content()).not.toContain('SITI')
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'cases-phone', sizes)

  await page.getByRole('button', { name: 'Sudah ada: Foto usaha' }).press('Enter')
  await page.getByRole('button', { name: 'Buat suratnya' }).press('Enter')
  await page.getByLabel('Jenis usaha').fill('Warung')
  await page.getByLabel('Alamat usaha').fill('Dusun Krajan')
  await takePictures(page, 'cases-letter', sizes)
  await page.getByRole('button', { name: 'Kirim untuk disetujui' }).press('Enter')
  await shows(page, 'surat menunggu persetujuan')
  const [line] = place.box.cases.list(null).cases
  await place.box.letters.issue({ letter: line?.letter ?? '', actor: head, as: 'head', key: null })
  await shows(page, 'surat siap diambil')
  await phone.reload()
  await shows(phone, 'Surat siap diambil di kantor')
  await page.getByRole('button', { name: 'Sudah diserahkan' }).press('Enter')
  await shows(page, 'selesai')
  expect(place.box.cases.view().open).toEqual([])
  expect(place.box.letters.register({ year: null, before: null }).lines[0]?.collectedAt).not.toBeNull()
  expect(place.faults).toEqual([])
})

test('what goes to an agency waits for its key, goes sealed, and the answer reaches page and phone', async () => {
  const page = await openRecord()
  await page.getByRole('button', { name: 'Buka permohonan' }).click()
  await page.getByLabel('Apa yang dimohon?').fill('ktp elektronik')
  await page.keyboard.press('Enter')
  await shows(page, 'Diteruskan ke Dinas Kependudukan')
  for (const box of await page.locator('.papers input').all()) await box.check()
  await page.getByRole('button', { name: 'Simpan permohonan' }).click()
  // All papers are here: its next step is open already.
  await shows(page, 'belum punya kunci segel')
  await takePictures(page, 'cases-no-key', sizes)
  await page.getByRole('button', { name: 'Batal', exact: true }).click()
  const recipient = await identityToRecipient(await generateX25519Identity())
  giveDataset(place.box, 'agencies', { agencies: [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }] })
  await page.getByRole('button', { name: 'Teruskan', exact: true }).click()
  await page.getByLabel('Catatan untuk instansi').fill('Rekam ulang')
  await takePictures(page, 'cases-relay', sizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Teruskan ke Dispendukcapil' }).click()
  await shows(page, 'Permohonan diteruskan.')
  await shows(page, 'diteruskan')

  const { case: id = '' } = place.box.cases.view().open[0] ?? {}
  place.box.time.advance(1000)
  place.box.cases.takeState({ case: id, state: 'papers', text: 'Kartu Keluarga tidak terbaca.' })?.keep()
  await shows(page, 'instansi minta berkas')
  await shows(page, 'Kartu Keluarga tidak terbaca.')
  const phone = await place.open(`/t/${ticket}`, { viewport: { width: 360, height: 800 } })
  await shows(phone, 'Dispendukcapil minta berkas lagi')
  expect(place.faults).toEqual([])
})

test('a birth that a hospital told of is there before the family comes: read once the mother’s record is open', async () => {
  const { box } = place
  const told = {
    ...{ kind: 'birth', sex: 1, on: '2026-11-22', time: '04:10', place: 'RSUD Blambangan', weightGrams: 3200 },
    ...{ mother: { name: 'SITI AMINAH', nik: siti.nik }, father: { name: 'SUPARMAN' }, letter: '474/RSUD/12' },
  }
  const sealed = await sealText(JSON.stringify(told), [recipientOfBox(publicKeyOf(box.identity.key))])
  const notice = {
    notice: 'noticenotice',
    kind: 'birth' as const,
    from: 'RSUD Blambangan',
    sealed: sealed.toString('base64'),
  }
  const taken = await box.cases.takeNotice(notice)
  if (taken && typeof taken === 'object') taken.keep()
  const list = await place.open('/cases')
  await logIn(list, 'Petugas 2')
  await shows(list, 'Diberitahukan RSUD Blambangan')
  await shows(list, 'Isinya tampak di data orangnya.')
  expect(await list.getByRole('button', { name: 'Lihat pemberitahuan' }).count()).toBe(0)
  await takePictures(list, 'cases-told-list', sizes)

  const page = await openRecord()
  await page.getByRole('button', { name: 'Lihat pemberitahuan' }).click()
  await shows(page, 'SUPARMAN')
  await shows(page, '3200 g')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'cases-told-record', sizes)
  await box.cases.withdraw({
    case: box.cases.view().open.find(({ sender }) => sender)?.case ?? '',
    reason: 'uji',
    ...by(place.office().clerks[0]),
  })
  expect(place.faults).toEqual([])
})

test('the office’s list: what is late first, empty and full; a paper that is brought, and one that is cancelled', async () => {
  const page = await place.open('/cases')
  await logIn(page, 'Petugas 1')
  await shows(page, 'instansi minta berkas')
  const { resident = '' } = place.box.residents.find('siti')[0] ?? {}
  const [clerk = ''] = place.office().clerks
  const papers = ['Pengantar RT/RW', 'KTP', 'Kartu keluarga', 'Pernyataan dengan dua saksi', 'Foto rumah', 'PBB']
  const list = papers.map((name) => ({ name, state: 'seen' as const, until: null }))
  await place.box.cases.open({ kind: 'pernyataan-miskin', resident, papers: list, ...by(clerk) })
  await place.box.cases.open({ kind: 'kia', resident, papers: [], ...by(clerk) })
  await shows(page, 'Kartu Identitas Anak')
  place.box.time.advance(7 * hourMs)
  place.box.cases.changePapers({
    case: place.box.cases.view().open.find(({ title }) => title.includes('Anak'))?.case ?? '',
    papers: [],
    ...by(clerk),
  })
  await shows(page, '1 permohonan lewat waktu')
  expect(await page.locator('.case b').first().textContent()).toContain('Miskin')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'cases-open', [
    ...sizes,
    { width: 1280, height: 1024 },
    { width: 1920, height: 1080 },
    { width: 911, height: 427 },
  ])
  await page.getByRole('button', { name: 'Sudah ada: KTP orang tua' }).click()
  await page.getByRole('button', { name: 'Sudah ada: KTP orang tua' }).waitFor({ state: 'detached' })

  const row = page.locator('.case', { hasText: 'Kartu Identitas Anak' })
  await row.getByRole('button', { name: 'Batalkan' }).click()
  await page.getByLabel('Mengapa dibatalkan?').fill('Sudah punya')
  await page.keyboard.press('Enter')
  await page.getByText('Kartu Identitas Anak').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Semua', exact: true }).click()
  await shows(page, 'Sudah punya')
  await shows(page, 'dibatalkan')
  await takePictures(page, 'cases-all', sizes)
  expect(await findViolations(page)).toEqual([])

  await page.getByRole('button', { name: 'Standar layanan' }).click()
  await shows(page, 'Cetak maklumat')
  const poster = page.getByRole('link', { name: 'Cetak: KTP elektronik' })
  const answer = await page.request.get(new URL((await poster.getAttribute('href')) ?? '', page.url()).href)
  expect([answer.status(), (await answer.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'cases-standard', sizes)

  // From the list to the record, without typing the name again.
  await page.getByRole('button', { name: 'Berjalan' }).click()
  await page.getByRole('link', { name: 'Cari datanya' }).first().click()
  await shows(page, '351024******0001')
  expect(new URL(page.url()).hash).toBe('')
  expect(place.faults).toEqual([])
})
