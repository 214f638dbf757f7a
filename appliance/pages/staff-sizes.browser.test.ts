import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { drawn, openBrowser, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice } from '../../testing/browser-office.ts'
import { findMainHidden, measure } from '../../testing/measure.ts'
import { by, testPin } from '../../testing/test-box.ts'

/*
 * Every page of the staff with all its parts, in every state that it may be in, in windows from an old phone's to a large
 * monitor's: nothing is cut, covered, too small or broken, nothing scrolls sideways, and what one has come for is in sight.
 */

type Window = { width: number; height: number; letters: number }
/** Letters in percent of the usual. */
const windows: readonly Window[] = [
  { width: 320, height: 640, letters: 100 },
  { width: 360, height: 740, letters: 100 },
  { width: 768, height: 1024, letters: 100 },
  { width: 911, height: 427, letters: 100 },
  { width: 1366, height: 641, letters: 100 },
  { width: 1920, height: 1080, letters: 100 },
  { width: 360, height: 740, letters: 200 },
  { width: 1366, height: 641, letters: 200 },
]

const clerk = 'Petugas 1'
const head = 'Kepala Desa Tamansari'
const pages = [
  { path: '/desk', who: clerk },
  { path: '/today', who: head },
  { path: '/reports', who: head },
  { path: '/residents', who: head },
  { path: '/letters', who: head },
  { path: '/cases', who: head },
  { path: '/admin', who: head },
  { path: '/technician', who: 'Teknisi' },
] as const
const eachPage = pages.map((page) => [page.path, page] as const)

let browser: Browser
let place: BrowserOffice

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
afterEach(() => place?.close())

async function open(options: Parameters<typeof openBrowserOffice>[0] = {}): Promise<void> {
  place = await openBrowserOffice({ browser, ...options })
  const account = { as: 'technician', name: head, role: 'head', pin: testPin, actor: 'x', key: null } as const
  await place.box.people.addAccount(account)
}

/** Lists with something in each state, the longest numbers and names. */
async function fill(): Promise<void> {
  const { box } = place
  const { clerks, counters, services, technician } = place.office()
  const name = 'RADEN RORO SRIMULYANINGSIH KUSUMOWARDHANI'
  const actor = box.people.accounts().find((one) => one.name === head)?.account ?? ''
  const command = { actor, key: null }
  await bringResidents(box, residentSheet([{ name, nik: '3510244107800001' }]), { actor })
  const resident = box.residents.find('raden')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', ...command })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const write = () =>
    box.letters.request({
      ...{ template: 'pengantar-skck', resident, signatory, typed: { keperluan: 'Melamar pekerjaan' }, ...command },
    })
  await write()
  for (let n = 0; n < 3; n++) {
    const letter = await write()
    await box.letters.issue({ letter, as: 'head', ...command })
    if (n === 1) await box.claims.giveCode({ letter, anew: false, ...command })
    if (n === 2) await box.letters.collect({ letter, ...command })
  }
  const signers = [{ signatory, nik: '3510241203700001' }]
  const settings = { address: 'https://esign.kabupaten.go.id', user: 'desa', password: 'x', signers }
  box.letters.changeElectronic({ settings, ...command })
  await box.letters.issue({ letter: await write(), as: 'head', ...command })
  for (let i = box.office.services().length; i < 10; i++) {
    const prefix = String.fromCharCode(65 + i)
    const longest = 'Rekomendasi pembelian bahan bakar bersubsidi untuk nelayan'
    const service = { prefix, name: i === 9 ? longest : `Keterangan ${prefix}`, requires: ['KTP', 'Kartu Keluarga'] }
    box.office.addService({ ...service, minutes: 10, actor: technician, key: null })
  }
  for (let i = 0; i < 9; i++) box.queue.takeTicket({ service: services[i % 2] ?? '', actor: 'kiosk:1', key: null })
  const counter = counters[0]
  box.office.sit({ ...by(clerks[0]), counter })
  const first = box.queue.callNext({ ...by(clerks[0]), counter })
  box.queue.start({ ...by(clerks[0]), ticket: first.ticket })
  box.queue.complete({ ...by(clerks[0]), ticket: first.ticket, result: 'done' })
  box.queue.callNext({ ...by(clerks[0]), counter })
}

/** What is wrong with the page as it is now, in any window. */
async function faultsOf(page: Page, what: string): Promise<string[]> {
  const found: string[] = []
  for (const { width, height, letters } of windows) {
    await page.setViewportSize({ width, height })
    await page.evaluate((percent) => {
      document.documentElement.style.fontSize = `${percent}%`
    }, letters)
    await drawn(page)
    const at = `${what}, ${width}×${height} at ${letters} %`
    // Tables and rows of tabs scroll by themselves. Where letters of 200 % meet a phone, some words are wider than it.
    const broken = letters === 100 || width > 360
    const faults = (await measure(page, 'page')).filter(
      (line) => letters === 100 || line.startsWith('overflows') || (broken && line.startsWith('broken word')),
    )
    // The box's own mark is no word.
    const isMark = (line: string) => place.box.identity.box.includes(line.replace('broken word: ', ''))
    found.push(...faults.filter((line) => !isMark(line)).map((line) => `${at}: ${line}`))
    const row = page.locator('.tabs[role=tablist]')
    if ((await row.count()) > 0 && (await row.evaluate((node) => node.scrollWidth > node.clientWidth)))
      found.push(`${at}: the tabs scroll sideways`)
    if (letters !== 100) continue
    const top = await page
      .locator('header.top')
      .first()
      .boundingBox({ timeout: 100 })
      .catch(() => null)
    if ((top?.height ?? 0) > 170) found.push(`${at}: the head is ${top?.height} px high`)
    // Whoever watches does nothing.
    if (what !== '/today') found.push(...(await findMainHidden(page)).map((line) => `${at}: ${line}`))
  }
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'))
  return found
}

/** The page and all its parts, as they are now. */
async function walk(page: Page, path: string, state: string): Promise<string[]> {
  const found = await faultsOf(page, path)
  await takePictures(page, `staff${path.replaceAll('/', '-')}-${state}`)
  const parts = page.locator('nav button')
  for (let at = 0; at < (await parts.count()); at++) {
    const part = parts.nth(at)
    await part.evaluate((node: HTMLElement) => node.click())
    found.push(...(await faultsOf(page, `${path} ${await part.textContent()}`)))
  }
  return found.map((line) => `${state}: ${line}`)
}

/** Logs in, and waits until the page itself is there. */
async function enter({ path, who }: (typeof pages)[number]): Promise<Page> {
  const page = await place.open(path)
  await logIn(page, who)
  await page.locator('main').first().waitFor({ state: 'attached' })
  return page
}

test('who logs in', async () => {
  await open()
  const found: string[] = []
  const page = await place.open('/desk')
  await page.getByRole('button', { name: clerk }).waitFor()
  found.push(...(await faultsOf(page, 'names')))
  await page.getByRole('button', { name: clerk }).click()
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').first().waitFor()
  found.push(...(await faultsOf(page, 'a wrong PIN')))
  expect(found).toEqual([])
})

const internal = { code: 'internal', message: '', reference: 'r-7F3A9C', details: {} }

/** The box answers nothing but who is logged in: it takes long, or answers with an error. */
async function answer(page: Page, how: 'late' | 'broken'): Promise<void> {
  await page.context().unrouteAll()
  await page.context().route(/\/(api|live)\//, async (route) => {
    if (new URL(route.request().url()).pathname === '/api/session') return await route.continue()
    if (how === 'broken')
      await route.fulfill({ status: 500, body: JSON.stringify(internal), contentType: 'application/json' })
  })
  await page.reload()
  await page.locator('main').first().waitFor({ state: 'attached' })
}

/** Pages that follow the box say that it is away; others do when they ask. */
const isAway = (page: Page) =>
  page
    .locator('.state-cut, .state-error')
    .first()
    .waitFor({ timeout: 5_000 })
    .catch(() => {})

test.each(eachPage)(
  '%s: empty, and while the box takes long or answers with an error',
  async (path, page) => {
    await open()
    const opened = await enter(page)
    const found = await walk(opened, path, 'empty')
    for (const how of ['late', 'broken'] as const) {
      await answer(opened, how)
      if (how === 'broken') await isAway(opened)
      found.push(...(await walk(opened, path, how)))
    }
    expect(found).toEqual([])
  },
  120_000,
)

test.each(eachPage)(
  '%s: full, and when the line to the box is cut',
  async (path, page) => {
    await open()
    await fill()
    const opened = await enter(page)
    const found = await walk(opened, path, 'full')
    await opened.context().setOffline(true)
    await isAway(opened)
    found.push(...(await walk(opened, path, 'cut')))
    expect(found).toEqual([])
  },
  120_000,
)

test.each(eachPage)(
  '%s: while nobody has said what day it is',
  async (path, page) => {
    await open({ box: { trusted: false } })
    expect(await walk(await enter(page), path, 'doubtful')).toEqual([])
  },
  120_000,
)
