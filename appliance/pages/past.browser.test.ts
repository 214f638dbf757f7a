import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { type HubAndBoxes, hubPublicKey, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { noteVisitor, visitorsRoom } from '../../testing/visitors-room.ts'
import { wordsOf } from '../backup/words.ts'

/* A box that takes the place of another one: its past comes back from the regency, and a technician opens it by the words. */

const village = '3510012001'
const visits = 12
let regency: HubAndBoxes
let place: BrowserOffice
let words: string[]
let reopened = false

beforeAll(async () => {
  regency = await openHubAndBoxes('past', [village])
  await regency.openReadyHub()
  const before = await regency.openOffice(village, { moreRooms: [visitorsRoom] })
  for (let i = 0; i < visits; i++) await noteVisitor(before, { name: `Siti ${i}`, nik: '3510124203900001' })
  await until(() => before.relay.view().waiting === 0 && before.relay.view().sentAsOf !== null)
  words = await wordsOf(JSON.parse(readFileSync(join(before.folder, 'recovery.json'), 'utf8')).key)
  await before.close()
  await regency.freeVillage(village)
  place = await openBrowserOffice({
    box: {
      ...{ village, hubKey: hubPublicKey, moreRooms: [visitorsRoom], hardware: { serial: 'new', card: 'new' } },
      mqtt: { url: regency.broker.url, keepalive_s: 30 },
      onNewFile: () => {
        reopened = true
      },
    },
  })
}, 60_000)
afterAll(async () => {
  await place?.close()
  await regency.closeOpened()
  await regency.close()
})

const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
]

test('the technician page asks for the words, says which one is wrong and loses none of them, and opens what came', async () => {
  const { box, open } = place
  await until(() => box.journal.countClosed() === visits)
  const page = await open('/technician')
  await logIn(page, 'Teknisi')
  await shows(page, `${visits} data pribadi sudah kembali dari kabupaten dan masih tersegel`)
  await page.getByLabel('24 kata, atau kunci dari kode QR').scrollIntoViewIfNeeded()
  await takePictures(page, 'technician-past', sizes)

  const typed = page.getByLabel('24 kata, atau kunci dari kode QR')
  const send = page.getByRole('button', { name: 'Buka', exact: true })
  const wrong = words.with(6, 'kelurahan').join(' ')
  await typed.fill(wrong)
  await send.click()
  await shows(page, /Kata ke-7, “kelurahan”, tidak ada di daftar/)
  expect(await typed.inputValue()).toBe(wrong)
  await takePictures(page, 'technician-past-wrong', sizes)
  await typed.fill(words.slice(0, 23).join(' '))
  await send.click()
  await shows(page, 'Ini 23 kata; di lembar ada 24.')
  expect(await findViolations(page)).toEqual([])

  await typed.fill(words.join(' '))
  await send.click()
  await shows(page, `${visits} data pribadi terbuka.`)
  await takePictures(page, 'technician-past-done', sizes)
  expect(box.journal.countClosed()).toBe(0)
  expect(reopened).toBe(true)
  expect(await findViolations(page)).toEqual([])
  expect(place.faults).toEqual([])
}, 120_000)
