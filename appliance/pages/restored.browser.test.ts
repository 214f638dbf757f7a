import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { by, furnish, openTestBox } from '../../testing/test-box.ts'

/* A box whose card was put into other hardware, in a real browser: it waits for the last numbers on paper. */

let place: BrowserOffice
beforeAll(async () => {
  const before = await openTestBox()
  const { services } = await furnish(before)
  for (let i = 0; i < 3; i++) before.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  await before.close()
  const hardware = { serial: 'another', card: 'test' }
  place = await openBrowserOffice({ furnished: false, box: { folder: before.folder, hardware } })
})
afterAll(() => place?.close())

test('SYNC-010, F58: the desk asks for the last numbers on paper, the kiosk sends visitors there, and then goes on behind them', async () => {
  const { box, open } = place
  const kiosk = await open('/kiosk')
  await shows(kiosk, 'Nomor belum bisa diambil di sini, silakan ke petugas')
  await takePictures(kiosk, 'kiosk-numbers-held', [{ width: 1080, height: 1920 }])
  expect(await kiosk.locator('.tile:enabled').count()).toBe(0)

  const desk = await open('/desk')
  await logIn(desk, 'Petugas 1')
  await desk.getByRole('button', { name: /Loket 1/ }).click()
  await shows(desk, 'Nomor terakhir di kertas?')
  const ktp = desk.getByLabel('A KTP')
  await expect.poll(() => ktp.inputValue()).toBe('3')
  expect(await findViolations(desk)).toEqual([])
  await takePictures(desk, 'desk-ask-numbers')

  await ktp.fill('1000')
  await desk.getByRole('button', { name: 'Lanjutkan nomor' }).click()
  expect(box.journal.numbersHeld()).toBe('hardware')
  // Whatever the desk says from here on, also for a moment only.
  await desk.evaluate(() => {
    new MutationObserver(() => {
      if (document.body.innerText.includes('Perangkat Balai tidak menjawab')) document.body.dataset.unreachable = ''
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await ktp.fill('41')
  await ktp.press('Enter')
  await desk.getByText('Nomor terakhir di kertas?').waitFor({ state: 'detached' })
  expect(await desk.locator('body[data-unreachable]').count()).toBe(0)

  await kiosk.getByRole('button', { name: /KTP/ }).click()
  await shows(kiosk, 'A042')
  expect(place.faults).toEqual([])
}, 120_000)

test('SYNC-009: the technician page lists each damaged entry that was set aside', async () => {
  const { box, open } = place
  box.store.db
    .prepare(`UPDATE entry SET at = at + 1 WHERE row = (SELECT max(row) FROM entry WHERE type = 'queue.ticket-taken')`)
    .run()
  box.relay.cutDamage()
  const [damaged] = box.journal.damaged()
  const page = await open('/technician')
  await logIn(page, 'Teknisi')
  await shows(page, `1 catatan rusak disisihkan: queue.ticket-taken ${damaged?.epoch}/${damaged?.seq}`)
  await shows(page, 'Catatan rusak di kartu')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'technician-damaged')
  expect(place.faults).toEqual([])
}, 120_000)
