import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sink, tab } from '../testing/node-red.ts'
import { type OfficeWithFlows, openOfficeWithFlows, thisBox } from '../testing/office-with-flows.ts'

let all: OfficeWithFlows

beforeAll(async () => {
  all = await openOfficeWithFlows()
})
afterEach(async () => {
  await all.red.deploy([tab])
  all.red.forget()
})
afterAll(() => all.close())

const entries = (more: object = {}) => ({
  ...{ id: 'entries', type: 'balai entries', z: 'tab', box: 'box', types: 'queue.ticket-taken', wait: false },
  ...{ wires: [['end']], ...more },
})
const node = (type: string, more: object = {}) => ({
  id: 'node',
  type,
  z: 'tab',
  box: 'box',
  wires: [['end']],
  ...more,
})
const labels = (messages: { payload?: unknown }[]) =>
  messages.map(({ payload }) => (payload as { label: string }).label)

test('what happens in the office comes out entry by entry, of the types that were asked for', async () => {
  const { red } = all
  await red.deploy([tab, thisBox, entries({ id: 'first' }), sink('end')])
  await red.status('first', /baru di sini/)
  const taken = [all.take(), all.take(1)]
  all.next()
  all.take()
  const messages = await red.received('end', 3)
  expect(labels(messages).slice(0, 2)).toEqual(taken.map(({ label }) => label))
  expect(messages[0]).toMatchObject({
    topic: 'queue.ticket-taken',
    payload: { ticket: taken[0]?.ticket },
    entry: {
      type: 'queue.ticket-taken',
      clock: 'synced',
      actor: 'kiosk:1',
      name: expect.stringMatching(/^[\w-]{43}$/),
    },
  })
})

test('a flow that was away goes on where it was; a link that breaks is taken up again', async () => {
  const { red } = all
  await red.deploy([tab, thisBox, entries({ id: 'away' }), sink('end')])
  await red.status('away', /baru di sini/)
  const before = all.take()
  expect(labels(await red.received('end'))).toEqual([before.label])
  await red.status('away', /queue.ticket-taken/)
  await red.deploy([tab])
  red.forget()
  const [one, two] = [all.take(), all.take()]
  await red.deploy([tab, thisBox, entries({ id: 'away' }), sink('end')])
  expect(labels(await red.received('end', 2)).slice(-2)).toEqual([one.label, two.label])
  await all.shutLink()
  await red.status('away', /tidak menjawab/)
  const three = all.take()
  await all.openLink()
  await red.until(() => labels(red.receivedSoFar('end')).includes(three.label))
})

test('with “wait for done” the next entry comes when this one is done', async () => {
  const { red } = all
  await red.deploy([tab, thisBox, entries({ id: 'held', wait: true }), sink('end'), node('balai done', { wires: [] })])
  await red.status('held', /baru di sini/)
  const [one, two] = [all.take(), all.take()]
  const [first] = await red.received('end')
  expect(labels([first ?? {}])).toEqual([one.label])
  await red.status('held', /menunggu selesai/)
  expect(red.receivedSoFar('end')).toHaveLength(1)
  red.give('node', first)
  expect(await red.completed('node')).toEqual([null])
  expect(labels(await red.received('end', 2))).toEqual([one.label, two.label])
  red.give('node', { payload: 'a message of another flow' })
  expect((await red.completed('node', 2)).at(-1)).toContain('msg.balai')
})

test('a command that follows from an entry is given once, however often the entry comes', async () => {
  const { red } = all
  await red.deploy([tab, thisBox, node('balai command', { do: 'next', counter: 'Loket 2' }), sink('end')])
  const label = all.take(1).label
  const waiting = all.box.queue.openTickets().filter(({ state }) => state === 'waiting').length
  const message = { entry: { name: 'an-entry-that-comes-twice' } }
  red.give('node', { ...message })
  red.give('node', { ...message })
  const [first, again] = await red.received('end', 2)
  expect(again?.payload).toEqual(first?.payload)
  expect(first?.payload).toMatchObject({ number: expect.stringMatching(/^[AB]\d{3}$/) })
  expect(all.box.queue.openTickets().filter(({ state }) => state === 'waiting')).toHaveLength(waiting - 1)
  expect(all.entries('queue.ticket-called').at(-1)?.actor).toBe('flow:node')
  red.give('node', { ...message, do: 'done', key: 'done once' })
  expect((await red.received('end', 3)).at(-1)?.payload).toMatchObject({
    number: (first?.payload as { number: string } | undefined)?.number,
  })
  expect(label).toMatch(/^B/)
})

test('what the box refuses reaches the catch node, and the next message is taken', async () => {
  const { red } = all
  const caught = { id: 'catch', type: 'catch', z: 'tab', scope: ['node'], uncaught: false, wires: [['why']] }
  await red.deploy([
    ...[tab, thisBox, node('balai command', { do: 'next', counter: 'Loket 9' }), caught],
    ...[sink('end'), sink('why')],
  ])
  red.give('node', {})
  const [why] = await red.received('why')
  expect(why).toMatchObject({ error: { message: expect.stringContaining('Loket 9'), source: { id: 'node' } } })
  red.give('node', { do: 'dance', counter: 'Loket 1' })
  expect((await red.completed('node', 2)).at(-1)).toContain('dance')
  red.give('node', { do: 'pause', counter: 'Loket 2', minutes: '15' })
  red.give('node', { do: 'resume', counter: 'Loket 2' })
  expect((await red.completed('node', 4)).slice(2)).toEqual([null, null])
  expect(all.entries('queue.counter-paused').at(-1)).toMatchObject({
    actor: 'flow:node',
    data: { until: expect.any(Number) },
  })
})

test('a notice, a call without a ticket and a reading reach the office; health and office are read', async () => {
  const { red } = all
  await red.deploy([
    ...[tab, thisBox, sink('end')],
    node('balai notice', { id: 'notice' }),
    node('balai speak', { id: 'speak', counter: 'Loket 1' }),
    node('balai health', { id: 'reading', mode: 'reading', reading: 'orang di ruang tunggu', unit: 'orang' }),
    node('balai health', { id: 'health', mode: 'ask' }),
    node('balai office', { id: 'office' }),
    node('balai dataset', { id: 'dataset', dataset: 'services' }),
  ])
  red.give('notice', { payload: 'Layanan KTP pindah ke Loket 2', until: '2026-11-30' })
  expect(await red.completed('notice')).toEqual([null])
  expect(all.entries('queue.notice-changed').at(-1)).toMatchObject({
    actor: 'flow:notice',
    data: { until: '2026-11-30' },
  })
  red.give('speak', { number: 'A012' })
  expect(await red.completed('speak')).toEqual([null])
  red.give('reading', { payload: '7' })
  expect(await red.completed('reading')).toEqual([null])
  expect(all.box.automation.view().readings).toEqual([{ name: 'orang di ruang tunggu', value: 7, unit: 'orang' }])
  await red.received('end', 3)
  red.forget()
  red.give('health')
  expect(await red.received('end')).toMatchObject([
    { payload: { checks: expect.any(Array), alarms: expect.any(Array) } },
  ])
  red.give('office')
  expect((await red.received('end', 2)).at(-1)).toMatchObject({
    payload: { counters: [{ name: 'Loket 1' }, { name: 'Loket 2' }] },
  })
  red.give('dataset')
  expect(await red.completed('dataset')).toEqual([expect.stringContaining('services')])
})

test('an alarm is told when it begins and when it is over', async () => {
  const { red, box } = all
  box.alarms.set('power.low', true)
  await red.deploy([tab, thisBox, node('balai health', { id: 'watch', mode: 'watch', every: '10' }), sink('end')])
  const [begun] = await red.until(() => {
    const told = red.receivedSoFar('end').filter(({ topic }) => topic === 'power.low')
    return told.length > 0 && told
  })
  expect(begun).toMatchObject({ state: 'begun', payload: { code: 'power.low', severity: 'action' } })
  box.alarms.set('power.low', false)
  red.give('watch')
  const over = await red.until(() => red.receivedSoFar('end').find(({ state }) => state === 'over'))
  expect(over).toMatchObject({ topic: 'power.low' })
})

test('whatever a node is given, it says that it is done', async () => {
  const { red } = all
  const types = [
    'command',
    'print',
    'speak',
    'notice',
    'health',
    'dataset',
    'office',
    'summary',
    'done',
    'gpio',
    'serial',
  ]
  await red.deploy([
    tab,
    thisBox,
    ...types.map((type) => node(`balai ${type}`, { id: type, mode: type === 'gpio' ? 'out' : 'reading', wires: [[]] })),
  ])
  const odd = [undefined, null, 7, '', 'x', {}, [], [null], { text: 1 }, Number.NaN, true]
  for (const type of types) for (const payload of odd) red.give(type, { payload })
  for (const type of types) expect(await red.completed(type, odd.length), type).toHaveLength(odd.length)
})

test('a box that is not set up, or not this machine, is said in words', async () => {
  const { red } = all
  await red.deploy([
    tab,
    { ...thisBox, id: 'far', where: 'there', url: 'http://balai.local' },
    node('balai office', { id: 'nowhere', box: '' }),
    node('balai office', { id: 'plain', box: 'far' }),
  ])
  red.give('nowhere')
  red.give('plain')
  expect(await red.completed('nowhere')).toEqual([expect.stringContaining('Perangkat Balai belum dipilih')])
  expect(await red.completed('plain')).toEqual([expect.stringContaining('https://')])
})
