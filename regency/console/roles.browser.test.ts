import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawn, findViolations, findViolationsInDark, openBrowser, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { consolePin, enter, openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* What an administrator, an operator and a reader meet at the console. */

let place: Awaited<ReturnType<typeof openTestConsole>>
let browser: Browser
const faults: string[] = []
const newPin = '824601'

beforeAll(async () => {
  place = await openTestConsole({ config: { backup_stamp: '/nowhere/stamp' } })
  await place.add('administrator', 'Rina')
  await place.hub.alarms.look()
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await place.close()
})

/** A browser of one's own, logged in. */
async function logIn(name: string, pin: string): Promise<Page> {
  const page = await openConsolePage(browser, place, name, { faults, pin })
  await shows(page, /Tanda cadangan basis data tidak ada/)
  return page
}

const audited = async () =>
  (await place.database.query('SELECT actor, action FROM audit ORDER BY id DESC LIMIT 1')).rows[0]

test('an administrator adds a reader by the keyboard, who sees no button that does anything, and is given more', async () => {
  const rina = await logIn('Rina', consolePin)
  await rina.getByRole('button', { name: 'Akun', exact: true }).click()
  await rina.getByRole('button', { name: 'Tambah akun' }).focus()
  await rina.keyboard.press('Enter')
  await rina.keyboard.press('Tab')
  await rina.keyboard.type('rina')
  await rina.keyboard.press('Tab')
  expect(await rina.getByLabel('Peran', { exact: true }).inputValue()).toBe('reader')
  await rina.keyboard.press('Tab')
  await rina.keyboard.type('123456')
  await rina.keyboard.press('Enter')
  await shows(rina, 'PIN ini mudah ditebak. Pilih enam angka lain.')
  const [name, pin] = [rina.getByLabel('Nama'), rina.getByRole('textbox', { name: 'PIN baru' })]
  await pin.fill(newPin)
  await rina.keyboard.press('Enter')
  await shows(rina, 'Nama rina sudah dipakai. Pilih nama lain.')
  expect(await pin.inputValue()).toBe(newPin)
  // A look into another part costs nothing of what was typed.
  await rina.getByRole('button', { name: 'Catatan tindakan' }).click()
  await shows(rina, /Masuk dari/)
  await rina.getByRole('button', { name: 'Akun', exact: true }).click()
  expect(await name.inputValue()).toBe('rina')
  await name.fill('Dewi')
  await rina.keyboard.press('Enter')
  await rina.getByRole('button', { name: 'Ubah peran: Dewi' }).waitFor()
  expect(await audited()).toEqual({ actor: 'Rina', action: 'account.added' })
  expect(await findViolations(rina)).toEqual([])
  await takePictures(rina, 'hub-accounts')
  expect(await findViolationsInDark(rina, 'hub-accounts')).toEqual([])

  const dewi = await logIn('Dewi', newPin)
  const buttons = await dewi.getByRole('button').evaluateAll((all) => all.map((one) => one.textContent))
  const columns = ['Keadaan', 'Desa', 'Kecamatan', 'Menunggu', 'Tiket', 'Dilayani', 'Belum terkirim']
  expect(buttons.map((text) => text?.trim())).toEqual([
    'Desa',
    'Data untuk desa',
    'DDewiMenu saya',
    'Simpan CSV',
    ...columns,
    'Terakhir terlihat',
  ])

  // With another role Dewi is out at once, and comes back to more.
  await rina.getByRole('button', { name: 'Ubah peran: Dewi' }).click()
  await rina.getByLabel('Peran', { exact: true }).selectOption('operator')
  await rina.getByRole('button', { name: 'Simpan' }).click()
  await shows(dewi, 'Masuk ke konsol kabupaten')
  await enter(dewi, 'Dewi', newPin)
  await dewi.getByRole('button', { name: 'Saya kerjakan' }).click()
  await dewi.getByLabel('Catatan Anda').pressSequentially('Tanya penyedia server/awan.')
  await dewi.getByRole('button', { name: 'Simpan', exact: true }).click()
  await dewi.getByRole('button', { name: 'Lepaskan' }).waitFor()
  expect(await findViolations(dewi)).toEqual([])

  await rina.getByRole('button', { name: 'Desa', exact: true }).first().click()
  await shows(rina, /Dewi mengerjakan ini.*: Tanya penyedia server\/awan\./)
  await rina.getByRole('button', { name: 'Catatan tindakan' }).click()
  await shows(rina, 'Mengerjakan peringatan: Tanda cadangan basis data tidak ada')
  await rina.getByLabel('Tindakan').selectOption({ label: 'Peran diubah' })
  await shows(rina, 'Mengubah peran Dewi dari Pembaca menjadi Operator')
  await rina.getByText('Masuk dari').first().waitFor({ state: 'detached' })
  expect(await findViolations(rina)).toEqual([])
  await takePictures(rina, 'hub-audit')
  expect(await findViolationsInDark(rina, 'hub-audit')).toEqual([])
  expect(await wider(rina)).toEqual([])
  expect(faults).toEqual([])
}, 120_000)

/** The parts that a phone would have to move sideways; tables move by themselves. */
async function wider(page: Page): Promise<string[]> {
  const found: string[] = []
  const parts = page.locator('.top nav button')
  for (const width of [320, 360, 911]) {
    await page.setViewportSize({ width, height: 740 })
    if (width < 640) await page.locator('.part-list').selectOption({ label: 'Akun' })
    if (width < 640) await shows(page, 'Tambah akun')
    for (let part = 1; part < (await parts.count()); part++) {
      await parts.nth(part).evaluate((node: HTMLElement) => node.click())
      await drawn(page)
      const over = await page
        .locator('main.part:not([hidden])')
        .evaluate((main) => [...main.children].filter((one) => one.scrollWidth > main.clientWidth).length)
      if (over > 0) found.push(`${width}: ${await parts.nth(part).innerText()}`)
    }
  }
  return found
}
