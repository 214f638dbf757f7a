import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, openBrowser, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { makeTestFolder } from '../../testing/hub-parts.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* A technician's laptop carries what the office has to say, and the receipt back: by the pages of both ends. */

let place: Awaited<ReturnType<typeof openTestConsole>>
let office: BrowserOffice
let browser: Browser
const { folder, remove } = makeTestFolder('carried')
const faults: string[] = []

beforeAll(async () => {
  place = await openTestConsole()
  await place.add('operator', 'Dewi')
  browser = await openBrowser()
  office = await openBrowserOffice({
    browser,
    box: {
      village: '3510012001',
      name: 'Desa Sarongan',
      hubKey: place.hub.publicKey,
      // A line that is never there.
      mqtt: { url: 'mqtt://127.0.0.1:1', keepalive_s: 30 },
    },
  })
}, 60_000)
afterAll(async () => {
  await office?.close()
  await place?.close()
  remove()
})

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
]

test('what a technician downloads at the office an operator brings to the console, and the receipt empties what waits', async () => {
  const technician = await office.open('/technician')
  await logIn(technician, 'Teknisi')
  await technician.getByText('Kirim lewat stik').click()
  await shows(technician, 'Tidak ada stik di perangkat Balai.')
  const downloading = technician.waitForEvent('download')
  await technician.getByRole('link', { name: 'Unduh berkas ke perangkat ini' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^kirim-3510012001-.*\.balai$/)
  const carried = join(folder, download.suggestedFilename())
  await download.saveAs(carried)
  await shows(technician, 'Bawa ke kabupaten')
  await takePictures(technician, 'technician-stick', sizes)
  expect(await findViolations(technician)).toEqual([])

  const dewi = await openConsolePage(browser, place, 'Dewi', { faults })
  await dewi.getByRole('button', { name: 'Stik', exact: true }).click()
  const chooser = dewi.getByLabel('Pilih berkas dari stik')
  await chooser.setInputFiles(carried)
  await shows(dewi, 'catatan baru masuk.')
  await chooser.setInputFiles(carried)
  await shows(dewi, 'tidak ada yang masuk dua kali')
  await chooser.setInputFiles({
    name: 'foto.balai',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('bukan berkas Balai'),
  })
  await shows(dewi, 'Berkas itu bukan tulisan perangkat Balai')
  await chooser.setInputFiles({
    name: 'terpotong.balai',
    mimeType: 'application/octet-stream',
    buffer: readFileSync(carried).subarray(0, -50),
  })
  await shows(dewi, 'Berkas terpotong')
  await takePictures(dewi, 'hub-sticks', sizes)
  expect(await findViolations(dewi)).toEqual([])
  const receiving = dewi.waitForEvent('download')
  await dewi.getByRole('button', { name: 'Simpan tanda terima' }).first().click()
  const receipt = join(folder, (await receiving).suggestedFilename())
  await (await receiving).saveAs(receipt)

  const receiptField = technician.getByLabel('Pilih berkas tanda terima')
  await receiptField.setInputFiles(carried)
  await technician.getByRole('button', { name: 'Masukkan tanda terima' }).click()
  await shows(technician, 'Berkas itu bukan tanda terima dari kabupaten.')
  await receiptField.setInputFiles(receipt)
  await technician.getByRole('button', { name: 'Masukkan tanda terima' }).click()
  await shows(technician, 'catatan sudah diterima kabupaten')
  expect(office.box.stick.view().waiting).toBeLessThan(3)
  expect(faults).toEqual([])
}, 90_000)
