import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'

/* What the regency publishes, as people of an office and its visitors meet it. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice({ box: { hubKey: regencyKey } })
}, 60_000)
afterAll(() => place?.close())
afterEach(() => {
  expect(place.faults.splice(0)).toEqual([])
})

const goTo = (admin: Page, part: string) => admin.getByRole('navigation').getByRole('button', { name: part }).click()

const sizes = [
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
]
const capil = { code: 'capil', name: 'Dinas Kependudukan dan Pencatatan Sipil' }
const kia = {
  ...{ code: 'kia', name: 'Kartu Identitas Anak', requires: ['Akta kelahiran', 'KK orang tua'], minutes: 12 },
  ...{ fee: 0, result: 'KIA', agency: 'capil' },
}
const skck = { code: 'skck', name: 'Surat pengantar SKCK', requires: ['KTP'], minutes: 8, fee: 30_000 }

test('a service of the regency is offered with one form, and kiosk and phone say what it costs and of when that is', async () => {
  const { box, open } = place
  giveDataset(box, 'agencies', { agencies: [capil] })
  giveDataset(box, 'services', { services: [kia, skck] })
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await goTo(admin, 'Layanan')
  await shows(admin, 'Layanan dari kabupaten')
  await takePictures(admin, 'admin-regency', sizes)
  await admin.getByRole('button', { name: 'Buka di sini: Kartu Identitas Anak' }).click()
  await admin.getByLabel('Huruf').fill('c')
  await admin.keyboard.press('Enter')
  await expect.poll(() => box.office.services().find(({ code }) => code === 'kia')?.prefix).toBe('C')
  await shows(admin, /Gratis · hasil: KIA · Dinas Kependudukan dan Pencatatan Sipil · menurut kabupaten, 12 Nov 2026/)

  const kiosk = await open('/kiosk')
  await shows(kiosk, /Gratis · Bawa: Akta kelahiran, KK orang tua · menurut kabupaten, 12 Nov/)
  await takePictures(kiosk, 'kiosk-regency', [...sizes, { width: 1080, height: 1920 }])
  await kiosk.getByRole('button', { name: /Kartu Identitas Anak/ }).click()
  await shows(kiosk, 'C001')
  await shows(kiosk, /hasil: KIA/)
  await takePictures(kiosk, 'kiosk-regency-ticket', sizes)
  const [ticket] = box.queue.openTickets()
  const phone = await open(`/t/${ticket?.ticket}`)
  await shows(phone, /Gratis · hasil: KIA · Dinas/)
  await takePictures(phone, 'phone-regency', sizes)
  for (const page of [admin, kiosk, phone]) expect(await findViolations(page)).toEqual([])
}, 90_000)

test('a conflict is shown to whoever sees to services, is settled with one press, and the version before comes back with one', async () => {
  const { box, open } = place
  const row = () => {
    const found = box.office.services().find(({ code }) => code === 'kia')
    if (!found) throw new Error('KIA is not offered here.')
    return found
  }
  const { service, name, minutes } = row()
  box.office.changeService({
    service,
    name,
    minutes,
    requires: ['Akta kelahiran', 'pasfoto 2x3'],
    actor: 'box',
    key: null,
  })
  giveDataset(box, 'services', { services: [{ ...kia, requires: ['Akta kelahiran', 'KK'] }, skck] }, { version: 2 })
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await goTo(admin, 'Layanan')
  await shows(admin, 'Kabupaten mengubah ini, dan kantor ini punya isian sendiri:')
  await shows(admin, 'Syarat: Akta kelahiran, KK')
  await takePictures(admin, 'admin-regency-conflict', sizes)
  expect(await findViolations(admin)).toEqual([])
  await admin.getByRole('button', { name: 'Tetap isian kami' }).click()
  await admin.getByText('Kabupaten mengubah ini').waitFor({ state: 'detached' })
  expect(row().requires).toEqual(['Akta kelahiran', 'pasfoto 2x3'])

  await shows(admin, 'versi 2, 12 Nov 2026')
  await admin.getByRole('button', { name: 'Kembali ke versi sebelumnya: Layanan' }).click()
  await shows(admin, 'versi 1, 12 Nov 2026')
  expect(box.datasets.view().find(({ dataset }) => dataset === 'services')?.current).toBe(1)
}, 90_000)

test('the hours that the regency proposes are taken into the form, and a holiday of it is waived with one press', async () => {
  const { box, open } = place
  const day = [{ from: 480, until: 900 }]
  giveDataset(box, 'hours', { week: [[], day, day, day, day, day, []] })
  giveDataset(box, 'holidays', { holidays: [{ day: '2026-12-25', name: 'Hari Raya Natal' }] })
  const admin = await open('/admin')
  await logIn(admin, 'Teknisi')
  await goTo(admin, 'Jam dan libur')
  await shows(admin, 'Hari libur dari kabupaten')
  await admin.getByRole('button', { name: 'Pakai jam dari kabupaten' }).click()
  await takePictures(admin, 'admin-regency-hours', sizes)
  await admin.getByLabel(/Hari Raya Natal/).uncheck()
  await expect.poll(() => box.office.regencyHolidays()[0]?.waived).toBe(true)
  expect(await findViolations(admin)).toEqual([])
}, 90_000)
