import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClock } from '../../appliance/base/clock.ts'
import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { createReceiver } from '../../regency/delivery/receiver.ts'
import { createAdmission, openTestDatabase, quiet } from '../../testing/hub-parts.ts'
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
  await opened.database.query('TRUNCATE stream, signing_key, known_box, epoch_cursor, place, entry')
  const fromSqlite: unknown[] = []
  const fromPostgres: unknown[] = []
  const hub = createHub(
    createWorld(createRandom(1)),
    village,
    (_kind, payload) => fromSqlite.push(comparable(payload)),
    {},
  )
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
  for (const { kind, payload } of sent) {
    hub.take(kind, payload)
    receiver.take(village, kind, payload)
    await receiver.settle()
  }
  await receiver.close()
  await admission.meters.close()
  expect(fromPostgres.length).toBeGreaterThan(20)
  expect(fromPostgres).toEqual(fromSqlite)
})
