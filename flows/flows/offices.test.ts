import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startFakePrinter } from '../../testing/fake-printer.ts'
import { decodePaper, paperText } from '../../testing/paper-decoder.ts'
import { testPin } from '../../testing/test-box.ts'
import { tab } from '../testing/node-red.ts'
import { type OfficeWithFlows, openOfficeWithFlows, shipped } from '../testing/office-with-flows.ts'
import { layGpioTools } from '../testing/stand-ins.ts'

/* Flows for the whole office: paper, the evening, alarms, lights, a report. Lines are stand-ins, printers are on loopback. */

let all: OfficeWithFlows
let tools: ReturnType<typeof layGpioTools>
let printers: Awaited<ReturnType<typeof startFakePrinter>>[]

beforeAll(async () => {
  tools = layGpioTools('1.6.3')
  all = await openOfficeWithFlows()
  printers = await Promise.all([startFakePrinter(), startFakePrinter(), startFakePrinter()])
  const [ticket, guests, label] = printers.map(({ target }) => target)
  all.box.paper.changeSettings({
    settings: {
      ...{ target: ticket ?? '', width: 58 },
      others: [
        { name: 'penerima tamu', target: guests ?? '', width: 80 },
        { name: 'label', target: label ?? '', width: 58 },
      ],
    },
    ...{ actor: all.office.technician, key: null },
  })
})
afterEach(async () => {
  await all.red.deploy([tab])
  all.red.forget()
})
afterAll(async () => {
  await all.close()
  await Promise.all(printers.map(({ stop }) => stop()))
  tools.remove()
})

const papers = async (printer: number, count: number) => {
  await expect.poll(() => printers[printer]?.papers.length).toBe(count)
  return (printers[printer]?.papers ?? []).map((bytes) => paperText(decodePaper(bytes)).filter(Boolean))
}
const lamp = (line: number) =>
  tools
    .calls()
    .filter((call) => call.includes('--mode=signal'))
    .flatMap((call) => new RegExp(`\\b${line}=([01])$`).exec(call)?.[1] ?? [])

test('3: a number comes out at the guests’ desk too, and a label when its service begins', async () => {
  const { red } = all
  await red.deploy(shipped('03-printer-kedua'))
  await red.status('balai-f3-taken', /baru di sini/)
  await red.status('balai-f3-serving', /baru di sini/)
  const { label } = all.take()
  const [copy = []] = await papers(1, 1)
  expect(copy.join(' ')).toContain(label)
  expect(copy).toEqual(expect.arrayContaining(['Desa Tamansari', 'KTP']))
  const called = all.next()
  const [clerk] = all.office.clerks
  all.box.queue.start({ ticket: called.ticket, account: clerk, actor: clerk, key: null })
  const [onMap = []] = await papers(2, 1)
  expect(onMap.join(' ')).toContain(called.label)
  expect(onMap.join(' ')).toContain('Loket 1, 23 Nov 2026')
  await red.status('balai-f3-done2', /selesai/)
  all.box.queue.complete({ ticket: called.ticket, account: clerk, result: 'done', actor: clerk, key: null })
})

test('4: in the evening the day’s counts are a text for the group, once', async () => {
  const { red, box } = all
  await red.deploy(shipped('04-ringkasan-malam'))
  await red.status('balai-f4-day', /baru di sini/)
  all.take()
  const { ticket } = all.take(1)
  box.time.advance(12 * 60_000)
  const called = all.next()
  const [clerk] = all.office.clerks
  box.queue.start({ ticket: called.ticket, account: clerk, actor: clerk, key: null })
  box.queue.complete({ ticket: called.ticket, account: clerk, result: 'done', actor: clerk, key: null })
  expect(ticket).toBeTruthy()
  await red.received('balai-f4-count', 4)
  red.give('balai-f4-evening')
  const [summary] = await red.received('balai-f4-summary')
  expect(summary?.key).toBe('ringkasan 2026-11-23')
  expect(String(summary?.payload).split('\n')).toEqual([
    '*Desa Tamansari*, Senin, 23 November 2026',
    'Nomor diambil: 2',
    'Selesai dilayani: 1',
    'Masih menunggu: 1',
    'Lama menunggu (tengah): 12 menit',
    expect.stringMatching(/^Dihitung sejak pukul \d\d\.\d\d\.$/),
  ])
  // On the head's page, from where he passes it on.
  await expect.poll(() => box.automation.versions.summary()?.text).toBe(summary?.payload)
})

test('5: an alarm lights the lamp, comes out on paper and is told once; its end too', async () => {
  const { red, box } = all
  const before = printers[0]?.papers.length ?? 0
  await red.deploy(shipped('05-peringatan'))
  await red.status('balai-f5-watch', /peringatan/)
  box.alarms.set('power.low', true)
  box.alarms.set('voice.silent', true)
  red.give('balai-f5-watch')
  const begun = await papers(0, before + 2)
  expect(begun.slice(before).flat()).toEqual(
    expect.arrayContaining(['PERINGATAN', 'Listrik kurang kuat', 'Panggilan tidak terdengar']),
  )
  await expect.poll(() => lamp(25).at(-1)).toBe('1')
  await red.completed('balai-f5-notice')
  expect(all.entries('queue.notice-changed').at(-1)?.data).toMatchObject({ text: expect.stringContaining('di layar') })
  red.give('balai-f5-watch')
  await red.completed('balai-f5-watch', 2)
  box.alarms.set('power.low', false)
  box.alarms.set('voice.silent', false)
  red.give('balai-f5-watch')
  const over = await papers(0, before + 4)
  expect(over.slice(before + 2).flat()).toContain('SUDAH BERES')
  await expect.poll(() => lamp(25).at(-1)).toBe('0')
  await red.completed('balai-f5-notice', 2)
  expect(all.entries('queue.notice-changed').at(-1)?.data).toMatchObject({ text: '' })
})

test('6: in the evening the light goes on and a notice stands, while the office is open', async () => {
  const { red, box } = all
  const week = Array.from({ length: 7 }, () => [{ from: 8 * 60, until: 21 * 60 }])
  box.office.changeHours({ service: null, week, actor: all.office.technician, key: null })
  await red.deploy(shipped('06-layanan-malam'))
  await red.received('balai-f6-lights')
  expect(red.receivedSoFar('balai-f6-notice')).toEqual([])
  box.time.setWall(Date.UTC(2026, 10, 23, 11, 5)) // 18.05
  red.give('balai-f6-minute')
  expect(await red.received('balai-f6-notice')).toMatchObject([
    { payload: expect.stringMatching(/^Layanan malam dibuka sampai pukul 21.00/) },
  ])
  await expect.poll(() => lamp(26).at(-1)).toBe('1')
  box.time.setWall(Date.UTC(2026, 10, 23, 14, 5)) // 21.05
  red.give('balai-f6-minute')
  expect((await red.received('balai-f6-notice', 2)).at(-1)).toMatchObject({ payload: '' })
  await expect.poll(() => lamp(26).at(-1)).toBe('0')
})

test('9: the first login of each person a day is a line of the month’s file, without a PIN', async () => {
  const { red, box, office } = all
  const folder = mkdtempSync(join(tmpdir(), 'hadir-'))
  const flow = shipped('09-daftar-hadir', {
    'balai-f9': { env: [{ name: 'FOLDER', value: folder, type: 'str' }] },
  })
  await red.deploy(flow)
  await red.status('balai-f9-login', /baru di sini/)
  await box.people.addAccount({
    as: 'technician',
    name: '=Sri "Petugas 3"',
    role: 'clerk',
    pin: testPin,
    actor: office.technician,
    key: null,
  })
  const third = box.people.accounts().find(({ name }) => name.includes('Sri'))?.account ?? ''
  const logIn = (account: string) =>
    box.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-balai': '1' },
      payload: { account, pin: testPin },
    })
  for (const account of [third, office.clerks[0], third]) expect((await logIn(account)).statusCode).toBe(200)
  await red.received('balai-f9-done', 4)
  const lines = readFileSync(join(folder, 'hadir-2026-11.csv'), 'utf8').trim().split('\n')
  expect(lines).toEqual([
    expect.stringMatching(/^"2026-11-23","\d\d\.\d\d","'=Sri ""Petugas 3""","'?[\w-]{12}"$/),
    expect.stringContaining(`${office.clerks[0]}"`),
  ])
  expect(lines.join()).not.toContain(testPin)
  rmSync(folder, { recursive: true, force: true })
})
