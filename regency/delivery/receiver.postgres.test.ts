import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { computeChain } from '../../appliance/wire/chain.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import type { WireEntry } from '../../appliance/wire/messages.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { openTestDatabase, openTestDatabaseAlone, openTestReceiver, quiet, until } from '../../testing/hub-parts.ts'
import { type Database, openDatabase } from '../base/database.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let database: Database
let lastVillage = 3_510_010_000

beforeAll(async () => {
  opened = await openTestDatabase()
  database = opened.database
}, 30_000)
afterAll(() => opened.close())

const newVillage = () => String(++lastVillage)

async function tableOf(village: string) {
  const { rows } = await database.query<{ epoch: string; seq: string; hash: Buffer; name: Buffer }>(
    'SELECT p.epoch, p.seq, p.hash, p.name FROM place p JOIN entry e USING (village, name) WHERE village = $1 ORDER BY epoch, seq',
    [village],
  )
  return rows.map(({ seq, ...row }) => ({ ...row, seq: Number(seq) }))
}

async function expectWhole(box: ReturnType<typeof createTestBox>) {
  const table = await tableOf(box.village)
  expect(table.map(({ seq }) => seq)).toEqual(box.chain.map(({ seq }) => seq))
  expect(table.map(({ hash }) => hash.toString('hex'))).toEqual(box.chain.map(({ hash }) => hash.toString('hex')))
  const { rows } = await database.query<{ count: string }>('SELECT count(*) FROM entry WHERE village = $1', [
    box.village,
  ])
  expect(Number(rows[0]?.count)).toBe(box.chain.length)
}

test('a hello enrols, batches are committed before they are answered, and every field is kept', async () => {
  const entries: WireEntry[] = [
    ...queueEntries(5),
    {
      type: 'x.odd',
      at: -5,
      clock: 'doubtful',
      actor: 'flow:1',
      data: { text: '"\\\u0000 {é}', list: [1, null, { a: [] }] },
      private: 'A'.repeat(43),
    },
  ]
  const box = createTestBox({ village: newVillage(), entries })
  const { ask, receiver } = openTestReceiver(database)
  const hello = await ask(box.village, 'hello', packFrame(box.hello()))
  expect(hello).toMatchObject({ owner: box.box, epochs: [{ epoch: box.epoch, seq: 0, common: 0 }] })
  expect(await ask(box.village, 'up', box.packBatch(1, 6))).toMatchObject({
    seq: 6,
    hash: box.hashAt(6).toString('base64url'),
  })
  await expectWhole(box)
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT type, at, clock, actor, key, data::text AS data, p, origin FROM entry WHERE village = $1 AND type = 'x.odd'`,
    [box.village],
  )
  expect(rows[0]).toEqual({
    type: 'x.odd',
    at: '-5',
    clock: 'doubtful',
    actor: 'flow:1',
    key: null,
    data: JSON.stringify(entries[5]?.data),
    p: Buffer.alloc(32),
    origin: null,
  })
  expect(await ask(box.village, 'hello', packFrame(box.hello()))).toMatchObject({ epochs: [{ seq: 6, common: 6 }] })
  await receiver.close()
})

test('what is refused is answered with its code, written nowhere, and counted', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(20) })
  const { ask, receiver } = openTestReceiver(database)
  expect((await ask(box.village, 'up', box.packBatch(1, 5))).refused?.code).toBe('unknown-key')
  await ask(box.village, 'hello', packFrame(box.hello()))
  const wrong = packFrame({ ...box.batch(1, 5), entries: [{ nonsense: true }] })
  expect(await ask(box.village, 'up', wrong)).toMatchObject({ seq: 0, refused: { code: 'malformed' } })
  expect((await ask(box.village, 'up', packFrame(box.batch(1, 5, { sig: box.batch(1, 6).sig })))).refused?.code).toBe(
    'bad-signature',
  )
  expect(await tableOf(box.village)).toEqual([])
  await receiver.close()
  const { rows } = await database.query('SELECT code, count FROM refused WHERE village = $1 ORDER BY code', [
    box.village,
  ])
  expect(rows).toEqual([
    { code: 'bad-signature', count: '1' },
    { code: 'malformed', count: '1' },
    { code: 'unknown-key', count: '1' },
  ])
})

test('SYNC-005, F22: a hub that dies between commit and ack is asked again and answers its cursor; nothing is twice', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(50) })
  const dying = openTestReceiver(database, { deaf: true })
  dying.receiver.take(box.village, 'hello', packFrame(box.hello()))
  dying.receiver.take(box.village, 'up', box.packBatch(1, 30))
  await dying.receiver.close()
  const next = openTestReceiver(database)
  expect((await next.ask(box.village, 'up', box.packBatch(1, 30))).seq).toBe(30)
  expect((await next.ask(box.village, 'up', box.packBatch(20, 50))).seq).toBe(50)
  await expectWhole(box)
  await next.receiver.close()
})

/** A hello has its turn; what comes meanwhile waits together. */
async function askTogether(box: ReturnType<typeof createTestBox>, payloads: readonly Buffer[]) {
  const { receiver, answers } = openTestReceiver(database)
  receiver.take(box.village, 'hello', packFrame(box.hello()))
  for (const payload of payloads) receiver.take(box.village, 'up', payload)
  await receiver.close()
  return answers.slice(1)
}

test('SYNC-005: batches that wait together have one transaction and an answer each; a refused one spoils no other', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(30) })
  const foreign = packFrame(box.batch(11, 20, { sig: box.batch(1, 5).sig }))
  const answers = await askTogether(box, [
    box.packBatch(1, 10),
    foreign,
    box.packBatch(11, 20),
    box.packBatch(12, 20),
    box.packBatch(25, 30),
    box.packBatch(15, 30),
  ])
  expect(answers.map(({ seq, refused }) => refused?.code ?? seq)).toEqual([10, 'bad-signature', 20, 20, 20, 30])
  expect(answers.map(({ hash }) => hash)).toEqual(
    [10, 10, 20, 20, 20, 30].map((seq) => box.hashAt(seq).toString('base64url')),
  )
  await expectWhole(box)
  const { rows } = await database.query('SELECT DISTINCT xmin FROM place WHERE village = $1', [box.village])
  expect(rows).toHaveLength(1)
})

test('SYNC-005: where batches cannot be written together each is taken alone', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(30) })
  await askTogether(box, [box.packBatch(1, 30)])
  // Rows behind the cursor are there already, as after a restore by halves.
  await database.query('UPDATE epoch_cursor SET seq = 10, hash = $2 WHERE village = $1', [box.village, box.hashAt(10)])
  const answers = await askTogether(box, [box.packBatch(11, 20), box.packBatch(21, 30)])
  expect(answers.map(({ seq }) => seq)).toEqual([20, 30])
  await expectWhole(box)
})

test('F23: two hubs that take the same box at once write every entry once and in order', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(400) })
  const other = await openDatabase({ url: opened.server.url, connections: 4, log: quiet })
  const hubs = [openTestReceiver(database), openTestReceiver(other)]
  await hubs[0]?.ask(box.village, 'hello', packFrame(box.hello()))
  let acked = 0
  for (let round = 0; acked < 400; round++) {
    // Overlapping batches, some to one hub, some to the other, some to both.
    for (let first = acked + 1; first <= 400; first += 15) {
      const payload = box.packBatch(first, Math.min(400, first + 19))
      for (const [index, hub] of hubs.entries())
        if ((first + round + index) % 3 > 0) hub.receiver.take(box.village, 'up', payload)
    }
    await Promise.all(hubs.map((hub) => hub.receiver.settle()))
    acked = Math.max(...hubs.flatMap((hub) => hub.answers.map((answer) => answer.seq ?? 0)))
    expect(round).toBeLessThan(50)
  }
  await expectWhole(box)
  expect(hubs.flatMap((hub) => hub.answers.filter((answer) => answer.refused))).toEqual([])
  for (const hub of hubs) await hub.receiver.close()
  await other.close()
})

test('F23: while one hub has a village locked, another waits with its batches and then judges by the new cursor', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(10) })
  const { ask, receiver, answers } = openTestReceiver(database)
  await ask(box.village, 'hello', packFrame(box.hello()))
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let other: Promise<void> = Promise.resolve()
  await new Promise<void>((isLocked) => {
    other = database.inTransaction(async (client) => {
      await client.query('SELECT 1 FROM stream WHERE village = $1 FOR UPDATE', [box.village])
      isLocked()
      await held
    })
  })
  receiver.take(box.village, 'up', box.packBatch(1, 10))
  await until(async () => {
    const { rows } = await database.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    return rows.length > 0
  })
  expect(answers).toHaveLength(1)
  release()
  await other
  await receiver.settle()
  expect(answers.at(-1)?.seq).toBe(10)
  await receiver.close()
})

test('an entry appended again at another place is there once, with both places', async () => {
  const village = newVillage()
  const entries = queueEntries(4)
  const box = createTestBox({ village, entries })
  const { ask, receiver } = openTestReceiver(database)
  await ask(village, 'hello', packFrame(box.hello()))
  await ask(village, 'up', box.packBatch(1, 4))
  const moved = entries.slice(1).map(
    (entry, index): WireEntry => ({
      ...entry,
      origin: [box.epoch, index + 2, box.hashAt(index + 1).toString('base64url')],
    }),
  )
  const again = createTestBox({ village, entries: moved })
  await database.query('INSERT INTO signing_key (village, key, box) VALUES ($1, $2, $3)', [
    village,
    again.hello().key,
    again.box,
  ])
  expect((await ask(village, 'up', again.packBatch(1, 3))).seq).toBe(3)
  const table = await tableOf(village)
  expect(table).toHaveLength(7)
  expect(new Set(table.map(({ name }) => name.toString('hex'))).size).toBe(4)
  await receiver.close()
})

test('F60: rows that were lost behind a cursor come again over those that stayed', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(30) })
  const { ask, receiver } = openTestReceiver(database)
  await ask(box.village, 'hello', packFrame(box.hello()))
  await ask(box.village, 'up', box.packBatch(1, 30))
  await database.query('DELETE FROM place WHERE village = $1 AND seq BETWEEN 11 AND 20', [box.village])
  await database.query('UPDATE epoch_cursor SET seq = 10, hash = $2 WHERE village = $1', [box.village, box.hashAt(10)])
  expect((await ask(box.village, 'up', box.packBatch(11, 30))).seq).toBe(30)
  await expectWhole(box)
  await receiver.close()
})

test('the chain of the table verifies from the table alone', async () => {
  const box = createTestBox({ village: newVillage(), entries: queueEntries(40) })
  const { ask, receiver } = openTestReceiver(database)
  await ask(box.village, 'hello', packFrame(box.hello()))
  await ask(box.village, 'up', box.packBatch(1, 40))
  const { rows } = await database.query<WireEntry & { at: unknown; p: Buffer | null }>(
    `SELECT e.type, e.at, e.clock, e.actor, e.key, e.data, e.p FROM place JOIN entry e USING (village, name) WHERE village = $1 ORDER BY seq`,
    [box.village],
  )
  const read = rows.map(({ p, ...row }) => ({
    ...row,
    at: Number(row.at),
    ...(p ? { private: p.toString('base64url') } : {}),
  }))
  const chain = computeChain(box.village, box.epoch, 1, epochStart(box.village, box.epoch), read)
  expect(chain.at(-1)?.hash).toEqual(box.hashAt(40))
  await receiver.close()
})

test('F21: while PostgreSQL is gone nothing is answered; when it is back the roll is called and batches are taken', async () => {
  const mine = await openTestDatabaseAlone()
  const box = createTestBox({ village: newVillage(), entries: queueEntries(20) })
  const { ask, receiver, answers } = openTestReceiver(mine.database)
  await ask(box.village, 'hello', packFrame(box.hello()))
  let recovered = 0
  mine.database.onRecovered(() => recovered++)
  await mine.server.kill()
  await until(() => !mine.database.isUp())
  receiver.take(box.village, 'up', box.packBatch(1, 5))
  await receiver.settle()
  expect(answers).toHaveLength(1)
  await mine.server.restart()
  await until(() => recovered === 1)
  expect((await ask(box.village, 'up', box.packBatch(1, 20))).seq).toBe(20)
  await receiver.close()
  await mine.close()
}, 30_000)

test('SYNC-005: an emptied hub takes an old box’s epochs back in one day, and no stranger’s', async () => {
  const village = newVillage()
  const { ask, receiver } = openTestReceiver(database)
  const { privateKey } = generateKeyPairSync('ed25519')
  const epochs = Array.from({ length: 45 }, () => createTestBox({ village, entries: queueEntries(2), privateKey }))
  const [first] = epochs
  if (!first) throw new TypeError('There is no epoch.')
  await ask(village, 'hello', packFrame({ ...first.hello(), epochs: epochs.flatMap((box) => box.hello().epochs) }))
  for (const box of epochs) expect(await ask(village, 'up', box.packBatch(1, 2))).toMatchObject({ seq: 2 })
  // What no hello named counts as ever.
  const unnamed = Array.from({ length: 21 }, () => createTestBox({ village, entries: queueEntries(2), privateKey }))
  const answers = []
  for (const box of unnamed) answers.push((await ask(village, 'up', box.packBatch(1, 2))).refused?.code ?? 'taken')
  expect(answers).toEqual([...Array(20).fill('taken'), 'too-many-epochs'])
  const stranger = createTestBox({ village, entries: queueEntries(2) })
  await ask(village, 'hello', packFrame(stranger.hello()))
  const { rows } = await database.query('SELECT FROM epoch_cursor WHERE village = $1 AND epoch = $2', [
    village,
    stranger.epoch,
  ])
  expect(rows).toEqual([])
  await receiver.close()
})
