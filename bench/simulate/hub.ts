import { generateKeyPairSync } from 'node:crypto'
import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { BatchAck, HelloAck } from '../../appliance/wire/messages.ts'
import { publicKeyOf, signChunk } from '../../appliance/wire/sign.ts'
import {
  type BatchFacts,
  type BatchVerdict,
  judgeBatch,
  judgeHello,
  judgeWant,
  refuseUnread,
} from '../../regency/delivery/judge.ts'
import { type DigestedBatch, readBatch, readHello, readWant } from '../../regency/delivery/message.ts'
import { type HubTables, openHubTables } from './hub-tables.ts'
import type { World } from './world.ts'

const countEveryMs = 20 * 3_600_000

const { privateKey } = generateKeyPairSync('ed25519')
export const hubPublicKey = publicKeyOf(privateKey)

/** How a test takes a safeguard out of the hub. */
export type HubSabotage = {
  batch?: (batch: DigestedBatch, facts: BatchFacts, judge: typeof judgeBatch) => BatchVerdict
  tables?: (tables: HubTables) => HubTables
}

export type SimulatedHub = ReturnType<typeof createHub>

/** The shipping judge over tables in memory: the little of receiver.ts that is left. */
export function createHub(
  world: World,
  village: string,
  send: (kind: 'ack' | 'chunk', payload: Buffer) => void,
  sabotage: HubSabotage,
) {
  const startAt = Date.UTC(2026, 10, 23, 1)
  const open = (bytes: Buffer | null) => {
    const tables = openHubTables(village, bytes)
    return sabotage.tables?.(tables) ?? tables
  }
  let tables = open(null)
  /** Of the next answers so many are not sent: the hub dies between its commit and its ack. */
  let mute = 0
  /** When the rows were last counted against the cursors: at the first hello after a restart, and once a day. */
  let countedAt: number | null = null
  const refused = new Map<string, number>()

  function take(kind: UpKind, payload: Buffer): void {
    if (kind === 'want') {
      const read = readWant(payload)
      if (!('want' in read)) return
      const chunk = judgeWant(read.want, tables.wantFacts(read.want), (unsigned) =>
        signChunk(privateKey, village, unsigned),
      )
      answer('chunk', packFrame(chunk))
      return
    }
    const message = kind === 'hello' ? takeHello(payload) : takeBatch(payload)
    if (message) answer('ack', packFrame(message))
  }

  function answer(kind: 'ack' | 'chunk', payload: Buffer): void {
    if (mute > 0) mute--
    else send(kind, payload)
  }

  const situation = () => ({ now: Math.round(startAt + world.now()), window: 4 })

  function takeHello(payload: Buffer): HelloAck | null {
    const read = readHello(payload)
    if (!('hello' in read)) return null
    const count = countedAt === null || world.now() - countedAt > countEveryMs
    if (count) countedAt = world.now()
    const verdict = judgeHello(read.hello, { ...tables.helloFacts(read.hello, world.now(), count), ...situation() })
    tables.writeHello(verdict, world.now())
    return verdict.answer
  }

  function takeBatch(payload: Buffer): BatchAck | null {
    const read = readBatch(payload)
    if ('refused' in read) {
      return read.to && refuseUnread(read.to, read.refused, { village, cursor: null, ...situation() })
    }
    const facts = { ...tables.batchFacts(read.batch, world.now()), ...situation() }
    const verdict = sabotage.batch?.(read.batch, facts, judgeBatch) ?? judgeBatch(read.batch, facts)
    const code = verdict.answer.refused?.code
    if (code) refused.set(code, (refused.get(code) ?? 0) + 1)
    tables.writeBatch(verdict, world.now())
    return verdict.answer
  }

  return {
    take,
    tables: () => tables,
    backup: (): Buffer => tables.db.serialize(),
    /** PostgreSQL as it was; null: empty. */
    restore(bytes: Buffer | null): void {
      tables.db.close()
      tables = open(bytes)
      countedAt = null
    },
    /** The hub is started again, or lost its connection to PostgreSQL for a moment: rows may have gone meanwhile. */
    restart: () => {
      countedAt = null
    },
    dieBeforeAnswers: (count: number) => {
      mute = count
    },
    refused: () => refused,
  }
}
