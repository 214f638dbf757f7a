import { afterAll, beforeAll, expect, test } from 'vitest'
import { allSizes, findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { testPin } from '../../testing/test-box.ts'

/* The book of dispatched letters in a real browser: empty, filled from the register, as files. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  const account = {
    as: 'technician',
    name: 'Pak Sekdes',
    role: 'secretary',
    pin: testPin,
    actor: 'x',
    key: null,
  } as const
  const secretary = await place.box.people.addAccount(account)
  for (const to of ['Camat Licin', 'Ketua RT 2'])
    await place.box.letters.useNumber({
      ...{ classification: '005', subject: 'Undangan rapat musyawarah desa', to, actor: secretary, key: null },
    })
})
afterAll(() => place?.close())

test('what was sent is noted at its number, told where the day cannot be, and stands in the book and its files', async () => {
  const page = await place.open('/letters')
  await logIn(page, 'Pak Sekdes')
  await page.getByRole('button', { name: 'Ekspedisi' }).click()
  await shows(page, 'Belum ada surat yang keluar pada tahun 2026.')
  await takePictures(page, 'dispatches-empty', allSizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Agenda' }).click()
  const row = page.locator('li.row', { hasText: 'Camat Licin' })
  await row.getByRole('button', { name: 'Sudah dikirim' }).click()
  expect(await row.getByLabel('Ditujukan kepada').inputValue()).toBe('Camat Licin')
  // As the calendar behind the button does when a day is chosen there.
  await row.getByRole('button', { name: 'Pilih di kalender' }).click()
  await row.locator('input[type="date"]').fill('2026-11-20', { force: true })
  expect(await row.getByLabel('Dikirim tanggal').inputValue()).toBe('20-11-2026')
  await page.keyboard.press('Escape')
  await row.getByLabel('Tanda terima').fill('diterima Pak Joko')
  await row.locator('form').getByRole('button', { name: 'Sudah dikirim' }).click()
  await shows(page, 'Tanggal kirim tidak boleh sebelum tanggal surat')
  expect(await row.getByLabel('Tanda terima').inputValue()).toBe('diterima Pak Joko')
  await takePictures(page, 'dispatches-sent', allSizes)
  expect(await findViolations(page)).toEqual([])
  await row.getByLabel('Dikirim tanggal').fill('23112026')
  await page.keyboard.press('Enter')
  await row.locator('.tag', { hasText: 'dikirim' }).waitFor()
  expect(await row.getByRole('button', { name: 'Sudah dikirim' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Ekspedisi' }).click()
  await shows(page, 'Kepada Camat Licin')
  await shows(page, 'diterima Pak Joko')
  await takePictures(page, 'dispatches', allSizes)
  expect(await findViolations(page)).toEqual([])
  for (const [name, type] of [
    ['Unduh CSV', 'text/csv; charset=utf-8'],
    ['Unduh PDF', 'application/pdf'],
  ] as const) {
    const path = await page.getByRole('link', { name }).getAttribute('href')
    const answer = await page.request.get(place.url + (path ?? ''))
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, type])
  }
  expect(place.faults).toEqual([])
})
