import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { type FakeCondition, fakeRules, startFakePrinter } from '../../testing/fake-printer.ts'
import { createPrinter, type Printer, type PrinterState, parseTarget } from './printer.ts'
import { findPrinters, officeRules } from './printer-places.ts'
import { isStatus, readStatus } from './printer-status.ts'

const quick = { connectMs: 300, answerMs: 150, writeMs: 300, retryMs: 50, watchMs: 50, keepMs: 120_000 }
const paper = (text: string) => Buffer.from(text)
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function startFake(port?: number) {
  const fake = await startFakePrinter(port)
  stops.push(fake.stop)
  return fake
}

function start(target: string, timing: Partial<typeof quick> = {}, rules = fakeRules) {
  const seen: PrinterState[] = []
  let aheadMs = 0
  const printer = createPrinter({
    target,
    rules,
    onChange: (state) => seen.push(state),
    monotonicMs: () => performance.now() + aheadMs,
    timing: { ...quick, ...timing },
  })
  stops.push(printer.stop)
  return { printer, seen, states: () => seen.map(({ state }) => state), pass: (ms: number) => (aheadMs += ms) }
}

const becomes = (printer: Printer, state: PrinterState['state']) =>
  vi.waitFor(() => expect(printer.state().state).toBe(state), 3_000)

test('papers come out whole, in the order in which they were asked for', async () => {
  const fake = await startFake()
  const { printer, states } = start(fake.target)
  const all = ['one', 'two', 'three'].map((text) => printer.print(paper(text)))
  expect(await Promise.all(all)).toEqual(['printed', 'printed', 'printed'])
  expect(fake.papers.map(String)).toEqual(['one', 'two', 'three'])
  expect(states()).toEqual(['ready'])
})

test('the same paper can be printed again', async () => {
  const fake = await startFake()
  const { printer } = start(fake.target)
  for (let time = 0; time < 2; time++) expect(await printer.print(paper('A001'))).toBe('printed')
  expect(fake.papers.map(String)).toEqual(['A001', 'A001'])
})

test('R22: a roll that ends soon is said, and printed on', async () => {
  const fake = await startFake()
  const { printer } = start(fake.target)
  await becomes(printer, 'ready')
  fake.set('paper-low')
  expect(await printer.print(paper('A001'))).toBe('printed')
  await vi.waitFor(() => expect(printer.state()).toMatchObject({ state: 'ready', reason: 'paper-low' }))
  fake.set('ready')
  await vi.waitFor(() => expect(printer.state()).toMatchObject({ state: 'ready', reason: null }))
})

test.each<[FakeCondition, PrinterState['state'], PrinterState['reason']]>([
  ['paper-out', 'paper-out', null],
  ['cover-open', 'offline', 'cover-open'],
  ['error', 'offline', 'error'],
])('%s is seen on an idle printer, and that it is over', async (condition, state, reason) => {
  const fake = await startFake()
  const { printer } = start(fake.target)
  await becomes(printer, 'ready')
  fake.set(condition)
  await becomes(printer, state)
  expect(printer.state().reason).toBe(reason)
  fake.set('ready')
  await becomes(printer, 'ready')
})

test('a state keeps its beginning', async () => {
  const fake = await startFake()
  fake.set('paper-out')
  const { printer } = start(fake.target)
  await becomes(printer, 'paper-out')
  const { sinceMs } = printer.state()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(printer.state().sinceMs).toBe(sinceMs)
})

test('a paper waits for a new roll, and is printed once', async () => {
  const fake = await startFake()
  fake.set('paper-out')
  const { printer } = start(fake.target)
  const printed = printer.print(paper('A001'))
  await becomes(printer, 'paper-out')
  expect(printer.state().waiting).toBe(1)
  expect(fake.papers).toEqual([])
  fake.set('ready')
  expect(await printed).toBe('printed')
  expect(fake.papers.map(String)).toEqual(['A001'])
})

test('a paper that the end of the roll cut short is printed again', async () => {
  const fake = await startFake()
  fake.whilePrinting(() => fake.set('paper-out'))
  const { printer } = start(fake.target)
  const printed = printer.print(paper('A001'))
  await becomes(printer, 'paper-out')
  fake.set('ready')
  expect(await printed).toBe('printed')
  expect(fake.papers.map(String)).toEqual(['A001', 'A001'])
})

test('a printer that is away prints when it is back', async () => {
  const away = await startFakePrinter()
  await away.stop()
  const { printer } = start(away.target)
  const printed = printer.print(paper('A001'))
  await becomes(printer, 'offline')
  expect(printer.state().reason).toBe('no-connection')
  const back = await startFake(away.port)
  expect(await printed).toBe('printed')
  expect(back.papers.map(String)).toEqual(['A001'])
})

test('a paper older than two minutes is dropped, and that is said', async () => {
  const fake = await startFake()
  fake.set('paper-out')
  const { printer, pass } = start(fake.target)
  const old = printer.print(paper('old'))
  await becomes(printer, 'paper-out')
  pass(90_000)
  const young = printer.print(paper('young'))
  pass(30_000)
  expect(await old).toBe('failed')
  fake.set('ready')
  expect(await young).toBe('printed')
  expect(fake.papers.map(String)).toEqual(['young'])
})

test('a printer that answers no questions is printed on all the same', async () => {
  const fake = await startFake()
  fake.set('mute')
  const { printer } = start(fake.target)
  expect(await printer.print(paper('A001'))).toBe('printed')
  expect(printer.state().state).toBe('unknown')
})

test('a printer that takes a connection and no bytes is given up in time', async () => {
  const fake = await startFake()
  fake.set('deaf')
  const { printer } = start(fake.target)
  const printed = printer.print(Buffer.alloc(30_000_000))
  await becomes(printer, 'offline')
  await printer.stop()
  expect(await printed).toBe('failed')
})

test('stopping in the middle of a wait drops what waits', async () => {
  const fake = await startFake()
  fake.set('paper-out')
  const { printer } = start(fake.target, { retryMs: 60_000 })
  const printed = printer.print(paper('A001'))
  await becomes(printer, 'paper-out')
  await printer.stop()
  expect(await printed).toBe('failed')
  expect(await printer.print(paper('A002'))).toBe('failed')
})

test('a device file gets the bytes; one that is unplugged is offline until it is back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-printer-'))
  const device = join(folder, 'lp0')
  const { printer } = start(`file:${device}`)
  await becomes(printer, 'offline')
  const printed = printer.print(paper('A001'))
  writeFileSync(device, '')
  expect(await printed).toBe('printed')
  expect(printer.state().state).toBe('ready')
  expect(readFileSync(device, 'utf8')).toBe('A001')
  rmSync(folder, { recursive: true })
})

test('a device that is full says that paper is out', async () => {
  const { printer } = start('file:/dev/full')
  void printer.print(paper('A001'))
  await becomes(printer, 'paper-out')
})

test.each(['', 'lp0', 'tcp://', 'http://printer', 'file:lp0', 'tcp://printer:port'])('%j is no printer', (target) => {
  expect(() => start(target)).toThrow('A printer is tcp://host:port or file:/dev/usb/lp0')
})

const inOffice = officeRules({ loopback: false })

test.each([
  ...['file:/dev/fd/22', 'file:/dev/mem', 'file:/dev/watchdog', 'file:/dev/shm/x', 'file:/dev/usb/../mem'],
  ...['file:/dev/usb/lp0/x', 'file:/dev/serial/by-id/../../mem', 'file:/dev/ttyUSB0', 'file:/proc/self/fd/3'],
  ...['tcp://169.254.169.254:80', 'tcp://127.0.0.1', 'tcp://0.0.0.0', 'tcp://[::1]:9100', 'tcp://8.8.8.8'],
  'tcp://[::ffff:127.0.0.1]',
])('%s is no printer of an office', (target) => {
  expect(() => start(target, {}, inOffice)).toThrow('A printer is')
})

test.each([
  ...['tcp://192.168.1.40', 'tcp://10.1.2.3:9100', 'tcp://printer.local', 'tcp://[fd00::7]:9100'],
  ...['file:/dev/usb/lp0', 'file:/dev/serial/by-id/usb-EPSON_TM-T20_123-if00-port0'],
])('%s may be a printer of an office', (target) => {
  expect(() => parseTarget(target, inOffice)).not.toThrow()
})

test('a device that leads to something else is not opened, and one that is none is not written to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-printer-'))
  const other = join(folder, 'balai.db')
  writeFileSync(other, 'truth')
  symlinkSync(other, join(folder, 'lp0'))
  const named = { ...inOffice, mayName: () => true }
  const { printer: led } = start(`file:${join(folder, 'lp0')}`, {}, named)
  void led.print(paper('A001'))
  await becomes(led, 'offline')
  expect(led.state().reason).toBe('refused')
  const { printer: none } = start(`file:${other}`, {}, { ...named, mayOpen: () => true })
  void none.print(paper('A001'))
  await becomes(none, 'offline')
  expect(none.state().reason).toBe('refused')
  expect(readFileSync(other, 'utf8')).toBe('truth')
  const { printer: full } = start('file:/dev/full', {}, { ...named, mayOpen: () => true }) // a character device, and no printer
  await becomes(full, 'offline')
  expect(full.state().reason).toBe('refused')
  rmSync(folder, { recursive: true })
})

test('a name that leads to this machine is refused when it is met', async () => {
  const fake = await startFake()
  const { printer } = start(fake.target.replace('127.0.0.1', 'localhost'), {}, inOffice)
  void printer.print(paper('A001'))
  await becomes(printer, 'offline')
  expect(printer.state().reason).toBe('refused')
  expect(fake.papers).toEqual([])
})

test('what is plugged in is found by the name of its maker', () => {
  const root = mkdtempSync(join(tmpdir(), 'balai-plugged-'))
  for (const path of ['dev/usb', 'dev/serial/by-id', 'sys/class/usbmisc/lp0/device'])
    mkdirSync(join(root, path), { recursive: true })
  for (const path of ['lp0', 'lp1', 'hiddev0']) writeFileSync(join(root, 'dev/usb', path), '')
  writeFileSync(join(root, 'sys/class/usbmisc/lp0/device/ieee1284_id'), 'MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;')
  writeFileSync(join(root, 'dev/serial/by-id/usb-Prolific_PL2303-if00-port0'), '')
  expect(findPrinters(root)).toEqual([
    { target: 'file:/dev/usb/lp0', name: 'EPSON TM-T20 (lp0)' },
    { target: 'file:/dev/usb/lp1', name: 'lp1' },
    { target: 'file:/dev/serial/by-id/usb-Prolific_PL2303-if00-port0', name: 'Prolific PL2303' },
  ])
  rmSync(root, { recursive: true })
})

test('every answer to DLE EOT has one meaning, and other bytes have none', () => {
  const meanings = new Map<string, number>()
  for (let paperByte = 0; paperByte < 256; paperByte++) {
    for (let cause = 0; cause < 256; cause++) {
      if (!isStatus(paperByte) || !isStatus(cause)) continue
      const { state, reason } = readStatus(paperByte, cause)
      const name = reason ?? state
      meanings.set(name, (meanings.get(name) ?? 0) + 1)
    }
  }
  expect(Object.fromEntries(meanings)).toEqual({
    ready: 2,
    'paper-low': 6,
    'cover-open': 16,
    error: 8,
    'paper-out': 224,
  })
})
