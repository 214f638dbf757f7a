import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, findViolationsInDark, openBrowser, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { until } from '../../testing/hub-parts.ts'
import { startMosquitto } from '../../testing/servers.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* A proposal of a village at the console, and its answer back to the village, through a real broker. */

let broker: Awaited<ReturnType<typeof startMosquitto>>
let place: Awaited<ReturnType<typeof openTestConsole>>
let office: BrowserOffice
let browser: Browser
const faults: string[] = []

beforeAll(async () => {
  broker = await startMosquitto()
  place = await openTestConsole({ config: { mqtt: { url: broker.url, client_id: 'hub' } } })
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
}, 60_000)
afterAll(async () => {
  await office?.close()
  await place?.close()
  await broker?.stop()
})

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
]
const person = { name: 'SITI AMINAH', nik: '3510014107800001', sex: 2, birthDate: '1980-07-01' }

test('an operator sees what a village proposes and not of whom, answers, and the village has the answer', async () => {
  const dewi = await openConsolePage(browser, place, 'Dewi', { faults })
  await dewi.getByRole('button', { name: 'Usulan', exact: true }).click()
  await shows(dewi, 'Tidak ada usulan yang menunggu jawaban.')
  await takePictures(dewi, 'hub-proposals-none', sizes)

  const { box } = office
  const clerk = box.people.accounts().find(({ role }) => role === 'clerk')?.account ?? ''
  await bringResidents(box, residentSheet([person]), { actor: 'secretary-000' })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  const make = (kind: 'died' | 'married', papers: string[]) =>
    box.proposals.make({
      ...{ kind, resident, on: '2026-11-20', fields: {}, place: 'RSUD Blambangan', other: 'JOKO SUSILO' },
      ...{ note: 'Dilaporkan anaknya', papers, instead: null, actor: clerk, key: null },
    })
  await make('died', ['death-letter'])
  await make('married', ['marriage-book'])
  await shows(dewi, /^Kematian · /)
  await shows(dewi, 'balai hub open 3510012001 --key sealing.key --type proposals.made')
  const seen = await dewi.content()
  for (const planted of ['SITI', '3510014107800001', 'Blambangan', 'JOKO', 'anaknya'])
    expect(seen).not.toContain(planted)
  expect(await findViolations(dewi)).toEqual([])
  await takePictures(dewi, 'hub-proposals', sizes)

  await dewi.getByRole('button', { name: /^Jawab: Kematian/ }).click()
  await dewi.getByLabel('Jawaban', { exact: true }).selectOption('Berkas kurang')
  await shows(dewi, 'Kantor diminta mengajukan lagi dengan berkas yang lengkap.')
  await dewi.getByLabel('Keterangan untuk kantor').fill('NIK 3510014107800001 tidak cocok')
  await dewi.getByRole('button', { name: 'Kirim jawaban' }).click()
  await shows(dewi, /ada angka panjang seperti NIK/)
  await dewi.getByLabel('Keterangan untuk kantor').fill('Surat kematian tidak terbaca.')
  expect(await findViolations(dewi)).toEqual([])
  await takePictures(dewi, 'hub-proposal-answer', sizes)
  expect(await findViolationsInDark(dewi, 'hub-proposal-answer', sizes)).toEqual([])
  await dewi.getByRole('button', { name: 'Kirim jawaban' }).click()
  await shows(dewi, 'jawaban sedang dikirim: Berkas kurang')

  await place.hub.lookAtCommands()
  await until(() => box.proposals.view(null).proposals.some(({ state }) => state === 'papers'))
  await dewi.getByText(/^Kematian · /).waitFor({ state: 'detached' })
  await dewi.getByLabel('Usulan mana').selectOption('Semua usulan')
  await shows(dewi, /^Kematian · /)
  await shows(dewi, 'berkas kurang')
  expect(await findViolations(dewi)).toEqual([])
  await takePictures(dewi, 'hub-proposals-all', sizes)

  await dewi.getByRole('button', { name: 'Perintah', exact: true }).click()
  await shows(dewi, /^Jawaban usulan: Berkas kurang/)
  await dewi.context().close()
  expect([...faults, ...office.faults]).toEqual([])
}, 60_000)
