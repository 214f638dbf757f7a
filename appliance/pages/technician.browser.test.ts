import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { query } from '../../bench/offices.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'
import { testVillage } from '../../testing/test-box.ts'
import { systemClock } from '../base/clock.ts'
import { applyNetwork } from '../network/apply.ts'
import { ownFolder, requestFile } from '../updates/request-files.ts'
import { programCompatible } from '../wire/releases.ts'

/* The technician page in a real browser, its test entry through a real broker into a real PostgreSQL. */

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('a test entry travels to the regency’s database and back, and the page says in how many milliseconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-technician-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres()])
  closers.push(broker.stop, postgres.stop)
  const hub = await startHub({ folder, brokerUrl: broker.url, postgresUrl: postgres.url, villages: [testVillage] })
  closers.push(hub.stop)
  const place = await openBrowserOffice({ box: { mqtt: { url: broker.url, keepalive_s: 30 }, system: systemClock } })
  closers.push(place.close)
  const page = await place.open('/technician')
  await logIn(page, 'Teknisi')
  await shows(page, 'tersambung; mqtt:')
  await page.getByRole('button', { name: 'Uji kirim' }).click()
  await shows(page, /Sampai di basis data kabupaten dan kembali dalam [\d.]+ ms/)
  const arrived = await query<{ n: number }>(
    postgres.url,
    `SELECT count(*)::int AS n FROM entry WHERE type = 'health.line-tested'`,
  )
  expect(arrived).toEqual([{ n: 1 }])
  await takePictures(page, 'technician-line-test')

  await hub.stop()
  await page.getByRole('button', { name: 'Uji kirim' }).click()
  await page.getByText(/Belum ada jawaban dalam/).waitFor({ timeout: 20_000 })
  expect(place.faults).toEqual([])
}, 120_000)

test('the copied report ends with the last warnings and errors, in the office’s time', async () => {
  const line = {
    time: Date.UTC(2026, 10, 30, 6, 5),
    level: 40,
    msg: 'no connection to the broker',
    fields: { trouble: 'offline' },
  }
  const place = await openBrowserOffice({ box: { keptLog: () => [line] } })
  closers.push(place.close)
  const page = await place.open('/technician')
  await logIn(page, 'Teknisi')
  await page.evaluate(() => {
    // What the clipboard gets, which no test may read.
    const clipboard = { writeText: async (text: string) => void Object.assign(window, { copied: text }) }
    Object.defineProperty(navigator, 'clipboard', { value: clipboard })
  })
  await page.getByRole('button', { name: 'Salin laporan' }).click()
  await shows(page, 'Tersalin')
  expect(await page.evaluate(() => (window as unknown as { copied: string }).copied)).toMatch(
    /\n\nPeringatan dan galat terakhir:\n2026-11-30 13:05:00 WARN {2}no connection to the broker {2}trouble=offline$/,
  )
})

test('what is wrong stands on top with what to do, and a test call is heard by the displays', async () => {
  const place = await openBrowserOffice()
  closers.push(place.close)
  const { box, open } = place
  const display = await open('/display')
  const page = await open('/technician')
  await logIn(page, 'Teknisi')
  await shows(page, 'Layar dan kiosk')
  box.alarms.set('power.low', true)
  box.alarms.set('card.worn', true, 'warning', { percent: 90 })
  await shows(page, 'Listrik kurang kuat')
  await shows(page, 'Antrean berjalan, tidak ada data yang hilang.')
  box.alarms.set('card.failing', true)
  await page.getByText('Antrean berjalan').waitFor({ state: 'detached' })
  box.alarms.set('card.failing', false)
  await page.getByRole('button', { name: 'Uji panggilan' }).click()
  await shows(page, 'Terdengar di ruang tunggu')
  await display.close()
  await page.getByRole('button', { name: 'Periksa lagi' }).click()
  await shows(page, '1 dari 1 tidak terbuka')
  // The look took back what this machine does not have; both are set again for the picture.
  box.alarms.set('power.low', true)
  box.alarms.set('card.worn', true, 'warning', { percent: 90 })
  await shows(page, 'Listrik kurang kuat')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'technician-wrong')
  expect(place.faults).toEqual([])
}, 120_000)

test('a technician changes the network, sees the seconds run, and keeps it; what cannot be is said beside its field', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-network-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const stateFolder = join(folder, 'run')
  mkdirSync(stateFolder)
  const place = await openBrowserOffice({ box: { networkFolder: stateFolder, system: systemClock } })
  closers.push(place.close)
  const page = await place.open('/technician')
  await logIn(page, 'Teknisi')
  await page.getByLabel('Alamat tetap').fill('192.168.1.10')
  await page.getByLabel('Nama (SSID)').first().fill('Kantor Desa')
  await page.getByLabel('Kata sandi').first().fill('rahasia desa')
  await page.getByRole('button', { name: 'Coba jaringan ini' }).click()
  await shows(page, 'Alamat harus seperti 192.168.1.10/24.')
  await takePictures(page, 'technician-network', [
    { width: 1366, height: 2600 },
    { width: 360, height: 3800 },
  ])
  await page.getByLabel('Alamat tetap').fill('192.168.1.10/24')
  await page.getByLabel('Alamat router').fill('192.168.1.1')
  await page.getByRole('button', { name: 'Coba jaringan ini' }).click()
  await shows(page, 'Perubahan diminta')
  const applied = applyNetwork({
    ...{ data: place.box.folder, stateFolder, profilesFolder: join(folder, 'connections') },
    beforeFile: join(folder, 'before.json'),
    nmcli: async () => {},
    wait: (ms) => sleep(ms / 10),
    now: systemClock.wall,
  })
  await shows(page, 'Jaringan sudah diganti. Simpan?')
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Jaringan baik, simpan' }).click()
  expect(await applied).toBe('kept')
  await shows(page, 'Perubahan terakhir tersimpan.')
  await shows(page, 'Tersimpan; kosong: tetap yang lama')
  expect(place.faults).toEqual([])
}, 120_000)

test('a technician sees which system runs, installs a bundle tonight, takes it back, and reads how one has ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-updates-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const machine = {
    ...{ system: { slot: 'A' as const, version: '0.3.0+202611291225.a5853d1', start: 'first' }, stateFolder: folder },
    ...{ program: '0.3.0+202611291225.a5853d1', compatible: () => 'balai-pi' },
    // RAUC itself is asked in updates.test.ts.
    readInfo: async (file: string) => {
      if (file.includes('rusak')) throw new Error('damaged')
      if (file.includes('saja')) return { compatible: programCompatible(), version: '0.4.1' }
      return { compatible: 'balai-pi', version: '0.4.0+202612011200.a1b2c3d' }
    },
  }
  const place = await openBrowserOffice({ box: { machine } })
  closers.push(place.close)
  const { box } = place
  const page = await place.open('/technician')
  await logIn(page, 'Teknisi')
  await shows(page, 'Yang berjalan: 0.3.0+202611291225.a5853d1, dari tempat A.')
  await shows(page, 'salin berkas .raucb dari kabupaten ke stik USB')
  mkdirSync(ownFolder(box.folder), { recursive: true })
  for (const name of ['baru', 'rusak', 'saja']) writeFileSync(join(ownFolder(box.folder), `${name}.raucb`), name)
  await shows(page, 'untuk perangkat Balai ini, bertanda tangan')
  await shows(page, 'Berkas itu rusak atau tidak selesai disalin.')
  await shows(page, 'program saja, tanpa sistem; untuk perangkat Balai ini')
  const whole = page.getByRole('listitem').filter({ hasText: '0.4.0+202612011200.a1b2c3d' })
  await whole.getByRole('button', { name: 'Pasang malam ini' }).click()
  await shows(page, 'dipasang malam ini, pukul 3 sampai 5')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'technician-system', [
    { width: 1366, height: 2600 },
    { width: 360, height: 4200 },
  ])
  await page.getByRole('button', { name: 'Batalkan' }).click()
  await whole.getByRole('button', { name: 'Pasang sekarang' }).click()
  await shows(page, 'akan dipasang. Biarkan perangkat Balai menyala.')
  const { id } = JSON.parse(readFileSync(requestFile(box.folder), 'utf8')) as { id: string }
  writeFileSync(
    join(folder, 'state.json'),
    JSON.stringify({ id, step: 'failed', slot: 'A', start: 'first', reason: 'LastError: no space' }),
  )
  await box.look()
  await shows(page, 'tidak terpasang, tidak ada yang berubah. (LastError: no space)')
  await shows(page, 'Sistem baru tidak terpasang')
  expect(place.faults).toEqual([])
}, 120_000)

test('a technician chooses what the screen at the box itself shows, and how it is turned', async () => {
  const place = await openBrowserOffice({})
  closers.push(place.close)
  const wish = () => readFileSync(join(place.box.folder, 'attached-screen'), 'utf8')
  const page = await place.open('/technician')
  await logIn(page, 'Teknisi')
  await shows(page, 'Layar di perangkat Balai ini')
  await page.getByLabel('Yang ditampilkan').selectOption('Layar panggilan')
  await page.getByRole('button', { name: 'Tampilkan' }).click()
  await shows(page, 'Tersimpan. Layar berganti dalam beberapa detik.')
  expect(wish()).toBe('BALAI_PAGE=display\nBALAI_ROTATE=normal\n')
  await page.getByLabel('Putaran layar').selectOption('Tegak, diputar ke kanan')
  await page.getByRole('button', { name: 'Tampilkan' }).click()
  await expect.poll(wish).toBe('BALAI_PAGE=display\nBALAI_ROTATE=90\n')
  expect(await findViolations(page)).toEqual([])
  await page.reload()
  await expect.poll(() => page.getByLabel('Yang ditampilkan').inputValue()).toBe('display')
  await page.getByRole('heading', { name: 'Layar di perangkat Balai ini' }).scrollIntoViewIfNeeded()
  await takePictures(page, 'technician-attached', [
    { width: 1366, height: 2600 },
    { width: 360, height: 4200 },
  ])
  await page.getByLabel('Yang ditampilkan').selectOption('Keadaan perangkat Balai dalam kata')
  await page.getByRole('button', { name: 'Tampilkan' }).click()
  await expect.poll(wish).toBe('BALAI_PAGE=none\nBALAI_ROTATE=90\n')
  expect(place.faults).toEqual([])
}, 120_000)
