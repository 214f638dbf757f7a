import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueEnrolments } from '../../provisioning/fleet/issue.ts'
import { readRegister } from '../../provisioning/fleet/register.ts'
import { findViolations, openBrowser, takePictures } from '../../testing/browser.ts'
import { logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { openTestBox, testVillage } from '../../testing/test-box.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { completeBoxConfig } from '../config.ts'
import { adopt, openMembership, readMember } from '../enrolment/membership.ts'
import { openUnenrolledBox } from '../enrolment/unenrolled-box.ts'
import { openBox } from '../open-box.ts'
import { createSetupCode } from '../people/setup-code.ts'
import { readEnrolment } from '../wire/enrolment.ts'

/* A box that knows of no village, as a technician meets it. */

const place = mkdtempSync(join(tmpdir(), 'balai-waiting-'))
const stick = join(place, 'stick')
const data = join(place, 'data')
let browser: Browser
let fleet: Awaited<ReturnType<typeof openTestFleet>>
beforeAll(async () => {
  browser = await openBrowser()
  fleet = await openTestFleet({ now: Date.now() })
  await issueEnrolments(fleet.fleet, testOffices(2), { now: Date.now(), days: 30 })
})
afterAll(async () => {
  await browser.close()
  fleet.remove()
  rmSync(place, { recursive: true, force: true })
})
const fileOf = (index: number) => fleet.read(`villages/balai-enrol-351024200${index + 1}.json`)

test('a new box says what it waits for, names what is wrong with a file, and takes the right one by its page', async () => {
  for (const folder of [stick, data]) mkdirSync(folder)
  writeFileSync(join(stick, 'balai-enrol-cut.json'), fileOf(0).slice(0, 400))
  const setupCode = createSetupCode(data)
  const code = setupCode.make()
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0 }
  const room = await openUnenrolledBox({ data, folders: [stick], lan, log: pino({ level: 'silent' }), setupCode })
  try {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    // Whatever the attached screen was set to show, it shows this.
    await page.goto(`http://127.0.0.1:${room.http.port}/display`)
    await shows(page, 'Perangkat Balai ini belum tahu desanya')
    await shows(page, /tidak terbaca/)
    await takePictures(page, 'waiting')
    await page.getByText('Atau kirim berkasnya dari halaman ini').click()
    await page
      .getByLabel('Berkas pendaftaran')
      .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(fileOf(1)) })
    await page.getByLabel('Kode sekali pakai').fill('0000000000')
    await page.getByRole('button', { name: 'Kirim berkas' }).click()
    await shows(page, /Kode salah/)
    expect(readMember(data)).toBeNull()
    expect(await findViolations(page)).toEqual([])
    await takePictures(page, 'waiting-form')
    await page.getByLabel('Kode sekali pakai').fill(`${code.slice(0, 5)} ${code.slice(5)}`)
    await page.getByRole('button', { name: 'Kirim berkas' }).click()
    await shows(page, 'Berkas diterima')
    expect(await room.taken).toBeNull()
    expect(readMember(data)?.village).toBe('3510242002')
  } finally {
    await room.close()
  }
})

test('a sealed file on a stick is opened by its pass phrase, and the box is a member without a line', async () => {
  const folder = mkdtempSync(join(place, 'sealed-'))
  const sealedStick = mkdtempSync(join(place, 'stick-'))
  const passPhrase = 'kopi panas pagi hari'
  const offices = testOffices(3).slice(2)
  await issueEnrolments(fleet.fleet, offices, { now: Date.now(), days: 30, passPhrase })
  expect(fileOf(2)).not.toContain('PRIVATE KEY')
  writeFileSync(join(sealedStick, 'balai-enrol-a.json'), fileOf(2))
  const setupCode = createSetupCode(folder)
  setupCode.make()
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0 }
  const log = pino({ level: 'silent' })
  const room = await openUnenrolledBox({ data: folder, folders: [sealedStick], lan, log, setupCode })
  try {
    const page = await (await browser.newContext({ bypassCSP: true })).newPage()
    await page.goto(`http://127.0.0.1:${room.http.port}/`)
    const field = page.getByLabel('Sandi berkas')
    await field.fill('kopi dingin')
    await page.getByRole('button', { name: 'Buka berkas' }).click()
    await shows(page, /Sandi tidak cocok/)
    await takePictures(page, 'waiting-sealed')
    await field.fill(passPhrase)
    await page.keyboard.press('Enter')
    await shows(page, 'Berkas diterima')
    expect(await room.taken).toBe(join(sealedStick, 'balai-enrol-a.json'))
  } finally {
    await room.close()
  }
  const member = readMember(folder)
  const membership = member && openMembership(folder, member)
  expect(member?.village).toBe('3510242003')
  expect(membership?.claim()).toBeNull()
  const { certificates } = readRegister(fleet.folder).villages['3510242003'] ?? { certificates: [] }
  const identity = new X509Certificate(membership?.identity()?.certificate ?? '')
  expect(identity.serialNumber.toLowerCase()).toBe(
    certificates[0]?.serial.toLowerCase().padStart(identity.serialNumber.length, '0'),
  )
  expect(openIdentity(folder, { serial: 'a', card: 'b' }).publicKey).toBe(certificates[0]?.key)
  const toml = { data: folder, lan: { ...lan, names: [] }, enrolment_folders: [], log: 'silent' as const }
  const path = join(sealedStick, 'balai-enrol-a.json')
  const box = await openBox(completeBoxConfig(toml, {}, member), { log, enrolmentPath: path })
  expect(box.enrolment().state).toBe('enrolled')
  expect(existsSync(path)).toBe(false)
  await box.close()
})

test('a technician brings a running box a new file; one of another village is refused beside the form', async () => {
  await issueEnrolments(fleet.fleet, testOffices(8).slice(7), { now: Date.now(), days: 30 })
  const office = await openBrowserOffice({ browser })
  try {
    const page = await office.open('/technician')
    await logIn(page, 'Teknisi')
    await page.getByText('Berkas pendaftaran baru').click()
    const choose = (index: number) => {
      const buffer = Buffer.from(fileOf(index))
      return page
        .getByLabel('Berkas balai-enrol')
        .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer })
    }
    await choose(0)
    await page.getByRole('button', { name: 'Pakai berkas ini' }).click()
    await shows(page, 'Berkas ini milik desa lain. Pakai berkas kantor ini.')
    expect(readMember(office.box.folder)).toBeNull()
    await choose(7)
    await page.getByRole('button', { name: 'Pakai berkas ini' }).click()
    await shows(page, /Berkas diterima/)
    expect(readMember(office.box.folder)?.village).toBe(testVillage)
    expect(await findViolations(page)).toEqual([])
    await takePictures(page, 'technician-file')
    expect(office.faults).toEqual([])
  } finally {
    await office.box.remove()
  }
})

test('a member offers the root of its certificate, with pictures; a box that is none says so', async () => {
  const folder = mkdtempSync(join(place, 'member-'))
  const { file } = readEnrolment(fileOf(0), Date.now())
  if (!file) throw new TypeError('The enrolment file does not read.')
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0, names: [] }
  const toml = { data: folder, lan, enrolment_folders: [], log: 'silent' as const }
  const member = await openBox(completeBoxConfig(toml, {}, adopt(folder, file)), { log: pino({ level: 'silent' }) })
  const nobody = await openTestBox()
  try {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${member.http.port}/percaya`)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Unduh balai.crt').click()])
    expect(readFileSync(await download.path(), 'utf8')).toBe(fleet.read('lan-root.pem'))
    expect(await findViolations(page)).toEqual([])
    await takePictures(page, 'percaya-windows')
    await page.getByRole('button', { name: 'HP Android' }).click()
    await shows(page, 'Pilih Sertifikat CA, lalu Tetap instal.')
    await takePictures(page, 'percaya-android')
    await page.goto(`http://127.0.0.1:${nobody.http.port}/percaya`)
    await shows(page, /belum punya sertifikat/)
  } finally {
    await member.close()
    await nobody.remove()
  }
})

test('wrong codes are counted, and a file from the network in clear is not taken', async () => {
  const folder = mkdtempSync(join(place, 'data-'))
  const setupCode = createSetupCode(folder)
  const code = setupCode.make()
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0 }
  const room = await openUnenrolledBox({ data: folder, folders: [], lan, log: pino({ level: 'silent' }), setupCode })
  const bring = async (typed: string) => {
    const headers = { 'content-type': 'application/json', 'x-balai': '1' }
    const body = JSON.stringify({ file: fileOf(0), code: typed })
    const answer = await fetch(`http://127.0.0.1:${room.http.port}/api/waiting`, { method: 'POST', headers, body })
    return ((await answer.json()) as { code?: string }).code ?? 'taken'
  }
  for (let tries = 0; tries < 5; tries++) expect(await bring('1111111111')).toBe('people.setup-code-wrong')
  expect(await bring(code)).toBe('enrolment.slow-down')
  expect(readMember(folder)).toBeNull()
  await room.close()
})
