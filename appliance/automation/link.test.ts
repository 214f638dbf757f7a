import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakePrinter } from '../../testing/fake-printer.ts'
import { openFlowClient } from '../../testing/flow-client.ts'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'

let box: TestBox
let made: Awaited<ReturnType<typeof furnish>>

beforeEach(async () => {
  box = await openTestBox()
  made = await furnish(box)
  box.office.sit({ counter: made.counters[0], ...by(made.clerks[0]) })
})
afterEach(() => box.remove())

const take = () => box.queue.takeTicket({ service: made.services[0], ...by('kiosk:1') })
const client = (act = true) => openFlowClient(box, made.technician, act)

/** The first lines of a reader. */
async function read(flow: ReturnType<typeof client>, reader: string, count: number, types = '') {
  const lines = []
  for await (const line of flow.entries(reader, types)) {
    lines.push(line)
    if (lines.length === count) break
  }
  return lines
}

test('a reader that is new begins at the end, and goes on from the place that the box keeps for it', async () => {
  take()
  const flow = client()
  const [hello] = await read(flow, 'lamp', 1)
  expect(hello).toMatchObject({ moved: true, after: box.journal.lastRow() })
  const label = take().label
  const [, first] = await read(flow, 'lamp', 2)
  expect(first?.entry).toMatchObject({ type: 'queue.ticket-taken', actor: 'kiosk:1', data: { label } })
  // Not seen: it comes again.
  const [again, second] = await read(flow, 'lamp', 2)
  expect(again?.moved).toBe(false)
  expect(second).toEqual(first)
  expect(await flow.seen('lamp', String(hello?.journal), Number(first?.n))).toBe(200)
  expect((await read(flow, 'lamp', 1))[0]?.after).toBe(first?.n)
})

test('the place survives a restart of the box', async () => {
  const flow = client()
  const [hello] = await read(flow, 'lamp', 1)
  take()
  const n = box.journal.lastRow()
  await flow.seen('lamp', String(hello?.journal), n)
  await box.close()
  box = await openTestBox({ folder: box.folder })
  const later = openFlowClient(box, made.technician)
  expect((await read(later, 'lamp', 1))[0]).toMatchObject({ moved: false, after: n })
})

test('only the types that are asked for are sent, and the place moves past the others', async () => {
  const flow = client()
  await read(flow, 'lamp', 1)
  take()
  box.queue.callNext({ counter: made.counters[0], ...by(made.clerks[0]) })
  take()
  const lines = await read(flow, 'lamp', 3, 'queue.ticket-called')
  expect(lines[1]?.entry?.type).toBe('queue.ticket-called')
  expect(lines[2]).toEqual({ n: box.journal.lastRow() })
})

test('a reader that is stuck costs the box nothing, and another one gets everything', async () => {
  const stuck = client().entries('stuck')
  await stuck.next()
  const quick = client().entries('quick')
  await quick.next()
  for (let n = 0; n < 3_000; n++)
    box.office.changeNotice({ text: `${'x'.repeat(200)}${n}`, actor: made.technician, key: null })
  const got = []
  for await (const line of quick) {
    got.push(line)
    if (got.length === 3_000) break
  }
  expect(got.at(-1)?.entry?.data).toMatchObject({ text: expect.stringMatching(/2999$/) })
  await stuck.return(undefined)
})

test('numbers of another journal, and of entries that are not written yet, are refused by name', async () => {
  const flow = client()
  const [hello] = await read(flow, 'lamp', 1)
  expect(await flow.seen('lamp', 'another', 1)).toBe(409)
  expect(await flow.seen('lamp', String(hello?.journal), 1_000_000)).toBe(400)
  expect(await flow.seen('nobody', String(hello?.journal), 1)).toBe(404)
})

test('a button calls, recalls and finishes for whoever sits there, and the journal says which node it was', async () => {
  const { label } = take()
  const flow = client()
  const next = await flow.ask('POST', '/api/flows/commands', { do: 'next', counter: 'Loket 1' }, 'tombol-1')
  expect(next).toMatchObject({ status: 200, body: { number: label } })
  expect((await flow.ask('POST', '/api/flows/commands', { do: 'recall', counter: 'loket 1' })).status).toBe(200)
  const done = await flow.ask('POST', '/api/flows/commands', { do: 'done', counter: 'Loket 1' })
  expect(done).toMatchObject({ status: 200, body: { number: label } })
  const types = box.store.db
    .prepare<[], { type: string; actor: string }>(
      `SELECT type, actor FROM entry WHERE actor LIKE 'flow:%' ORDER BY row`,
    )
    .all()
  expect(types).toEqual([
    { type: 'queue.ticket-called', actor: 'flow:tombol-1' },
    { type: 'queue.ticket-recalled', actor: 'flow:node-1' },
    { type: 'queue.serving-started', actor: 'flow:node-1' },
    { type: 'queue.ticket-completed', actor: 'flow:node-1' },
  ])
})

test('the same key gives the old answer, also when the counter has gone on', async () => {
  const [first] = [take(), take()]
  const flow = client()
  const key = newId()
  const next = { do: 'next', counter: 'Loket 1', key }
  const one = await flow.ask('POST', '/api/flows/commands', next)
  const finish = { do: 'done', counter: 'Loket 1', key: newId() }
  await flow.ask('POST', '/api/flows/commands', finish)
  expect((await flow.ask('POST', '/api/flows/commands', finish)).body).toMatchObject({ number: first.label })
  await flow.ask('POST', '/api/flows/commands', { do: 'next', counter: 'Loket 1' })
  expect((await flow.ask('POST', '/api/flows/commands', next)).body).toEqual(one.body)
  const pause = { do: 'pause', counter: 'Loket 1', key: newId() }
  expect((await flow.ask('POST', '/api/flows/commands', pause)).body).toMatchObject({ code: 'queue.counter-busy' })
  await flow.ask('POST', '/api/flows/commands', { do: 'done', counter: 'Loket 1' })
  expect((await flow.ask('POST', '/api/flows/commands', pause)).status).toBe(200)
  await flow.ask('POST', '/api/flows/commands', { do: 'resume', counter: 'Loket 1' })
  expect((await flow.ask('POST', '/api/flows/commands', pause)).status).toBe(200)
  expect(box.office.counter(made.counters[0]).paused).toBe(false)
})

test.each([
  ['a counter that is not there', { do: 'next', counter: 'Loket 9' }, 404, 'flow.no-counter'],
  ['a counter where nobody sits', { do: 'next', counter: 'Loket 2' }, 409, 'flow.nobody-there'],
  ['a counter without a ticket', { do: 'done', counter: 'Loket 1' }, 409, 'flow.no-ticket'],
  ['a word that is none', { do: 'explode', counter: 'Loket 1' }, 400, 'invalid'],
])('a command for %s is refused by name', async (_what, body, status, code) => {
  expect(await client().ask('POST', '/api/flows/commands', body)).toMatchObject({ status, body: { code } })
})

test('a token that only reads cannot act, one that was taken back does nothing, and none is the host', async () => {
  const reads = client(false)
  expect((await reads.ask('GET', '/api/flows/office')).status).toBe(200)
  expect(await reads.ask('POST', '/api/flows/notice', { text: 'x' })).toMatchObject({
    status: 403,
    body: { code: 'flow.scope' },
  })
  const acts = client()
  const flows = { flows: '[]', credentials: '{}', author: null }
  for (const [method, path, body] of [
    ['GET', '/api/flows/host', undefined],
    ['POST', '/api/flows/host/beat', { state: 'running', rssMb: 1, missing: [], error: null }],
    ['GET', '/api/flows/host/flows', undefined],
    ['POST', '/api/flows/host/flows', flows],
    ['POST', '/api/flows/host/settings', {}],
  ] as const) {
    const answer = await acts.ask(method, path, body, 'host')
    expect(answer, path).toMatchObject({ status: 403, body: { code: 'flow.scope' } })
  }
  for (const { token } of box.automation.view().tokens)
    box.automation.removeToken({ token, actor: made.technician, key: null })
  expect(await acts.ask('GET', '/api/flows/office')).toMatchObject({
    status: 401,
    body: { code: 'flow.unknown-token' },
  })
})

test('a token opens no other route of the box', async () => {
  const flow = client()
  for (const path of [
    '/api/live/desk',
    '/api/live/technician',
    '/api/live/flows',
    '/api/accounts',
    '/api/flows/versions/1/file',
  ])
    expect([401, 403, 404], path).toContain((await flow.ask('GET', path)).status)
})

test('the office is told as it stands, without a name of a person', async () => {
  const { label } = take()
  box.queue.callNext({ counter: made.counters[0], ...by(made.clerks[0]) })
  take()
  const { body } = await client().ask('GET', '/api/flows/office')
  expect(body).toMatchObject({
    ...{ name: 'Desa Tamansari', open: true },
    services: [{ prefix: 'A', name: 'KTP', waiting: 1, open: true }, { prefix: 'B' }],
    counters: [
      { name: 'Loket 1', staffed: true, paused: false, ticket: label },
      { name: 'Loket 2', staffed: false, ticket: null },
    ],
  })
  expect(JSON.stringify(body)).not.toContain('Petugas')
})

test('lines are printed once for a key, on the printer that is named', async () => {
  const tickets = await startFakePrinter()
  const labels = await startFakePrinter()
  const settings = {
    target: tickets.target,
    width: 58,
    others: [{ name: 'Label', target: labels.target, width: 80 }],
  } as const
  box.paper.changeSettings({ settings: structuredClone(settings) as never, actor: made.technician, key: null })
  const flow = client()
  const paper = { printer: 'Label', lines: [{ text: 'Loket 1', bold: true, size: 2 }, { text: 'A012' }], key: newId() }
  expect((await flow.ask('POST', '/api/flows/print', paper)).body).toEqual({ printed: 'printed' })
  expect((await flow.ask('POST', '/api/flows/print', paper)).body).toEqual({ printed: 'printed' })
  expect(labels.papers.map((one: Buffer) => one.toString('latin1')).join()).toContain('A012')
  expect(labels.papers).toHaveLength(1)
  expect(tickets.papers).toHaveLength(0)
  expect(await flow.ask('POST', '/api/flows/print', { printer: 'Meja', lines: [{ text: 'x' }] })).toMatchObject({
    body: { code: 'print.unknown' },
  })
  await tickets.stop()
  await labels.stop()
})

test('a flow that floods is limited, told by an alarm that names it, and forgotten ten minutes later', async () => {
  const flow = client()
  const answers = []
  for (let n = 0; n < 12; n++) answers.push(await flow.ask('POST', '/api/flows/notice', { text: `${n}` }, 'lari'))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'flow.too-many', details: { seconds: 60 } } })
  const flooding = () => box.alarms.list().find(({ code }) => code === 'automation.flooding')
  expect(flooding()?.details).toEqual({ node: 'lari', what: 'notice' })
  box.time.advance(11 * 60_000)
  await box.look()
  expect(flooding()).toBeUndefined()
})

test('a reading stands in the checks until it is old', async () => {
  const flow = client()
  const path = `/api/flows/readings/${encodeURIComponent('Orang di ruang')}`
  expect((await flow.ask('PUT', path, { value: 12, unit: 'orang' })).status).toBe(200)
  const facts = async () => JSON.stringify((await flow.ask('GET', '/api/flows/health')).body)
  expect(await facts()).toContain('Orang di ruang')
  box.time.advance(11 * 60_000)
  expect(await facts()).not.toContain('Orang di ruang')
})

test('a call that a flow asks for is spoken in its turn by the displays', async () => {
  const flow = client()
  expect((await flow.ask('POST', '/api/flows/speak', { number: 'B007', counter: 'Loket 2' })).status).toBe(200)
  expect(box.voice.view().trials).toMatchObject([{ number: 'B007', counter: 'Loket 2' }])
})

test('a dataset that the regency has not sent is said to be missing', async () => {
  expect(await client().ask('GET', '/api/flows/datasets/services')).toMatchObject({
    status: 404,
    body: { code: 'flow.no-dataset' },
  })
})
