import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { startFakePrinter } from '../../testing/fake-printer.ts'
import { by } from '../../testing/test-box.ts'

/* The editor as its people meet it: Node-RED's own page in Chromium, behind the box's login. */

let office: BrowserOffice
let page: Page

beforeAll(async () => {
  office = await openBrowserOffice({ box: { flows: true } })
  page = await office.open('/technician', { bypassCSP: false, locale: 'id-ID' })
  await logIn(page, 'Teknisi')
})
afterAll(() => office.close())

/** What a page asks for elsewhere, and what its policy forbids. */
function listenTo(context: BrowserContext) {
  const outside: string[] = []
  const forbidden: string[] = []
  context.on('request', (request) => {
    if (!request.url().startsWith(office.url)) outside.push(request.url())
  })
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) forbidden.push(message.text())
  })
  return { outside, forbidden }
}

async function openEditor(context: BrowserContext): Promise<Page> {
  const editor = await context.newPage()
  await editor.goto(`${office.url}/flows/`)
  await editor.locator('.red-ui-flow-node').first().waitFor({ timeout: 30_000 })
  return editor
}

test('a technician unlocks, changes a text, deploys, and the paper says it; the page says what changed and goes back', async () => {
  await expect.poll(() => office.box.automation.view().state, { timeout: 60_000 }).toBe('running')
  const printer = await startFakePrinter()
  const { technician, services, counters, clerks } = office.office()
  office.box.paper.changeSettings({ settings: { target: printer.target, width: 58 }, actor: technician, key: null })
  office.box.office.sit({ counter: counters[0], ...by(clerks[0]) })
  const heard = listenTo(page.context())

  await page.getByRole('button', { name: 'Ubah selama satu jam' }).click()
  await shows(page, /Boleh mengubah sampai/)
  await takePictures(page, 'flows-technician')
  const editor = await openEditor(page.context())
  // As somebody who pastes an example of the guide: a call prints a label.
  await editor.evaluate(`RED.view.importNodes(${JSON.stringify(labelFlow)}, { touchImport: true, generateIds: false })`)
  await editor.evaluate(`RED.workspaces.show('uji-tab')`)
  await editor.locator('#red-ui-header-button-deploy').click()
  await expect.poll(() => office.box.automation.view().versions[0]?.origin, { timeout: 20_000 }).toBe('editor')

  // The text is changed in the node's own form.
  await editor.locator('.red-ui-flow-node', { hasText: 'Label' }).dblclick()
  await editor.locator('.ace_editor').first().waitFor()
  await editor.evaluate(`document.querySelector('.ace_editor').env.editor.setValue('Silakan masuk')`)
  await editor.locator('#node-dialog-ok').click()
  await editor.locator('#red-ui-header-button-deploy').click()
  await expect.poll(() => office.box.automation.view().versions[0]?.version, { timeout: 20_000 }).toBe(3)
  await editor.screenshot({ path: 'artifacts/screens/flows-editor-1366x768.png' })

  office.box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  await expect
    .poll(
      () => {
        if (!office.box.queue.ticketAt(counters[0]))
          office.box.queue.callNext({ counter: counters[0], ...by(clerks[0]) })
        return printer.papers.map((one) => one.toString('latin1')).join()
      },
      { timeout: 30_000 },
    )
    .toContain('Silakan masuk')

  await page.bringToFront()
  await page.getByRole('button', { name: 'Apa bedanya' }).first().click()
  await shows(page, /Node 'Label' diubah: template .* → Silakan masuk/)
  await takePictures(page, 'flows-differences')
  await page.getByRole('button', { name: 'Pakai lagi' }).last().click()
  await expect.poll(() => office.box.automation.view().versions[0]).toMatchObject({ origin: 'back', of: 1 })
  expect(heard).toEqual({ outside: [], forbidden: [] })
  await editor.close()
  await printer.stop()
})

test('the editor speaks Indonesian: palette, menus, deploy, a node’s form; and English to who asks for it', async () => {
  const editor = await openEditor(page.context())
  const picture = (name: string) => editor.screenshot({ path: `artifacts/screens/flows-editor-${name}-1366x768.png` })
  // What can be chosen is not visible until the list is opened.
  const shown = (words: string) =>
    editor.getByText(words, { exact: true }).first().waitFor({ state: 'attached', timeout: 15_000 })
  const asked = (language: string) =>
    editor.evaluate(`fetch('/flows/locales/editor?lng=${language}').then((answer) => answer.json())`)
  expect(await asked('id-ID')).toMatchObject({ deploy: { full: 'Semua' } })
  expect(await asked('en-US')).toMatchObject({ deploy: { full: 'Full' }, languages: { id: 'Bahasa Indonesia' } })

  const headers = await editor.locator('.red-ui-palette-header').allTextContents()
  expect(headers.map((one) => one.trim())).toEqual(expect.arrayContaining(['umum', 'pengolah', 'rangkaian']))
  await editor.locator('#red-ui-header-button-deploy-options').click()
  for (const words of ['Semua', 'Flow yang berubah', 'Hanya node yang berubah', 'Mulai ulang flow']) await shown(words)
  await picture('deploy')
  await editor.locator('#red-ui-header-button-deploy-options').click()
  await editor.locator('#red-ui-header-button-sidemenu').click()
  for (const words of ['Impor', 'Ekspor', 'Cari di flow', 'Pengaturan']) await shown(words)
  await picture('menu')
  await editor.getByText('Pengaturan', { exact: true }).click()
  for (const words of ['Bahasa', 'Bahasa Indonesia', 'Ukuran kisi']) await shown(words)
  await editor.locator('#node-dialog-ok').click({ trial: true })
  await picture('settings')
  await editor.locator('#node-dialog-ok').click()
  await editor.locator('.red-ui-tray').waitFor({ state: 'detached' })
  await editor.evaluate(`RED.actions.invoke('core:show-import-dialog')`)
  for (const words of ['Impor node', 'pilih berkas', 'Contoh', 'flow baru']) await shown(words)
  await picture('import')
  await editor.getByRole('button', { name: 'Batal' }).click()

  await editor.evaluate(
    `RED.view.importNodes(${JSON.stringify(injectFlow)}, { touchImport: true, generateIds: false })`,
  )
  await editor.evaluate(`RED.workspaces.show('uji-jam-tab')`)
  for (const [name, id, words] of dialogsInIndonesian) {
    await editor.evaluate(`RED.editor.edit(RED.nodes.node('${id}'))`)
    for (const one of [`Ubah node ${name}`, 'Selesai', 'Batal', ...words]) await shown(one)
    // It slides in; what could be clicked stands still.
    await editor.locator('#node-dialog-ok').click({ trial: true })
    await picture(name)
    await editor.locator('#node-dialog-cancel').click()
    await editor.locator('#dialog-form').waitFor({ state: 'detached' })
  }
  // The library that the import offers is empty, and no fault.
  expect(await editor.locator('.red-ui-debug-msg').allTextContents()).toEqual([])
  expect(await editor.locator('body').innerText()).not.toMatch(/node-red:|common\.label|__\w+__/)
  await editor.close()
})

test('the technician’s page with the flows has no serious fault for who cannot see', async () => {
  const seen = await office.open('/technician')
  await logIn(seen, 'Teknisi')
  await shows(seen, 'Flow desa')
  expect(await findViolations(seen)).toEqual([])
  await seen.context().close()
})

test('the head reads and cannot deploy; a clerk and a stranger are refused, on the websocket too', async () => {
  await office.box.people.addAccount({
    as: 'technician',
    name: 'Kepala',
    role: 'head',
    pin: '258014',
    actor: 'test',
    key: null,
  })
  const socketOf = (one: Page) =>
    one.evaluate(
      `new Promise((resolve) => {
        const socket = new WebSocket(location.origin.replace('http', 'ws') + '/flows/comms')
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
      })`,
    )
  const head = await office.open('/admin', { locale: 'id-ID' })
  await logIn(head, 'Kepala')
  await shows(head, 'Kepala')
  expect(await socketOf(head)).toBe('open')
  const editor = await openEditor(head.context())
  const deployed = await editor.evaluate(
    `fetch('/flows/flows', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[]' }).then((answer) => answer.status)`,
  )
  expect(deployed).toBe(401)
  await head.context().close()

  const clerk = await office.open('/desk')
  await logIn(clerk, 'Petugas 1')
  await clerk
    .getByRole('button', { name: /Loket|Keluar|Petugas/ })
    .first()
    .waitFor()
  expect(await socketOf(clerk)).toBe('refused')
  await clerk.context().close()
  const stranger = await office.open('/book')
  expect(await socketOf(stranger)).toBe('refused')
  // Whoever opens the address is led to where he can log in.
  await stranger.goto(`${office.url}/flows/`)
  expect(new URL(stranger.url()).pathname).toBe('/technician')
  await stranger.context().close()
})

test('the end of a session closes its editor’s websocket, and Node-RED started anew is found again by an open editor', async () => {
  const context = page.context()
  const editor = await openEditor(context)
  const before = office.box.automation.view().lastEnd?.at ?? 0
  office.box.automation.restart()
  await expect.poll(() => office.box.automation.view().lastEnd?.at ?? 0, { timeout: 20_000 }).toBeGreaterThan(before)
  await expect.poll(() => office.box.automation.view().state, { timeout: 30_000 }).toBe('running')
  await expect.poll(() => office.box.automation.editors(), { timeout: 30_000 }).toBe(1)
  await page.evaluate(`fetch('/api/session', { method: 'DELETE', headers: { 'x-balai': '1' } })`)
  await expect.poll(() => office.box.automation.editors(), { timeout: 10_000 }).toBe(0)
  await editor.close()
})

const dialogsInIndonesian = [
  ['inject', 'uji-jam', ['Ulangi', 'pada jam tertentu', 'Senin', 'detik, lalu']],
  ['switch', 'uji-pilah', ['Properti', 'periksa semua aturan']],
  ['delay', 'uji-tunda', ['Tindakan', 'Tunda tiap pesan']],
  ['function', 'uji-olah', ['Saat ada pesan', 'Saat mulai']],
  ['debug', 'uji-lihat', ['Tampilkan', 'jendela debug']],
] as const

const at = (x: number) => ({ z: 'uji-jam-tab', x, y: 80 })
const injectFlow = [
  { id: 'uji-jam-tab', type: 'tab', label: 'Jam' },
  {
    ...{
      id: 'uji-jam',
      type: 'inject',
      name: '',
      props: [{ p: 'payload' }],
      repeat: '',
      crontab: '00 07 * * 1,2,3,4,5',
    },
    ...{ once: false, onceDelay: 0.1, topic: '', payload: '', payloadType: 'date', wires: [['uji-pilah']], ...at(150) },
  },
  {
    ...{ id: 'uji-pilah', type: 'switch', property: 'payload', propertyType: 'msg', rules: [{ t: 'else' }] },
    ...{ checkall: 'true', repair: false, outputs: 1, wires: [['uji-tunda']], ...at(320) },
  },
  {
    ...{ id: 'uji-tunda', type: 'delay', pauseType: 'delay', timeout: '5', timeoutUnits: 'seconds', rate: '1' },
    ...{ nbRateUnits: '1', rateUnits: 'second', randomFirst: '1', randomLast: '5', randomUnits: 'seconds' },
    ...{ drop: false, outputs: 1, wires: [['uji-olah']], ...at(480) },
  },
  {
    ...{ id: 'uji-olah', type: 'function', func: 'return msg;', outputs: 1, timeout: 0, noerr: 0, libs: [] },
    ...{ initialize: '', finalize: '', wires: [['uji-lihat']], ...at(640) },
  },
  {
    ...{ id: 'uji-lihat', type: 'debug', active: true, tosidebar: true, console: false, tostatus: false },
    ...{ complete: 'payload', targetType: 'msg', statusVal: '', statusType: 'auto', wires: [], ...at(800) },
  },
]

const labelFlow = [
  { id: 'uji-tab', type: 'tab', label: 'Label' },
  { id: 'uji-box', type: 'balai-box', name: 'Perangkat Balai ini', where: 'here', url: '' },
  {
    ...{
      id: 'uji-masuk',
      type: 'balai entries',
      z: 'uji-tab',
      name: 'Dipanggil',
      box: 'uji-box',
      types: 'queue.ticket-called',
    },
    ...{ wait: false, x: 150, y: 80, wires: [['uji-teks']] },
  },
  {
    ...{
      id: 'uji-teks',
      type: 'template',
      z: 'uji-tab',
      name: 'Label',
      field: 'payload',
      fieldType: 'msg',
      format: 'handlebars',
    },
    ...{ syntax: 'mustache', template: 'Nomor dipanggil', output: 'str', x: 320, y: 80, wires: [['uji-cetak']] },
  },
  {
    id: 'uji-cetak',
    type: 'balai print',
    z: 'uji-tab',
    name: 'Cetak',
    box: 'uji-box',
    printer: '',
    x: 480,
    y: 80,
    wires: [[]],
  },
]
