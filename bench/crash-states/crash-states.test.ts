import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClock, systemClock } from '../../appliance/base/clock.ts'
import { createJournal } from '../../appliance/base/journal/journal.ts'
import { foldingOf } from '../../appliance/base/rooms/room.ts'
import { openStore } from '../../appliance/base/store/store.ts'
import { readHardware } from '../../appliance/health/readings.ts'
import { rooms } from '../../appliance/rooms.ts'
import { rethrow } from '../../testing/rethrow.ts'
import { prepareOffice } from '../offices.ts'
import { createRandom } from '../simulate/random.ts'
import { type Recording, recordBox } from './recording.ts'
import { type CrashState, drawCrashStates, replayAll } from './states.ts'

const village = '3510242008'

async function record(tickets: number, nodeArgs: readonly string[] = []): Promise<Recording> {
  const root = mkdtempSync(join(tmpdir(), 'balai-crash-'))
  const folder = join(root, 'box')
  mkdirSync(folder)
  try {
    const [service = ''] = await prepareOffice(folder, village)
    return await recordBox({ folder, village, service, tickets, nodeArgs })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** What is opened here need not outlive a power cut. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Opens what a power cut left as the box does at its start, and says what is wrong with it. */
function findFaults({ files, confirmed }: CrashState): string[] {
  const folder = mkdtempSync(join(memory, 'balai-state-'))
  const clock = createClock(systemClock)
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  try {
    const store = openStore(join(folder, 'balai.db'), clock, rethrow)
    try {
      const journal = createJournal(store, village, foldingOf(rooms, store.db))
      journal.open(readHardware())
      const kept = new Set(store.db.prepare<[], string>('SELECT ticket FROM ticket').pluck().all())
      const integrity = store.db.pragma('integrity_check(1)', { simple: true })
      return [
        ...(integrity === 'ok' ? [] : [`integrity_check: ${integrity}`]),
        ...journal.cutDamage().map(({ epoch, upTo }) => `epoch ${epoch} does not verify behind ${upTo}`),
        ...confirmed.filter((ticket) => !kept.has(ticket)).map((ticket) => `ticket ${ticket} was told and is lost`),
      ]
    } finally {
      store.close()
    }
  } catch (error) {
    return [`does not open: ${(error as Error).message}`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('F02, F03: of 520 states that a power cut could have left, none is damaged and none lacks a ticket that a citizen was told', async () => {
  const recording = await record(560)
  const kinds = recording.ops.map((op) => op.kind)
  expect(kinds.filter((kind) => kind === 'answer').length).toBe(672)
  expect(replayAll(recording)).toEqual(recording.after)
  // A checkpoint in the midst, one at the stop, and the WAL removed and made anew.
  const [main] = recording.before
  expect(recording.ops.filter((op) => op.kind === 'sync' && op.file === main?.file).length).toBeGreaterThan(1)
  expect(kinds).toContain('unlink')

  let states = 0
  for (const state of drawCrashStates(recording, createRandom(20_261_124), 520)) {
    expect(findFaults(state), state.story).toEqual([])
    states++
  }
  expect(states).toBe(520)
}, 300_000)

test('F03: with synchronous=NORMAL the same states lack tickets that citizens were told', async () => {
  const recording = await record(50, ['--import', join(import.meta.dirname, 'weak-sync.ts')])
  const faults = [...drawCrashStates(recording, createRandom(1), 40)].map(findFaults)
  expect(faults.filter((found) => found.some((fault) => fault.includes('is lost'))).length).toBeGreaterThan(10)
}, 300_000)
