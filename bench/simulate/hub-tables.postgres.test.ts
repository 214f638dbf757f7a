import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClock } from '../../appliance/base/clock.ts'
import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import type { DatasetName } from '../../appliance/wire/datasets.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { hubItself } from '../../regency/base/audit.ts'
import { type Given, giveCommand } from '../../regency/commands/giving.ts'
import { startSending } from '../../regency/commands/sending.ts'
import { signPiece, startOffers } from '../../regency/datasets/offers.ts'
import { publish, rollBack } from '../../regency/datasets/publishing.ts'
import { createReceiver } from '../../regency/delivery/receiver.ts'
import { commandsFold } from '../../regency/folds/commands.ts'
import { datasetsFold } from '../../regency/folds/datasets.ts'
import { erasuresFold } from '../../regency/folds/erasures.ts'
import type { Fold } from '../../regency/folds/fold.ts'
import { projectVillage } from '../../regency/folds/folding.ts'
import { createAdmission, openTestDatabase, quiet, testHubKey } from '../../testing/hub-parts.ts'
import { createHub } from './hub.ts'
import { createRandom } from './random.ts'
import { runSchedule } from './schedule.ts'
import { createWorld } from './world.ts'

const village = '3510242008'
let opened: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  opened = await openTestDatabase()
}, 30_000)
afterAll(() => opened.close())

/** What the boxes of a schedule sent, in order. */
async function record(seed: number): Promise<{ kind: UpKind; payload: Buffer }[]> {
  const sent: { kind: UpKind; payload: Buffer }[] = []
  await runSchedule({
    seed,
    kinds: [
      'clone-same-hardware',
      'restore-unseen',
      'backup',
      'duplicates',
      'reordering',
      'cut',
      'hub-dies-before-ack',
    ],
    sabotage: {
      sending(kind, payload) {
        sent.push({ kind, payload })
        return payload
      },
    },
  })
  return sent
}

/** Of an answer all but what differs by nature: its time, its window, its signature. */
const comparable = (payload: Buffer): unknown => {
  const { now: _now, window: _window, sig: _sig, epochs, ...rest } = unpackFrame(payload) as Record<string, unknown>
  const sorted = Array.isArray(epochs) ? [...epochs].sort((a, b) => a.epoch.localeCompare(b.epoch)) : undefined
  return { ...rest, ...(sorted ? { epochs: sorted } : {}) }
}

test.each([3, 4, 5])('what schedule %i sends gets the same answers from SQLite and from PostgreSQL', async (seed) => {
  const sent = await record(seed)
  await opened.database.query(
    'TRUNCATE stream, signing_key, known_box, epoch_cursor, place, entry, sealed, erased, lacking_part, projection_cursor',
  )
  const fromSqlite: unknown[] = []
  const fromPostgres: unknown[] = []
  const world = createWorld(createRandom(1))
  const hub = createHub(world, village, (_kind, payload) => fromSqlite.push(comparable(payload)), {})
  const admission = createAdmission(opened.database, { free: true })
  const receiver = createReceiver({
    database: opened.database,
    clock: createClock({ wall: () => Date.UTC(2026, 10, 24), monotonic: () => performance.now() }),
    log: quiet,
    hubKey: generateKeyPairSync('ed25519').privateKey,
    // The simulated hub meters nothing, so that faults without end are played to their end.
    ...admission,
    publish: (_village, _kind, payload) => fromPostgres.push(comparable(payload)),
  })
  // Three at a time, so that batches of one epoch share their turn here and there.
  for (let from = 0; from < sent.length; from += 3) {
    for (const { kind, payload } of sent.slice(from, from + 3)) {
      hub.take(kind, payload)
      receiver.take(village, kind, payload)
    }
    await world.pass(3_000)
    await receiver.settle()
    await projectVillage(opened.database, village, [erasuresFold])
    if (from === 3 * Math.floor(sent.length / 6)) {
      // Both lose the private parts, and look for them at each box's next hello.
      hub.tables().db.exec('DELETE FROM sealed')
      hub.restart()
      await opened.database.query('DELETE FROM sealed')
      await opened.database.query('UPDATE known_box SET parts_sought_at = NULL')
    }
  }
  await receiver.close()
  await admission.meters.close()
  expect(fromPostgres.length).toBeGreaterThan(20)
  expect(fromPostgres).toEqual(fromSqlite)
})

/** What the regency gives, in SQLite and in PostgreSQL alike, and what each of the two then sends down. */
test('what goes down to a village is the same from SQLite and from PostgreSQL', async () => {
  const { database } = opened
  await database.query(
    `INSERT INTO village (village, kind, name, district_code, district, valid_from) VALUES ($1, 'desa', 'Uji', '351024', 'Uji', '2020-01-01')`,
    [village],
  )
  const places = { villages: [village] }
  const world = createWorld(createRandom(1))
  const fromSqlite: unknown[] = []
  const fromPostgres: unknown[] = []
  const { regency, tables } = createHub(world, village, (_kind, payload) => fromSqlite.push(readDown(payload)), {})
  const parts = { database, log: quiet, now: regency.now, hubKey: testHubKey.privateKey, serves: () => true }
  const keep = (_village: string, payload: Buffer) => void fromPostgres.push(readDown(payload))
  const offers = startOffers({ ...parts, publish: keep })
  const commands = startSending({ ...parts, publish: keep })
  const sendBoth = async () => {
    fromSqlite.length = 0
    fromPostgres.length = 0
    regency.greet()
    offers.greet(village)
    await offers.stop()
    commands.greet(village)
    await commands.stop()
    expect(fromPostgres.length).toBeGreaterThan(0)
    expect(fromPostgres).toEqual(fromSqlite)
  }
  const send = (dataset: DatasetName, content: unknown, expected: number | null) => {
    regency.publish(dataset, content)
    const given = { dataset, content, places, stage: 'all', expected, note: '', now: regency.now() } as const
    return database.inTransaction((client) => publish(client, given, hubItself))
  }
  const giveBoth = async (command: Given, expiresMs: number) => {
    await database.inTransaction((client) =>
      giveCommand(client, { command, places, expiresMs, now: regency.now() }, hubItself),
    )
    const { rows } = await database.query<{ id: string }>('SELECT id FROM command ORDER BY given DESC LIMIT 1')
    regency.give(rows[0]?.id ?? '', command.type, { ...command.data }, expiresMs)
    return rows[0]?.id ?? ''
  }
  /** An entry of the box. */
  const say = async (type: string, data: object) => {
    const entry = { type, at: regency.now(), clock: 'synced', actor: 'hub', data }
    const name = randomBytes(32)
    tables().db.prepare('INSERT INTO entry (name, entry) VALUES (?, ?)').run(name, JSON.stringify(entry))
    tables().down.fold()
    for (const fold of [commandsFold, datasetsFold] as Fold<never>[])
      if (fold.types.includes(type))
        await database.inTransaction((client) => fold.write(client, village, fold.fold([{ name, ...entry }])))
  }

  await send('holidays', { holidays: [{ day: '2026-12-25', name: 'Natal' }] }, null)
  await send('agencies', { agencies: [] }, null)
  await send('holidays', { holidays: [] }, 1)
  regency.takeBack('holidays')
  await database.inTransaction((client) => rollBack(client, { dataset: 'holidays', now: regency.now() }, hubItself))
  const done = await giveBoth({ type: 'announce', data: {} }, 3_600_000)
  await giveBoth({ type: 'set', data: { setting: 'phonePercent', value: 3 } }, 7_200_000)
  await giveBoth({ type: 'set', data: { setting: 'phonePercent', value: 4 } }, 7_200_000)
  const told = await giveBoth({ type: 'message', data: { text: 'x', from: 'y' } }, 90_000_000)
  await sendBoth()
  await say('commands.carried-out', { command: done, type: 'announce', outcome: 'done' })
  await say('commands.message-read', { command: told }) // its outcome is not known yet
  await say('datasets.applied', { dataset: 'holidays', version: 9 })
  await say('datasets.refused', { dataset: 'agencies', version: 4, why: 'schema', where: '1 code' })
  // A box has told of newer versions than are here: the next ones are newer still.
  expect(await send('holidays', { holidays: [] }, 3)).toMatchObject({ version: 10 })
  expect(await send('agencies', { agencies: [] }, 1)).toMatchObject({ version: 5 })
  await sendBoth()
  await world.pass(8_000_000)
  await sendBoth() // two have expired
  expect(fromPostgres).toHaveLength(2)

  for (const [dataset, version, from] of [['holidays', 10, 3] as const, ['holidays', 3, 0] as const]) {
    const want = { session: 'sessionsessionse', n: 1, dataset, version, from, most: 2_048 }
    const piece = signPiece(testHubKey.privateKey, village, want, tables().down.piece(want))
    expect(await offers.give(village, want)).toEqual(piece)
  }
})

/** All but the signature, which is by another key. */
function readDown(payload: Buffer): unknown {
  const { sig: _sig, ...rest } = unpackFrame(payload) as Record<string, unknown>
  return rest
}
