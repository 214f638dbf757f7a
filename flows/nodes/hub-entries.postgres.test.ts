import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { type FlowNode, sink, startNodeRed, type TestNodeRed, tab } from '../testing/node-red.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let red: TestNodeRed

beforeAll(async () => {
  opened = await openTestDatabase()
  red = await startNodeRed({ balaiHub: { database: opened.server.url } })
})
afterAll(async () => {
  await red.stop()
  await opened.close()
})

const [villageA, villageB] = ['3510242008', '3510242009']
const hash = (text: string) => Buffer.from(text.padEnd(32, '.'))

/** An entry at its place, as the hub's receiver commits it; `first`: the name of the entry that stood elsewhere first. */
async function commit(village: string, epoch: string, seq: number, type: string, first?: string) {
  const [own, name] = [hash(`${village}${epoch}${seq}`), hash(first ?? `${village}${epoch}${seq}`)]
  const { database } = opened
  await database.query('INSERT INTO place (village, epoch, seq, hash, name) VALUES ($1, $2, $3, $4, $5)', [
    village,
    epoch,
    seq,
    own,
    name,
  ])
  await database.query(
    `INSERT INTO entry (village, name, type, at, clock, actor, data)
     VALUES ($1, $2, $3, $4, 'synced', 'flow:test', $5) ON CONFLICT DO NOTHING`,
    [village, name, type, 1_795_000_000_000 + seq, JSON.stringify({ seq })],
  )
  await database.query(
    `INSERT INTO epoch_cursor (village, epoch, seq, hash) VALUES ($1, $2, $3, $4)
     ON CONFLICT (village, epoch) DO UPDATE SET seq = excluded.seq`,
    [village, epoch, seq, own],
  )
}

const reader = (more: object = {}): FlowNode[] => [
  tab,
  {
    ...{ id: 'hub', type: 'balai hub entries', z: 'tab', types: 'queue.ticket-completed', village: '', start: 'now' },
    ...{ every: '1', wait: false, wires: [['end']], ...more },
  },
  sink('end'),
]
const seqs = (messages: { village?: unknown; payload?: unknown }[]) =>
  messages.map(({ village, payload }) => `${String(village).at(-1)}:${(payload as { seq: number }).seq}`)

test('entries of all villages come in order, from now on, and after a restart none comes again', async () => {
  await commit(villageA, 'epochA', 1, 'queue.ticket-completed')
  await red.deploy(reader())
  await red.status('hub', /tersambung/)
  await commit(villageA, 'epochA', 2, 'queue.ticket-completed')
  await commit(villageA, 'epochA', 3, 'queue.ticket-taken')
  await commit(villageB, 'epochB', 1, 'queue.ticket-completed')
  const first = await red.received('end', 2)
  expect(seqs(first).sort()).toEqual(['8:2', '9:1'])
  expect(first[0]).toMatchObject({
    topic: 'queue.ticket-completed',
    entry: { name: expect.any(String), at: expect.any(Number) },
  })
  await red.deploy([tab])
  await commit(villageA, 'epochA', 4, 'queue.ticket-completed')
  await red.deploy(reader())
  expect(seqs(await red.received('end', 3)).at(-1)).toBe('8:4')
})

test('what a restored box brought again is told at its first place only', async () => {
  await red.deploy(reader())
  const before = red.receivedSoFar('end').length
  await commit(villageA, 'epochC', 1, 'queue.ticket-completed', `${villageA}epochA2`)
  await commit(villageA, 'epochC', 2, 'queue.ticket-completed')
  expect(seqs(await red.received('end', before + 1)).slice(before)).toEqual(['8:2'])
  expect((red.receivedSoFar('end').at(-1) as { entry: { name: string } }).entry.name).toBe(
    hash(`${villageA}epochC2`).toString('base64url'),
  )
})

test('one village alone, with all there is, and the next entry when this one is done', async () => {
  red.forget()
  await red.deploy([
    ...reader({ id: 'all', village: villageA, start: 'beginning', wait: true }),
    { id: 'done', type: 'balai done', z: 'tab', wires: [] },
  ])
  for (const count of [1, 2, 3]) {
    const message = (await red.received('end', count)).at(-1)
    expect(message).toMatchObject({ village: villageA })
    red.give('done', message)
    await red.completed('done', count)
  }
})

test('what is no village is said, and reads nothing', async () => {
  await red.deploy(reader({ id: 'odd', village: 'Tamansari' }))
  expect((await red.status('odd', /sepuluh/)).text).toContain('Tamansari')
})
