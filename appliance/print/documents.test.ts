import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startCups } from '../../testing/cups.ts'
import { fakeRules, startFakePrinter } from '../../testing/fake-printer.ts'
import { createAlarms } from '../base/alarms.ts'
import { sheets } from '../base/pdf/sheets.ts'
import { createDocuments, type Documents } from './documents.ts'
import { parseIppTarget } from './ipp-printer.ts'
import { officeRules } from './printer-places.ts'
import type { DocumentState } from './views.ts'

/* The printer of letters against Debian's own CUPS on loopback. */

const quick = { answerMs: 2_000, documentMs: 5_000, watchMs: 50, tellWithinMs: 700, jobMs: 30 }
const pdf = (text: string) => async () => Buffer.from(`%PDF-1.7 ${text}`)
let cups: Awaited<ReturnType<typeof startCups>>
const stops: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  cups = await startCups()
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
afterAll(() => cups?.stop())

function open(target = cups.target) {
  const alarms = createAlarms(
    Date.now,
    () => performance.now(),
    () => {},
  )
  const documents: Documents = createDocuments({
    ...{ alarms, rules: fakeRules, timing: quick },
    onChange: () => {},
  })
  stops.push(documents.stop)
  documents.use(target)
  let sent = 0
  return {
    documents,
    raised: () => alarms.list().map(({ code, severity }) => `${code} ${severity}`),
    print: (text: string, key = `key-${sent++}`) => documents.print({ pdf: pdf(text), sheet: sheets.F4, key }),
    becomes: (state: DocumentState) => vi.waitFor(() => expect(documents.view().state).toBe(state), 5_000),
  }
}
const newest = () => cups.papers().at(-1)?.toString()

test('a document comes out whole, and the printer says that it has printed', async () => {
  const { documents, print, becomes } = open()
  await becomes('ready')
  expect(documents.view()).toEqual({ state: 'ready', name: 'Local Raw Printer', target: cups.target })
  expect(await print('surat')).toMatchObject({ printed: 'printed' })
  expect(newest()).toBe('%PDF-1.7 surat')
})

test('by ipps it is encrypted, whoever has signed the printer’s certificate', async () => {
  const { print, becomes } = open(cups.secure)
  await becomes('ready')
  expect(await print('sandi')).toMatchObject({ printed: 'printed' })
  expect(newest()).toBe('%PDF-1.7 sandi')
})

test('the same key prints once', async () => {
  const { print } = open()
  const before = cups.papers().length
  const both = await Promise.all([print('sekali', 'one'), print('sekali', 'one')])
  expect(both.map(({ printed }) => printed)).toEqual(['printed', 'printed'])
  expect(cups.papers().length).toBe(before + 1)
})

test('paper that ends is seen, is an alarm, and what the printer has comes out once there is more', async () => {
  const { documents, print, becomes, raised } = open()
  await becomes('ready')
  const before = cups.papers().length
  cups.takePaper()
  // CUPS learns of it from the first job.
  expect(await print('satu')).toMatchObject({ printed: 'taken', state: 'paper-out' })
  expect(raised()).toEqual(['documents.paper-out warning'])
  // The next one is not even sent.
  expect(await print('dua')).toEqual({ printed: 'not', state: 'paper-out' })
  cups.addPaper()
  await becomes('ready')
  await vi.waitFor(() => expect(newest()).toBe('%PDF-1.7 satu'))
  expect(cups.papers().length).toBe(before + 1)
  expect(raised()).toEqual([])
  expect(documents.view().state).toBe('ready')
})

test('a printer that is paused, and one that is away, print nothing and are seen to be back', async () => {
  const { print, becomes, raised } = open()
  await becomes('ready')
  const before = cups.papers().length
  await cups.pause()
  await becomes('stopped')
  expect(await print('jeda')).toEqual({ printed: 'not', state: 'stopped' })
  expect(raised()).toEqual(['documents.stopped warning'])
  await cups.resume()
  await becomes('ready')
  await cups.end()
  expect(await print('jauh')).toEqual({ printed: 'not', state: 'no-connection' })
  expect(raised()).toEqual(['documents.no-connection warning'])
  await cups.begin()
  await becomes('ready')
  expect(cups.papers().length).toBe(before)
  expect(await print('kembali')).toMatchObject({ printed: 'printed' })
})

test('a job that the printer gives up is not printed', async () => {
  const { print, becomes } = open()
  await becomes('ready')
  cups.fail()
  expect(await print('gagal')).toMatchObject({ printed: 'not' })
  cups.mend()
})

test('what is no printer, no queue, or wants a password is said so, and nothing is sent', async () => {
  const page = createServer((_request, response) => response.end('<html>Halaman</html>'))
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  stops.push(() => new Promise((resolve) => page.close(resolve)))
  const tickets = await startFakePrinter()
  stops.push(tickets.stop)
  const targets: [string, DocumentState][] = [
    [cups.nobody, 'no-queue'],
    [cups.locked, 'no-permission'],
    [`ipp://127.0.0.1:${(page.address() as AddressInfo).port}`, 'no-printer'],
  ]
  for (const [target, state] of targets) {
    const { print, becomes, raised } = open(target)
    await becomes(state)
    expect(await print('x')).toEqual({ printed: 'not', state })
    expect(raised()).toEqual(['documents.unusable warning'])
  }
  // A printer of tickets never answers: that is no connection.
  const { becomes } = open(`ipp://127.0.0.1:${tickets.port}`)
  await becomes('no-connection')
})

test('without a printer printing is refused, and one that is taken away is forgotten', async () => {
  const { documents, becomes, print, raised } = open(cups.nobody)
  await becomes('no-queue')
  documents.use('')
  expect(documents.view()).toEqual({ state: 'none', name: null, target: '' })
  expect(raised()).toEqual([])
  expect(() => print('x')).toThrow(expect.objectContaining({ code: 'print.no-documents' }))
})

test('a printer is an address in the office, or CUPS on the box itself', () => {
  const rules = officeRules({ loopback: false })
  const uri = (target: string) => parseIppTarget(target, rules).uri
  expect(uri('ipp://192.168.1.60')).toBe('ipp://192.168.1.60/ipp/print')
  expect(uri('ipp://printer.local:8631/printers/kantor')).toBe('ipp://printer.local:8631/printers/kantor')
  expect(uri('ipps://192.168.1.60/')).toBe('ipps://192.168.1.60/ipp/print')
  expect(uri('ipp://127.0.0.1/printers/kantor')).toBe('ipp://127.0.0.1/printers/kantor')
  for (const wrong of [
    ...['ipp://127.0.0.1:8080/', 'ipp://8.8.8.8', 'ipp://169.254.169.254', 'http://192.168.1.60', 'ipp://a:0'],
    ...['ipp://192.168.1.60:99999', 'ipp://user@192.168.1.60/', 'ipp://192.168.1.60/a?b', 'bukan alamat', 'file:/etc'],
  ])
    expect(() => uri(wrong), wrong).toThrow(expect.objectContaining({ code: 'print.document-target' }))
})
