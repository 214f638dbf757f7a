import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { playDays } from '../../testing/play-days.ts'
import { monday, testPin } from '../../testing/test-box.ts'

/* What the head of a village sees and takes along, of an office that has a past. */

let place: BrowserOffice

beforeAll(async () => {
  place = await openBrowserOffice()
  const { box } = place
  const { technician } = place.office()
  for (const [name, role] of [
    ['Rina Wulandari', 'head'],
    ['Sekretaris desa', 'secretary'],
  ] as const)
    await box.people.addAccount({ as: 'technician', name, role, pin: testPin, actor: technician, key: null })
  playDays(box, place.office(), { from: monday - 21 * 86_400_000, days: 22, visitors: 44 })
})
afterAll(() => place?.close())

test('the head sees how the office is doing today, live', async () => {
  const { box, open } = place
  const page = await open('/today')
  await logIn(page, 'Rina Wulandari')
  await shows(page, 'Kapan sebaiknya datang')
  const before = box.reports.today().total
  await shows(page, `${before.taken} datang`)
  const [service] = place.office().services
  box.queue.takeTicket({ service, actor: 'kiosk:1', key: null })
  await shows(page, `${before.taken + 1} datang`)
  await shows(page, `terlama ${box.reports.today().longest?.number}`)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'today')
  await page.emulateMedia({ colorScheme: 'dark' })
  await takePictures(page, 'today-dark')
  expect(place.faults).toEqual([])
})

test('a report is shown for a period that is chosen, and taken along as PDF and CSV', async () => {
  const { open, url } = place
  const page = await open('/reports', { acceptDownloads: true })
  await logIn(page, 'Sekretaris desa')
  await shows(page, 'Per layanan')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'reports')
  await page.screenshot({ path: join(pictures, 'screens', 'reports-whole.png'), fullPage: true })
  await page.getByRole('button', { name: 'Hari ini' }).click()
  await shows(page, '1 hari pelayanan')
  await page.getByRole('button', { name: 'Pilih tanggal' }).click()
  await page.getByLabel('Dari').fill('2026-11-02')
  await page.getByLabel('Sampai').fill('2026-11-06')
  await shows(page, '5 hari pelayanan')
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Sampai').fill('2026-11-01')
  await shows(page, /Jangka waktu paling sedikit satu hari/)
  await takePictures(page, 'reports-wrong-period')
  await page.getByLabel('Sampai').fill('2026-11-08')
  await page.getByLabel('Dari').fill('2026-11-07')
  await shows(page, 'Belum ada nomor yang diambil')
  await takePictures(page, 'reports-empty')
  await page.getByRole('button', { name: 'Bulan ini' }).click()
  await shows(page, 'Per loket')
  await page.emulateMedia({ colorScheme: 'dark' })
  await takePictures(page, 'reports-dark')

  const links = page.getByRole('link', { name: /PDF|CSV/ })
  for (const [index, ending] of ['pdf', 'pdf', 'csv', 'csv'].entries()) {
    const [download] = await Promise.all([page.waitForEvent('download'), links.nth(index).click()])
    expect(download.url().startsWith(url)).toBe(true)
    expect(download.suggestedFilename()).toMatch(new RegExp(`3510242008-2026-11-01-2026-11-30\\.${ending}$`))
    if (ending === 'pdf') keepPages(await download.path(), index === 0 ? 'report' : 'skm')
  }
  expect(place.faults).toEqual([])
})

test('a pile of questionnaires is typed with the keyboard alone, and an empty one is printed', async () => {
  const { box, open } = place
  const page = await open('/reports', { acceptDownloads: true })
  await logIn(page, 'Sekretaris desa')
  const month = { from: '2026-11-01', to: '2026-11-30' }
  const before = box.reports.report(month).survey.respondents
  await page.getByRole('button', { name: 'Isi dari kertas' }).press('Enter')
  await page.getByLabel('Apakah alurnya mudah? Sangat mudah').waitFor()
  await page.keyboard.type('443')
  expect(await findViolations(page)).toEqual([])
  await page.getByText('Ketik 1 sampai 4').scrollIntoViewIfNeeded()
  await takePictures(page, 'reports-paper')
  await page.keyboard.type('444444')
  // From here Enter saves at once; whoever wrote something more goes on with Tab.
  await page.keyboard.type('60')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Perempuan')
  for (let at = 0; at < 3; at++) await page.keyboard.press('Tab')
  await page.keyboard.type('Kursi ditambah')
  await takePictures(page, 'reports-paper-about')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await shows(page, '1 lembar tersimpan.')
  await page.keyboard.type('2')
  await page.keyboard.press('Enter')
  await shows(page, '2 lembar tersimpan.')
  await shows(page, `${before + 2} dari`)
  await page.getByText('Siapa yang menjawab').click()
  await page.getByRole('rowheader', { name: '60 ke atas' }).waitFor()
  await page.getByRole('button', { name: 'Baca saran warga (1)' }).click()
  await shows(page, 'Kursi ditambah')
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Tutup' }).click()
  await takePictures(page, 'reports-survey')
  expect(box.reports.report(month).survey.respondents).toBe(before + 2)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Cetak kuesioner' }).click(),
  ])
  keepPages(await download.path(), 'questionnaire')
  expect(place.faults).toEqual([])
})

const pictures = join(import.meta.dirname, '..', '..', 'artifacts')

/** A document, and its pages as pictures where the machine has poppler. */
function keepPages(path: string, name: string): void {
  mkdirSync(pictures, { recursive: true })
  copyFileSync(path, join(pictures, `${name}.pdf`))
  try {
    execFileSync('pdftoppm', ['-r', '70', '-png', path, join(pictures, name)])
  } catch {
    // Only for whoever looks at the artifacts.
  }
}

test('a wall screen shows the day for a month, does nothing, and ends with the account that made it', async () => {
  const { box, open, url } = place
  const page = await open('/today')
  await logIn(page, 'Sekretaris desa')
  await page.getByRole('button', { name: 'Sekretaris desa' }).click()
  await page.getByRole('button', { name: 'Jadikan layar dinding' }).click()
  await page.getByRole('button', { name: 'Akhiri layar dinding' }).waitFor()
  box.time.advance(20 * 86_400_000)
  await page.reload()
  await shows(page, 'Loket sekarang')
  expect(await page.getByRole('button').allTextContents()).toEqual(['Akhiri layar dinding'])
  expect(await page.getByRole('link').count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'today-wall')
  const { counters } = place.office()
  const headers = { 'x-balai': '1', 'content-type': 'application/json' }
  const send = (path: string, data: object) => page.request.post(url + path, { headers, data })
  expect((await send('/api/desk/sit', { counter: counters[0], key: 'wall-screen1' })).status()).toBe(403)
  expect((await send('/api/session/watch', {})).status()).toBe(403)
  for (const path of ['/api/reports?from=2026-11-02&to=2026-11-02', '/api/live/admin', '/api/live/desk'])
    expect((await page.request.get(url + path)).status(), path).toBe(403)
  // It outlives a restart of the box, and not the account.
  const made = box.people.accounts().find(({ name }) => name === 'Sekretaris desa')?.account ?? ''
  expect(box.store.db.prepare('SELECT count(*) FROM session WHERE account = ? AND watch').pluck().get(made)).toBe(1)
  const technician = await open('/technician')
  await logIn(technician, 'Teknisi')
  const closed = await technician.request.post(`${url}/api/people/${made}/close`, {
    headers,
    data: { key: 'closescreen1' },
  })
  expect(closed.status()).toBe(200)
  await shows(page, 'Siapa yang bertugas?')
  expect(place.faults).toEqual([])
})
