import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type FakeCondition, startFakePrinter } from '../../testing/fake-printer.ts'
import { decodePaper, paperText } from '../../testing/paper-decoder.ts'
import { drawPaper } from '../../testing/paper-picture.ts'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
let fake: Awaited<ReturnType<typeof startFakePrinter>>
const kioskToken = 'a-kiosk-that-stands-at-the-box'

beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
  box.devices.pairHere('kiosk', kioskToken)
  fake = await startFakePrinter()
})
afterEach(async () => {
  await box.remove()
  await fake.stop()
})

function setPrinter(target = fake.target, condition: FakeCondition = 'ready') {
  fake.set(condition)
  box.paper.changeSettings({ settings: { target, width: 58 }, actor: office.technician, key: null })
}

const post = (url: string, body: object) =>
  box.app.inject({
    method: 'POST',
    url,
    headers: { 'x-balai': '1', cookie: `balai_kiosk=${kioskToken}` },
    payload: { key: newId(), ...body },
  })
const take = (more: object = {}) => post('/api/tickets', { service: office.services[0], ...more })
const papers = (count: number) =>
  vi.waitFor(() => expect(fake.papers.length).toBe(count), { timeout: 9_000 }).then(() => fake.papers.map(wordsOf))
const wordsOf = (bytes: Uint8Array) => paperText(decodePaper(bytes)).filter((line) => line !== '')

test('a ticket taken at the kiosk comes out of the printer, in the language that the kiosk shows', async () => {
  setPrinter()
  await take()
  const second = await take({ language: 'en' })
  const [first = [], english = []] = await papers(2)
  expect(first).toEqual([
    '[image 136x72]',
    'Desa Tamansari',
    'Kecamatan Licin',
    'Nomor antrean Anda',
    'A001 (x4)',
    'KTP',
    'Giliran Anda berikutnya',
    '-'.repeat(32),
    'Yang perlu dibawa:',
    '- KTP lama',
    '-'.repeat(32),
    expect.stringMatching(/^\[qr http:\/\/127\.0\.0\.1:\d+\/t\/[A-Za-z0-9_-]{12}\]$/),
    'Pantau dari ponsel',
    expect.stringMatching(/^127\.0\.0\.1:\d+\/t\/[A-Za-z0-9_-]{6}/),
    'Senin, 23 November 2026, 08.00',
    '[cut]',
  ])
  expect(english).toContain('1 person before you')
  expect(english).toContain(`[qr ${second.json().address}]`)
  mkdirSync(join(import.meta.dirname, '../../artifacts'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, '../../artifacts/ticket-from-kiosk.png'),
    drawPaper(decodePaper(fake.papers[0] ?? Buffer.alloc(0)), 384),
  )
})

test('the reason for being called earlier is not on the paper', async () => {
  setPrinter()
  await take({ group: 'elderly' })
  await take()
  const [priority = [], ordinary = []] = await papers(2)
  const shape = (lines: string[]) =>
    lines
      .filter((line) => !line.startsWith('Perkiraan'))
      .map((line) => line.replace(/A00\d|\d+ orang.*|Giliran Anda berikutnya|\[qr.*|.*\/t\/.*/, ''))
  expect(shape(priority)).toEqual(shape(ordinary))
})

test('without paper a ticket is taken at once, everybody is told, and its paper comes with the new roll', async () => {
  setPrinter(fake.target, 'paper-out')
  await vi.waitFor(() => expect(box.paper.view().state).toBe('paper-out'), 5_000)
  expect((await take()).statusCode).toBe(201)
  await vi.waitFor(() => expect(box.paper.view().waiting).toBe(1))
  expect(box.alarms.list().map(({ code }) => code)).toContain('print.paper-out')
  const metrics = (await box.app.inject({ url: '/metrics' })).body
  expect(metrics).toContain('balai_printer_ready 0')
  expect(metrics).toContain('balai_papers_waiting 1')
  fake.set('ready')
  const [paper] = await papers(1)
  expect(paper).toContain('A001 (x4)')
  await vi.waitFor(() => expect(box.alarms.list().map(({ code }) => code)).not.toContain('print.paper-out'))
})

test('a repeated request for the same ticket gives one paper; printing again gives another', async () => {
  setPrinter()
  const key = newId()
  const first = await take({ key })
  const repeated = await take({ key })
  expect(repeated.json().ticket).toBe(first.json().ticket)
  await papers(1)
  const again = await post(`/api/tickets/${first.json().ticket}/print`, {})
  expect(again.json()).toEqual({ printed: 'printed' })
  expect((await papers(2))[1]).toContain('A001 (x4)')
})

test('a ticket that was lost is named in an alarm, until the next one is printed', async () => {
  setPrinter(fake.target, 'paper-out')
  await take()
  await vi.waitFor(() => expect(box.paper.view().waiting).toBe(1))
  box.time.advance(121_000)
  await vi.waitFor(() => expect(box.alarms.list().map(({ code }) => code)).toContain('print.lost'), 9_000)
  expect(box.alarms.list().find(({ code }) => code === 'print.lost')?.details).toEqual({ number: 'A001' })
  fake.set('ready')
  await take()
  await vi.waitFor(() => expect(box.alarms.list().map(({ code }) => code)).not.toContain('print.lost'), 9_000)
  expect(box.paper.counts()).toEqual({ printed: 1, lost: 1 })
}, 30_000)

test('the printer is an entry with who and when, and holds after a restart', async () => {
  setPrinter()
  const [entry] = box.store.db
    .prepare<[], { actor: string; at: number; data: string }>(
      `SELECT actor, at, data FROM entry WHERE type = 'print.settings-changed'`,
    )
    .all()
  expect(entry).toEqual({
    actor: office.technician,
    at: box.time.wall(),
    data: JSON.stringify({ target: fake.target, width: 58 }),
  })
  await box.close()
  box = await openTestBox({ folder: box.folder })
  expect(box.paper.settings()).toEqual({ target: fake.target, width: 58 })
})

test.each(['file:/var/lib/balai/balai.db', 'file:/dev/../etc/passwd', 'http://printer', 'printer'])(
  '%s cannot be set as a printer',
  (target) => {
    expect(() => setPrinter(target)).toThrow('A printer is tcp://host:port or file:/dev/usb/lp0')
    expect(box.paper.settings().target).toBe('')
  },
)

test('what an older program took for a printer is not opened, and an alarm says what to do', async () => {
  box.store.db
    .prepare(`INSERT INTO printer_settings (one, settings) VALUES (1, @settings)
      ON CONFLICT (one) DO UPDATE SET settings = excluded.settings`)
    .run({ settings: JSON.stringify({ target: 'file:/dev/fd/22', width: 58 }) })
  await box.close()
  box = await openTestBox({ folder: box.folder })
  expect(box.paper.view()).toEqual({ state: 'offline', reason: 'refused', waiting: 0 })
  expect(box.alarms.list().map(({ code }) => code)).toContain('print.refused')
  box.paper.changeSettings({ settings: { target: '', width: 58 }, ...by(office.technician) })
  expect(box.paper.view().state).toBe('none')
  expect(box.alarms.list().map(({ code }) => code)).not.toContain('print.refused')
})

test('an office without a printer says so when somebody asks for paper', async () => {
  const row = box.queue.takeTicket({ service: office.services[0], ...by(office.clerks[0]) })
  const answer = await post(`/api/tickets/${row.ticket}/print`, {})
  expect([answer.statusCode, answer.json().code]).toEqual([409, 'print.none'])
})
