import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boxHealth } from '../../testing/box-health.ts'
import { findViolations, findViolationsInDark, openBrowser, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { answerAs, faultsOf, untilAway, walkPage } from '../../testing/page-walk.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* From the list of villages to one of them, and back to what was seen. */

let place: Awaited<ReturnType<typeof openTestConsole>>
let browser: Browser
const faults: string[] = []
const [sarongan, kandangan] = ['3510012001', '3510012002']

beforeAll(async () => {
  place = await openTestConsole({
    villages: [
      '35.10.01.2001,desa,Sarongan,35.10.01,Pesanggaran,Bu Sri,+62 812 3456 7890,,',
      '35.10.01.2002,desa,Kandangan,35.10.01,Pesanggaran,,,,',
      '35.10.02.2001,desa,Siliragung,35.10.02,Siliragung,,,,',
    ],
    columns: 'code,kind,name,district_code,district,contact,phone,technician,technician_phone',
  })
  const { database } = place
  const alarms = [{ code: 'disk.scarce', since: Date.now() - 7_200_000, severity: 'action', details: { free: 210 } }]
  for (const [village, state, health] of [
    [sarongan, 'connected', { ...boxHealth(), alarms }],
    [kandangan, 'connected', { ...boxHealth(), alarms: [{ code: '=cmd()', since: 1, severity: 'warning' }] }],
  ] as const)
    await database.query(
      `INSERT INTO contact (village, state, since, seen_at, health, health_at, version) VALUES ($1, $2, now(), now(), $3, now(), '0.3.0')`,
      [village, state, JSON.stringify(health)],
    )
  await database.query(
    `INSERT INTO health_minute SELECT v, date_trunc('minute', now()) - n * interval '1 minute', 1, 4, 9, 2, 9100, 51, false
     FROM generate_series(0, 600) AS s (n), unnest(ARRAY[$1, '']) AS x (v)`,
    [sarongan],
  )
  await place.add('operator', 'Rina')
  await place.add('administrator', 'Sari')
  await place.hub.alarms.look()
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await place.close()
})

test('figures lead to the villages behind them, a row opens its village, and what is seen can be saved', async () => {
  const page = await openConsolePage(browser, place, 'Rina', { faults })
  const names = () => page.locator('.villages .name b').allTextContents()
  await page.getByRole('link', { name: 'Sarongan' }).waitFor()
  await expect.poll(names).toEqual(['Sarongan', 'Kandangan', 'Siliragung'])

  await page.getByRole('link', { name: /Perlu tindakan/ }).click()
  await expect.poll(names).toEqual(['Sarongan'])
  expect(page.url()).toMatch(/#\/villages\?standing=action$/)
  await page.getByRole('cell', { name: /sisa 210 MB/ }).click()
  await shows(page, 'Penyimpanan hampir habis: sisa 210 MB')
  await shows(page, /Cadangan lama dihapus/)
  await page.getByRole('link', { name: '+62 812 3456 7890' }).waitFor()
  await page.getByRole('img', { name: 'Orang menunggu: 4' }).waitFor()
  await page.getByRole('img', { name: 'Sambungan: Terhubung' }).waitFor()

  await page.getByRole('button', { name: 'Tulis catatan' }).click()
  await page.getByLabel('Catatan desa').fill('Kunci di Pak RT')
  await page.getByRole('button', { name: 'Simpan', exact: true }).click()
  await shows(page, /Kunci di Pak RT/)
  await page.getByRole('button', { name: 'Saya kerjakan' }).click()
  await page.getByLabel('Catatan Anda').fill('Kartu dipesan')
  await page.getByLabel('Siapa yang memperbaiki').fill('Pak Budi')
  await page.getByLabel('Perlu tindakan lagi setelah').selectOption('24')
  await page.getByRole('button', { name: 'Simpan', exact: true }).click()
  await shows(page, /Rina mengerjakan ini/)
  await shows(page, /Dikerjakan Pak Budi · sampai/)
  await page.getByText('Dikerjakan · sejak').waitFor()

  await page.getByRole('button', { name: 'Rencanakan pekerjaan' }).click()
  await page.getByLabel('Pekerjaan apa').fill('Ganti kabel')
  await page.getByLabel('Di mana').selectOption('351001')
  await page.getByRole('button', { name: 'Simpan', exact: true }).click()
  await page.getByText('Pekerjaan terencana · sejak').waitFor()
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'hub-village-worked-on')
  expect(await findViolationsInDark(page, 'hub-village-worked-on')).toEqual([])
  await page.getByRole('button', { name: 'Akhiri' }).click()
  await page.getByText('Dikerjakan · sejak').waitFor()
  await page.getByRole('button', { name: 'Lepaskan' }).click()
  await page.getByText('Perlu tindakan · sejak').waitFor()

  await page.getByRole('button', { name: '90 hari' }).click()
  // Of hours the hub knows none, or by now those that it has made of the minutes above: then without its own.
  await page.getByRole('img', { name: 'Sambungan: –' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'hub-village')
  expect(await findViolationsInDark(page, 'hub-village')).toEqual([])

  // The way back is to what was seen, and a link shows another the same.
  await page.goBack()
  await page.waitForFunction(`location.hash === '#/villages?standing=action'`)
  await expect.poll(names).toEqual(['Sarongan'])
  await page.reload()
  await page.getByRole('link', { name: 'Sarongan' }).waitFor()
  await expect.poll(names).toEqual(['Sarongan'])
  await page.getByRole('link', { name: 'Lihat semua' }).click()
  await page.getByLabel('Kecamatan', { exact: true }).selectOption('Siliragung')
  await expect.poll(names).toEqual(['Siliragung'])

  await page.getByRole('link', { name: 'Lihat semua' }).click()
  await page.getByRole('link', { name: 'Per kecamatan' }).click()
  await page.getByRole('link', { name: /Pesanggaran.*2 kantor.*1 perlu tindakan, 1 peringatan/ }).click()
  await expect.poll(names).toEqual(['Sarongan', 'Kandangan'])
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Simpan CSV' }).click()
  const lines = readFileSync(await (await saved).path(), 'utf8').split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/^35\.10\.01\.2001;Sarongan;Pesanggaran;Perlu tindakan;.*sisa 210 MB$/)
  expect(lines[2]).toContain(`;'=cmd()`)
  expect(faults).toEqual([])
}, 120_000)

test('a wall screen shows the list, and no button on it does anything but end it', async () => {
  const page = await openConsolePage(browser, place, 'Rina', { faults })
  await page.getByRole('link', { name: 'Sarongan' }).waitFor()
  await page.getByRole('button', { name: 'Rina' }).click()
  await page.getByRole('button', { name: 'Jadikan layar dinding' }).click()
  await page.getByRole('button', { name: 'Akhiri layar dinding' }).waitFor()
  await shows(page, /sisa 210 MB/)
  await page.reload()
  await shows(page, /sisa 210 MB/)
  const buttons = await page.getByRole('button').allTextContents()
  const columns = [
    'Keadaan',
    'Desa',
    'Kecamatan',
    'Menunggu',
    'Tiket',
    'Dilayani',
    'Belum terkirim',
    'Terakhir terlihat',
  ]
  expect(buttons).toEqual(['Desa', 'Akhiri layar dinding', ...columns])
  expect(await page.locator('.villages a').count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'hub-wall')
  expect(await findViolationsInDark(page, 'hub-wall')).toEqual([])
  await page.getByRole('button', { name: 'Akhiri layar dinding' }).click()
  await shows(page, 'Masuk ke konsol kabupaten')
  expect(faults).toEqual([])
}, 60_000)

test('in every window and state, no part of the console is cut, covered or too small, and what one comes for is in sight', async () => {
  const page = await openConsolePage(browser, place, 'Sari', { faults })
  const of = { name: '/hub', parts: '.top nav button' }
  await page.getByRole('link', { name: 'Sarongan' }).waitFor()
  const found = await walkPage(page, { ...of, state: 'full' })
  await page.evaluate(`location.hash = '#/village/${sarongan}'`)
  await shows(page, 'Bu Sri')
  found.push(...(await faultsOf(page, { name: 'a village', state: 'full' })))
  await page.evaluate(`location.hash = '#/villages'`)
  for (const state of ['late', 'broken'] as const) {
    await answerAs(page, state)
    if (state === 'broken') await untilAway(page)
    found.push(...(await walkPage(page, { ...of, state })))
  }
  await page.context().unrouteAll()
  await page.evaluate(`location.hash = '#/villages'`)
  await page.reload()
  await page.getByRole('link', { name: 'Sarongan' }).waitFor()
  await page.context().setOffline(true)
  await untilAway(page)
  found.push(...(await walkPage(page, { ...of, state: 'cut' })))
  await page.context().setOffline(false)
  await page.goto(`${place.url}/agency`)
  await shows(page, 'Masuk untuk instansi')
  found.push(...(await faultsOf(page, { name: '/agency', state: 'full' })))
  expect(found).toEqual([])
  await page.context().close()
}, 120_000)

test('the same of a console that knows of nothing yet', async () => {
  const empty = await openTestConsole()
  await empty.add('administrator', 'Sari')
  const page = await openConsolePage(browser, empty, 'Sari', { faults })
  await page.locator('.top nav button').first().waitFor()
  expect(await walkPage(page, { name: '/hub', state: 'empty', parts: '.top nav button' })).toEqual([])
  await page.context().close()
  await empty.close()
}, 120_000)
