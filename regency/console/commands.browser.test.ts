import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, findViolationsInDark, openBrowser, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { until } from '../../testing/hub-parts.ts'
import { freePort, startMosquitto } from '../../testing/servers.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* A message from the console to the desk and back, through a real broker: whoever reads it takes it from every desk. */

let broker: Awaited<ReturnType<typeof startMosquitto>>
let place: Awaited<ReturnType<typeof openTestConsole>>
let office: BrowserOffice
let browser: Browser
const faults: string[] = []

beforeAll(async () => {
  broker = await startMosquitto()
  place = await openTestConsole({ config: { mqtt: { url: broker.url, client_id: 'hub' } } })
  await place.add('administrator', 'Rina')
  await place.add('operator', 'Dewi')
  browser = await openBrowser()
  office = await openBrowserOffice({
    browser,
    box: {
      village: '3510012001',
      name: 'Desa Sarongan',
      hubKey: place.hub.publicKey,
      mqtt: { url: broker.url, keepalive_s: 30 },
    },
  })
  await until(() => office.box.relay.view().sentAsOf !== null)
}, 60_000)
afterAll(async () => {
  await office?.close()
  await place?.close()
  await broker?.stop()
})

const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
]

/** The console's part "Perintah", in a browser of its own. */
async function openCommands(name: string): Promise<Page> {
  const page = await openConsolePage(browser, place, name, { faults })
  await page.getByRole('button', { name: 'Perintah', exact: true }).click()
  return page
}

test('an operator writes to all offices; the desk shows it until somebody has read it, and the console says so', async () => {
  const dewi = await openCommands('Dewi')
  await shows(dewi, 'Belum pernah ada perintah.')
  await dewi.getByRole('button', { name: 'Perintah baru' }).click()
  expect(await dewi.getByLabel('Apa', { exact: true }).locator('option').allTextContents()).toEqual([
    'Pesan',
    'Kabari keadaan',
    'Periksa perangkat Balai',
    'Cadangkan',
  ])
  expect(await dewi.getByLabel('Dari', { exact: true }).inputValue()).toBe('Dewi')
  await dewi.getByRole('button', { name: 'Kirim' }).click()
  await shows(dewi, 'Isian ini kosong, terlalu panjang, atau di luar batasnya.')
  const text = 'Mulai Senin pelayanan KTP pindah ke loket 2.\nMohon beri tahu warga yang antre.'
  await dewi.getByLabel('Isi pesan').fill(text)
  expect(await findViolations(dewi)).toEqual([])
  await takePictures(dewi, 'hub-command-form', sizes)
  expect(await findViolationsInDark(dewi, 'hub-command-form', sizes)).toEqual([])
  await dewi.getByRole('button', { name: 'Kirim' }).click()
  await shows(dewi, /^2 kantor: 2 belum dijawab$/)

  const [desk, other] = [await office.open('/desk'), await office.open('/desk')]
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await logIn(other, 'Petugas 2')
  await place.hub.lookAtCommands()
  for (const page of [desk, other]) await shows(page, 'Pesan dari Dewi')
  await desk.getByText('Panggil berikutnya').first().waitFor()
  expect(await findViolations(desk)).toEqual([])
  await takePictures(desk, 'desk-message', sizes)
  await takePictures(other, 'desk-message-seat', sizes)
  await shows(dewi, /^2 kantor: 1 belum dijawab · 1 selesai · dibaca di 0$/)
  await dewi.getByRole('button', { name: /^Per desa/ }).click()
  await shows(dewi, /belum dibaca siapa pun/)

  await desk.getByRole('button', { name: 'Sudah dibaca' }).click()
  for (const page of [desk, other]) await page.getByText('Pesan dari Dewi').waitFor({ state: 'detached' })
  await shows(dewi, /dibaca di 1$/)
  await shows(dewi, /selesai · dibaca \d/)
  expect(await findViolations(dewi)).toEqual([])
  await dewi.context().close()
}, 60_000)

test('an administrator moves a village to another broker, which its box tries and does not keep', async () => {
  const rina = await openCommands('Rina')
  await rina.getByRole('button', { name: 'Perintah baru' }).click()
  await rina.getByLabel('Apa', { exact: true }).selectOption('Pindah broker')
  await rina.getByLabel('Alamat broker').fill('8883')
  await rina.getByLabel('Kepada').selectOption('Sarongan, Pesanggaran')
  await rina.getByRole('button', { name: 'Kirim' }).click()
  await shows(rina, 'Isian ini kosong, terlalu panjang, atau di luar batasnya.')
  const nowhere = `mqtt://127.0.0.1:${await freePort()}`
  await rina.getByLabel('Alamat broker').fill(nowhere)
  expect(await findViolations(rina)).toEqual([])
  await takePictures(rina, 'hub-command-move-broker', sizes)
  await rina.getByRole('button', { name: 'Kirim' }).click()
  await shows(rina, /^1 kantor: 1 belum dijawab$/)
  await place.hub.lookAtCommands()
  await shows(rina, /^1 kantor: 1 gagal$/)
  await rina.getByRole('button', { name: `Per desa: Pindah broker: ${nowhere}` }).click()
  await shows(rina, /gagal: alamat baru tidak terjangkau; tetap di alamat lama/)
  await rina.context().close()
}, 60_000)

test('an administrator changes a setting of one village and reads in the audit that it was sent', async () => {
  const rina = await openCommands('Rina')
  await rina.getByRole('button', { name: 'Perintah baru' }).click()
  await rina.getByLabel('Apa', { exact: true }).selectOption('Ubah pengaturan')
  await rina.getByLabel('Pengaturan', { exact: true }).selectOption('Bagian pemesanan untuk ponsel, persen')
  await rina.getByLabel('Nilai', { exact: true }).fill('35')
  await rina.getByLabel('Kepada').selectOption('Sarongan, Pesanggaran')
  await rina.getByRole('button', { name: 'Kirim' }).click()
  await shows(rina, /^1 kantor: 1 belum dijawab$/)
  await place.hub.lookAtCommands()
  await shows(rina, /^1 kantor: 1 selesai$/)
  expect(office.box.office.settings().phonePercent).toBe(35)
  await rina.getByRole('button', { name: /^Per desa: Bagian/ }).click()
  await takePictures(rina, 'hub-commands', sizes)
  expect(await findViolationsInDark(rina, 'hub-commands', sizes)).toEqual([])
  await rina.getByRole('button', { name: 'Catatan tindakan' }).click()
  await shows(rina, 'Memberi perintah “Ubah pengaturan” kepada 1 kantor')
  await rina.context().close()
  expect([...faults, ...office.faults]).toEqual([])
}, 60_000)
