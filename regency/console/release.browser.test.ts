import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBundles, runRelease } from '../../appliance/cli/hub-release.ts'
import { findViolations, openBrowser, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { makeBundle, makeBundleKeys } from '../../testing/rauc-bundle.ts'
import { openConsolePage, openTestConsole } from '../../testing/test-console.ts'

/* What an administrator and a reader see of the system that boxes run. */

const folder = mkdtempSync(join(tmpdir(), 'balai-release-'))
let place: Awaited<ReturnType<typeof openTestConsole>>
let browser: Browser
const faults: string[] = []
const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
]

beforeAll(async () => {
  const villages = Array.from(
    { length: 12 },
    (_, n) => `35.10.01.20${String(n + 1).padStart(2, '0')},desa,Desa ${n + 1}`,
  )
  place = await openTestConsole({ villages: villages.map((row) => `${row},35.10.01,Pesanggaran`) })
  await place.add('administrator', 'Rina')
  await place.add('reader', 'Dewi')
  browser = await openBrowser()
  makeBundleKeys(folder, 'ours')
}, 60_000)
afterAll(async () => {
  await browser.close()
  await place.close()
  rmSync(folder, { recursive: true })
})

async function open(name: string): Promise<Page> {
  const page = await openConsolePage(browser, place, name, { faults })
  await page.getByRole('button', { name: 'Data untuk desa' }).click()
  await shows(page, 'Sistem kotak')
  return page
}

test('a release is seen from its first box to its stop; an administrator stops it and lets it go on, a reader looks', async () => {
  const rina = await open('Rina')
  const dewi = await open('Dewi')
  await shows(dewi, 'Belum pernah diterbitkan. Sistem yang dijalankan kotak yang ditulis dari citra kartu.')
  const version = '0.4.0+202612011200.a1b2c3d'
  const bundles = await openBundles([
    makeBundle(folder, { name: 'new', pair: 'ours', compatible: 'balai-pi', version }),
  ])
  await runRelease(bundles, place.hub.config, {
    ...{ to: 'all', stage: undefined, note: 'Percobaan', now: false, yes: true, goOn: false, stop: false },
    by: { account: null, actor: 'command line (uji)' },
  })
  place.hub.refreshPages()
  await shows(dewi, 'Ditawarkan ke 1 dari 12 desa. 0 sudah menjalankannya, 1 belum. Lanjut sendiri ke desa berikutnya')
  await shows(dewi, `balai-pi ${version}. Dipasang malam hari.`)
  expect(await dewi.locator('.hub main:not([hidden])').getByRole('button').count()).toBe(0)

  // Its box comes back on the old system.
  await place.database.query(
    `INSERT INTO release_update (village, update, release, version, asked_at, begun_heard, ended_heard, outcome)
     VALUES ('3510012001', 'aaaaaaaaaaaa', 1, $1, now(), now(), now() + interval '1 minute', 'fell-back')`,
    [version],
  )
  await place.hub.lookAtRollout()
  await shows(rina, /Berhenti .* karena Desa 1: sistem baru tidak menyala, kotak kembali ke yang lama/)
  await shows(dewi, '1 desa bermasalah')
  expect(await findViolations(rina)).toEqual([])
  await takePictures(rina, 'hub-release-stopped', sizes)

  await rina.getByRole('button', { name: 'Lanjutkan ke semua desa: Sistem kotak' }).click()
  await shows(rina, 'Rilis 1 ditawarkan ke 12 dari 12 desa. Kotak yang sudah mencobanya tidak mencoba lagi.')
  await rina.getByRole('button', { name: 'Lanjutkan ke semua desa', exact: true }).click()
  await shows(rina, 'Rilis 1 ditawarkan ke 12 dari 12 desa.')
  await shows(dewi, 'Ditawarkan ke 12 dari 12 desa. 0 sudah menjalankannya, 11 belum.')

  await rina.getByRole('button', { name: 'Hentikan: Sistem kotak' }).click()
  await shows(rina, 'Rilis 1 tidak ditawarkan lagi ke desa mana pun.')
  await rina.getByRole('button', { name: 'Hentikan', exact: true }).click()
  await shows(rina, 'Rilis 1 dihentikan.')
  await shows(dewi, /Dihentikan .*\./)
  await takePictures(rina, 'hub-release', sizes)
  expect(faults).toEqual([])
}, 90_000)
