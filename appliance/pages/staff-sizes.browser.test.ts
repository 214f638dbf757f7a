import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { openBrowser } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice } from '../../testing/browser-office.ts'
import { answerAs, faultsOf, untilAway, walkPage } from '../../testing/page-walk.ts'
import { by, testPin } from '../../testing/test-box.ts'

/* Every page of the staff with all its parts, in every state that it may be in (testing/page-walk.ts). */

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

const walk = (page: Page, name: string, state: Parameters<typeof walkPage>[1]['state']) =>
  walkPage(page, { name, state, watches: name === '/today', marks: [place.box.identity.box] })

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
  found.push(...(await faultsOf(page, { name: 'names', state: 'full' })))
  await page.getByRole('button', { name: clerk }).click()
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').first().waitFor()
  found.push(...(await faultsOf(page, { name: 'a wrong PIN', state: 'full' })))
  expect(found).toEqual([])
})

test.each(eachPage)(
  '%s: empty, and while the box takes long or answers with an error',
  async (path, page) => {
    await open()
    const opened = await enter(page)
    const found = await walk(opened, path, 'empty')
    for (const how of ['late', 'broken'] as const) {
      await answerAs(opened, how)
      if (how === 'broken') await untilAway(opened)
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
    await untilAway(opened)
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
