import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, findViolationsInDark, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { testPin } from '../../testing/test-box.ts'

/* The page that a phone keeps: fetched once, opened as a file while the network is cut, held against letters. */

const sizes = [
  { width: 360, height: 800 },
  { width: 1366, height: 641 },
]
const folder = mkdtempSync(join(tmpdir(), 'balai-keep-'))
const kept = join(folder, 'periksa-surat.html')
let place: BrowserOffice
let good: string
let bad: string
beforeAll(async () => {
  place = await openBrowserOffice()
  const { box } = place
  const head = await box.people.addAccount({
    ...{ as: 'technician', name: 'Bu Kades', role: 'head', pin: testPin, actor: 'x', key: null },
  })
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510244107800001' }]), {
    actor: 'secretary-000',
  })
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  const by = { actor: head, key: null }
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', ...by })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const typed = { keperluan: 'Melamar pekerjaan' }
  const write = async () => {
    const letter = await box.letters.request({ template: 'pengantar-skck', resident, signatory, typed, ...by })
    await box.letters.issue({ letter, as: 'head', ...by })
    return { letter, code: box.letters.paper(letter, head)?.code ?? '' }
  }
  const [one, other] = [await write(), await write()]
  await box.letters.makeVoid({ letter: other.letter, reason: 'Salah orang', ...by })
  good = one.code
  bad = other.code
  const pdf = await box.press.print({ letter: box.letters.paper(one.letter, head), language: 'id' })
  writeFileSync(join(folder, 'letter.pdf'), pdf)
  execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', join(folder, 'letter.pdf'), join(folder, 'photo')])
})
afterAll(async () => {
  await place?.close()
  rmSync(folder, { recursive: true })
})

test('it is fetched from the page that checks letters, and names nobody', async () => {
  const page = await place.open('/check')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Simpan di ponsel' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('periksa-surat.html')
  await download.saveAs(kept)
  const answer = await page.request.get(`${place.url}/api/letters/check.html`)
  expect(await answer.text()).not.toMatch(/SITI|Salah orang|src="|href="/)
})

test('as a file, with the network cut, it says of each letter what the box would say', async () => {
  const page = await place.open('/check', { viewport: { width: 360, height: 800 } })
  await page.context().setOffline(true)
  await page.goto('about:blank')
  const asked: string[] = []
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) asked.push(request.url())
  })
  await page.goto(pathToFileURL(kept).href)
  await shows(page, 'Daftar kabupaten per 23 November 2026')
  await takePictures(page, 'keep-empty', sizes)
  expect(await findViolationsInDark(page, 'keep-empty', sizes)).toEqual([])
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Kode di surat').fill(good)
  await page.getByLabel('Nama di surat').fill('siti aminah')
  await page.keyboard.press('Enter')
  await shows(page, 'Tanda tangan surat ini benar')
  await shows(page, 'Nama cocok')
  await shows(page, 'Desa Tamansari (35.10.24.2008)')
  await takePictures(page, 'keep-signed', sizes)
  expect(await findViolationsInDark(page, 'keep-signed', sizes)).toEqual([])
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Nama di surat').fill('Budi')
  await page.getByLabel('Kode di surat').fill(bad)
  await page.keyboard.press('Enter')
  await shows(page, 'Surat ini tidak berlaku lagi')
  await shows(page, 'Dinyatakan tidak berlaku pada 23 November 2026.')
  await shows(page, 'Nama TIDAK cocok')
  await page.getByLabel('Kode di surat').fill(`${good.slice(0, -4)}${good.endsWith('A') ? 'B' : 'A'}AAA`)
  await page.keyboard.press('Enter')
  await shows(page, /Surat ini tidak benar|Kode tidak terbaca/)
  await takePictures(page, 'keep-false', sizes)
  expect(await findViolationsInDark(page, 'keep-false', sizes)).toEqual([])
  await page.getByLabel('Kode di surat').fill('A001')
  await page.keyboard.press('Enter')
  await shows(page, 'Kode tidak terbaca')
  await page.locator('input[type=file]').setInputFiles(join(folder, 'photo.png'))
  await shows(page, 'Tanda tangan surat ini benar')
  await page.getByRole('button', { name: 'English' }).click()
  await shows(page, 'Check a letter')
  expect(asked).toEqual([])
})

test('no page threw', () => {
  expect(place.faults).toEqual([])
})
