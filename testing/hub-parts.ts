import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createClock, systemClock } from '../appliance/base/clock.ts'
import { unpackFrame } from '../appliance/wire/frame.ts'
import type { BatchAck, HelloAck } from '../appliance/wire/messages.ts'
import { type Database, openDatabase } from '../regency/base/database.ts'
import { migrate } from '../regency/base/migrate.ts'
import { createMeters } from '../regency/delivery/meters.ts'
import { createReceiver } from '../regency/delivery/receiver.ts'
import { createStrangers } from '../regency/delivery/strangers.ts'
import { borrowDatabase, type LentDatabase } from './lender.ts'
import { startPostgres } from './servers.ts'

/** The hub's Ed25519 key in tests. */
export const testHubKey = generateKeyPairSync('ed25519')

/** A log that says nothing. */
export const quiet = pino({ level: 'silent' })

/** A folder that `remove` takes away. */
export function makeTestFolder(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `balai-${name}-`))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A database with the hub's schema, of its own, in the PostgreSQL of the run; `close` ends the pool and gives it back. */
export const openTestDatabase = async () => openMigrated((await borrowDatabase()) ?? (await startAlone()))

/** In a PostgreSQL of its own, which a test may kill or fill. */
export const openTestDatabaseAlone = async () => openMigrated(await startAlone())

const startAlone = () => startPostgres({ settings: { fsync: 'off' } })

async function openMigrated<Server extends LentDatabase>(server: Server) {
  const database = await openDatabase({ url: server.url, connections: 4, log: quiet })
  await migrate(database)
  return {
    server,
    database,
    async close() {
      await database.close()
      await server.stop()
    },
  }
}

/** Meters and strangers' budgets of their own, for a receiver; `free`: nobody ever meets a limit. */
export function createAdmission(database: Database, { free = false } = {}) {
  let hours = 0
  const monotonicMs = free ? () => ++hours * 3_600_001 : () => performance.now()
  return { meters: createMeters(database, monotonicMs), strangers: createStrangers(monotonicMs) }
}

/** A receiver whose answers are kept. */
export function openTestReceiver(database: Database, { deaf = false, free = false, doubtedAt = (): number => 0 } = {}) {
  const answers: (BatchAck & HelloAck)[] = []
  const admission = createAdmission(database, { free })
  const receiver = createReceiver({
    database,
    clock: createClock(systemClock),
    ...admission,
    log: quiet,
    hubKey: testHubKey.privateKey,
    doubtedAt,
    publish: (_village, _kind, payload) => {
      if (!deaf) answers.push(unpackFrame(payload) as BatchAck & HelloAck)
    },
  })
  return {
    receiver: {
      ...receiver,
      async close() {
        await receiver.close()
        await admission.meters.close()
      },
    },
    ...admission,
    answers,
    async ask(village: string, kind: 'hello' | 'up' | 'want', payload: Buffer): Promise<BatchAck & HelloAck> {
      receiver.take(village, kind, payload)
      await receiver.settle()
      const answer = answers.at(-1)
      if (!answer) throw new Error('No answer.')
      return answer
    },
  }
}

/** Asks until `check` says yes. Fails after `timeoutMs`. */
export async function until(check: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain for: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
