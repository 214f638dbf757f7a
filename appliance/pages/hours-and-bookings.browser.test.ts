import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { by, type TestBox } from '../../testing/test-box.ts'
import type { Week } from '../base/week.ts'

/* Hours, bookings and quiet hours in a real browser: an office with six weeks behind it, on a Monday at eight. */

const portrait = [{ width: 1080, height: 1920 }]
const minute = 60_000
const day = [
  { from: 480, until: 720 },
  { from: 780, until: 930 },
]
const workdays: Week = [[], day, day, day, day, day, []]

let place: BrowserOffice
let office: ReturnType<BrowserOffice['office']>
let box: TestBox
let open: BrowserOffice['open']

beforeAll(async () => {
  place = await openBrowserOffice()
  office = place.office()
  box = place.box
  open = place.open
  box.office.changeHours({ service: null, week: workdays, actor: office.technician, key: null })
  for (let week = 0; week < 6; week++) {
    for (let hour = 0; hour < 7; hour++) {
      serve(hour === 4 ? 0 : 3 + Math.abs(3 - hour) * 9)
      box.time.advance(60 * minute)
    }
    box.time.advance((7 * 24 - 7) * 60 * minute)
    box.time.setWall(box.time.wall() - (box.time.wall() % (60 * minute)))
  }
  box.lookAtDay()
}, 60_000)
afterAll(() => place?.close())
afterEach(() => {
  expect(place.faults.splice(0)).toEqual([])
})

/** One visitor, who waits so long and is served in ten minutes. */
function serve(waitMinutes: number): void {
  const [service] = office.services
  const [counter] = office.counters
  const [clerk] = office.clerks
  const { ticket } = box.queue.takeTicket({ service, actor: 'kiosk:1', key: null, hours: 'waived' })
  box.office.sit({ counter, ...by(clerk) })
  box.time.advance(waitMinutes * minute)
  box.queue.callNext({ counter, ...by(clerk) })
  box.queue.start({ ticket, ...by(clerk) })
  box.time.advance(10 * minute)
  box.queue.complete({ ticket, result: 'done', ...by(clerk) })
  box.time.advance(-(waitMinutes + 10) * minute)
}

test('a phone books a time, a kiosk takes its number by the code, and the desk sees who was promised what', async () => {
  const phone = await open('/book')
  await shows(phone, 'Untuk layanan apa?')
  await phone.getByRole('button', { name: /KTP/ }).click()
  await shows(phone, 'Datang pukul berapa?')
  await phone.getByRole('button', { name: /^08\.30/ }).click()
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'book')
  await phone.getByRole('button', { name: /^Pesan .*08\.30/ }).click()
  await shows(phone, 'Kode janji')
  expect(await findViolations(phone)).toEqual([])
  await takePictures(phone, 'book-booked')
  const [booking] = box.bookings.bookingsOf(box.queue.day() ?? '')
  expect(booking).toMatchObject({ state: 'open', from: 510 })

  const [kiosk, desk] = await Promise.all([open('/kiosk'), open('/desk')])
  await kiosk.getByRole('button', { name: 'Sudah punya janji temu?' }).click()
  await shows(kiosk, 'Ketik kode janji Anda')
  await takePictures(kiosk, 'kiosk-code', portrait)
  expect(await findViolations(kiosk)).toEqual([])
  await kiosk.keyboard.type(booking?.code ?? '')
  await shows(kiosk, 'Nomor Anda')
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await shows(desk, 'janji 08.30')
  await desk.getByRole('tab', { name: /Janji/ }).click()
  await shows(desk, 'sudah datang')
  await takePictures(desk, 'desk-bookings')
  expect(await findViolations(desk)).toEqual([])
  await phone.reload()
  await shows(phone, 'Lihat nomor antrean Anda')
}, 120_000)

test('a phone gives its booking back with two touches, and two open ones are enough', async () => {
  const phone = await open('/book')
  for (const time of [/^09\.00/, /^09\.30/]) {
    await phone.goto(`${place.url}/book`)
    await phone.getByRole('button', { name: /Akta/ }).click()
    await phone.getByRole('button', { name: time }).click()
    await phone.getByRole('button', { name: /^Pesan/ }).click()
    await shows(phone, 'Kode janji')
  }
  const mine = phone.url()
  await phone.goto(`${place.url}/book`)
  await shows(phone, 'Janji temu Anda')
  await phone.getByRole('button', { name: /Akta/ }).click()
  await phone.getByRole('button', { name: /^10\.00/ }).click()
  await phone.getByRole('button', { name: /^Pesan/ }).click()
  await shows(phone, 'Ponsel ini sudah punya dua janji.')
  await takePictures(phone, 'book-refused')
  await phone.goto(mine)
  await phone.getByRole('button', { name: 'Batalkan janji' }).click()
  await phone.getByRole('button', { name: /sekali lagi/ }).click()
  await shows(phone, 'Janji ini sudah dibatalkan.')
}, 120_000)

test('a kiosk shows when it is quiet, and the hours in the settings close it at once', async () => {
  const [kiosk, display, admin] = await Promise.all([open('/kiosk'), open('/display'), open('/admin')])
  await kiosk.getByRole('button', { name: 'Kapan sepi?' }).click()
  await shows(kiosk, 'paling sepi')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-quiet-hours', portrait)
  await kiosk.getByRole('button', { name: /Kembali/ }).click()

  await logIn(admin, 'Teknisi')
  await admin.getByRole('button', { name: 'Jam dan libur' }).click()
  await takePictures(admin, 'admin-hours')
  expect(await findViolations(admin)).toEqual([])
  await admin.getByRole('button', { name: 'Tambah hari libur' }).click()
  await admin.getByLabel('Tanggal', { exact: true }).fill('4 Jan 2027')
  await admin.getByLabel('Nama hari libur').fill('Cuti bersama')
  await admin.getByRole('button', { name: 'Tambah hari libur' }).click()
  await admin.getByLabel('Tanggal', { exact: true }).last().fill('31-6-2027')
  await admin.getByLabel('Nama hari libur').last().fill('Bukan hari')
  await shows(admin, 'Tanggal itu tidak ada di kalender')
  expect(await findViolations(admin)).toEqual([])
  await takePictures(admin, 'admin-holidays', [{ width: 360, height: 800 }])
  await admin.getByRole('button', { name: 'Hapus Bukan hari' }).click()
  await admin.locator('form.holidays').getByRole('button', { name: 'Simpan' }).click()
  await shows(admin, 'Tersimpan')
  for (const { ticket } of box.queue.openTickets())
    box.queue.cancel({ ticket, reason: 'voided', why: 'left', actor: office.technician, key: null })
  await shows(kiosk, 'Buka lagi Selasa 08.00')
  await shows(display, 'Layanan sedang tutup')
  await takePictures(kiosk, 'kiosk-closed', portrait)
  await takePictures(display, 'display-closed', portrait)
  await admin.getByRole('button', { name: 'Janji temu', exact: true }).click()
  await takePictures(admin, 'admin-bookings')
  await admin.getByRole('button', { name: 'Hapus Cuti bersama' }).waitFor({ state: 'hidden' })
  box.office.changeHolidays({ holidays: [], actor: office.technician, key: null })
  await shows(kiosk, 'Tidak ada antrean')
}, 120_000)

test('a phone that asked is told when three are ahead; a chosen number needs a reason', async () => {
  const [service] = office.services
  const take = () => box.queue.takeTicket({ service, actor: 'kiosk:1', key: null })
  for (let i = 0; i < 5; i++) take()
  const { ticket, label } = take()
  const [phone, desk] = await Promise.all([open(`/t/${ticket}`), open('/desk')])
  await phone.getByRole('button', { name: 'Beri tahu saat tinggal 3 orang' }).click()
  await shows(phone, /Biarkan halaman ini terbuka/)
  await takePictures(phone, 'phone-telling')
  await logIn(desk, 'Petugas 1')
  const work = desk.locator('button.main:enabled')
  await work.waitFor()
  const [first, second] = box.queue.openTickets()
  for (const one of [first, second])
    box.queue.cancel({ ticket: one?.ticket ?? '', reason: 'voided', why: 'left', actor: office.technician, key: null })
  await shows(phone, /Tinggal 3 orang lagi/)
  await takePictures(phone, 'phone-nearly')
  expect(await findViolations(phone)).toEqual([])
  await work.waitFor()
  await desk.keyboard.press('/')
  await shows(desk, 'Panggil nomor berapa?')
  await desk.keyboard.type(label)
  await desk.keyboard.press('Enter')
  await shows(desk, `Mengapa ${label} didahulukan?`)
  await takePictures(desk, 'desk-call-reason')
  await desk.keyboard.press('2')
  await desk.locator('article[data-state=called]').waitFor()
  const called = box.store.db
    .prepare<[], string>(`SELECT data FROM entry WHERE type = 'queue.ticket-called' ORDER BY row DESC LIMIT 1`)
    .pluck()
    .get()
  expect(JSON.parse(called ?? '{}')).toMatchObject({ ticket, reason: 'urgent' })
}, 120_000)
