import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../appliance/clock.ts'
import { packFrame } from '../appliance/wire/frame.ts'
import type { BatchAck, Hello, HelloAck } from '../appliance/wire/messages.ts'
import { signChunk } from '../appliance/wire/sign.ts'
import { type Client, type Database, sqlState } from './database.ts'
import { judgeBatch, judgeHello, judgeWant, refuseUnread } from './judge.ts'
import { type Addressee, type DigestedBatch, type Refused, readBatch, readHello, readWant } from './message.ts'
import { createRefusals } from './refusals.ts'
import {
  lockStream,
  readBatchFacts,
  readCursor,
  readHelloFacts,
  readWantFacts,
  writeBatchVerdict,
  writeHelloVerdict,
} from './stream-table.ts'
import { createTurns } from './turns.ts'

export type Receiver = ReturnType<typeof createReceiver>

export type ReceiverParts = {
  database: Database
  clock: Clock
  log: Logger
  /** Sends an answer to a village's box. Its loss costs nothing: the box asks again. */
  publish: (village: string, kind: 'ack' | 'chunk', answer: Buffer) => void
  /** The key by which history is signed. */
  hubKey: KeyObject
  /** Since when rows may have been lost, ms since 1970 UTC: villages not counted since then are counted at their hello. */
  doubtedAt?: () => number
  /** Rings after a commit that brought entries; nothing but whose they are. */
  onTaken?: (village: string) => void
}

/**
 * Takes hellos and batches: one transaction each, under the village's row lock, answered after the commit and never
 * before. Messages of one village keep their order, villages go side by side. What cannot be answered (PostgreSQL is
 * gone, too much waits) is dropped: the box comes again. Nothing of a village stays in memory between messages.
 */
export function createReceiver({
  database,
  clock,
  log,
  publish,
  hubKey,
  doubtedAt = () => 0,
  onTaken = () => {},
}: ReceiverParts) {
  const turns = createTurns(database.connections)
  const refusals = createRefusals(database, log)
  const totals = { hellos: 0, wants: 0, batches: 0, entries: 0, refused: 0, dropped: 0, failed: 0 }

  function take(village: string, kind: 'hello' | 'up' | 'want', payload: Buffer): void {
    if (!database.isUp() || turns.isFull()) {
      totals.dropped++
      return
    }
    if (kind === 'want') {
      const prepare = () => {}
      turns.enter(village, { bytes: payload.length, prepare, run: () => answerWant(village, payload) })
      return
    }
    const work = kind === 'hello' ? prepareHello(village, payload) : prepareBatch(village, payload)
    turns.enter(village, { bytes: payload.length, prepare: work.prepare, run: () => answer(village, work.carryOut) })
  }

  function prepareHello(village: string, payload: Buffer) {
    const prepare = once(() => readHello(payload))
    return {
      prepare,
      async carryOut() {
        const read = prepare()
        if ('hello' in read) return takeHello(village, read.hello)
        return refuse(village, read.refused, null)
      },
    }
  }

  function prepareBatch(village: string, payload: Buffer) {
    const prepare = once(() => readBatch(payload))
    return {
      prepare,
      async carryOut() {
        const read = prepare()
        if ('batch' in read) return takeBatch(village, read.batch)
        return refuse(village, read.refused, read.to)
      },
    }
  }

  async function answer(village: string, carryOut: () => Promise<HelloAck | BatchAck | null>): Promise<void> {
    try {
      const message = await carryOut()
      if (message) publish(village, 'ack', packFrame(message))
    } catch (error) {
      totals.failed++
      if (database.isUp()) log.error({ err: error, village }, 'a message could not be taken')
    }
  }

  async function answerWant(village: string, payload: Buffer): Promise<void> {
    try {
      const want = readWant(payload)
      if (!want) return
      const facts = await database.withClient((client) => readWantFacts(client, village, want))
      const chunk = judgeWant(want, facts, (unsigned) => signChunk(hubKey, village, unsigned))
      totals.wants++
      publish(village, 'chunk', packFrame(chunk))
    } catch (error) {
      totals.failed++
      if (database.isUp()) log.error({ err: error, village }, 'history could not be read')
    }
  }

  const situation = () => ({ now: clock.read().at, window: windowFor(turns.waitingBytes()) })

  async function takeHello(village: string, hello: Hello): Promise<HelloAck> {
    const verdict = await database.inTransaction(async (client) => {
      const { owner } = await lockStream(client, village)
      const judged = judgeHello(hello, {
        ...(await readHelloFacts(client, village, hello, checkedAfter())),
        ...situation(),
        owner,
      })
      await writeHelloVerdict(client, village, judged)
      return judged
    })
    totals.hellos++
    return verdict.answer
  }

  /** Rows are counted once a day, and after each moment at which some may have been lost. */
  const checkedAfter = () => Math.max(doubtedAt(), clock.read().at - countEveryMs)

  async function takeBatch(village: string, batch: DigestedBatch): Promise<BatchAck | null> {
    const moved = batch.entries.some(({ origin }) => origin)
    try {
      return await judgeAndWrite(village, batch, { expectNew: !moved })
    } catch (error) {
      const state = sqlState(error)
      if (state === doubled && !moved) return judgeAndWrite(village, batch, { expectNew: false })
      // Data that PostgreSQL cannot hold will not become better by being sent again.
      if (state?.startsWith('22')) return refuse(village, { code: 'malformed', message: String(error) }, batch)
      throw error
    }
  }

  async function judgeAndWrite(village: string, batch: DigestedBatch, how: { expectNew: boolean }): Promise<BatchAck> {
    const verdict = await database.inTransaction(async (client) => {
      await lockStream(client, village)
      const judged = judgeBatch(batch, { ...(await readBatchFacts(client, village, batch)), ...situation() })
      await writeBatchVerdict(client, village, judged, how)
      return judged
    })
    totals.batches++
    totals.entries += verdict.places.length
    if (verdict.answer.refused) noteRefused(village, verdict.answer.refused)
    if (verdict.cursor) onTaken(village)
    return verdict.answer
  }

  async function refuse(village: string, refused: Refused, to: Addressee | null): Promise<BatchAck | null> {
    noteRefused(village, refused)
    if (!to) return null
    const cursor = await database.inTransaction((client: Client) => readCursor(client, village, to.epoch))
    return refuseUnread(to, refused, { village, cursor, ...situation() })
  }

  function noteRefused(village: string, refused: Refused): void {
    totals.refused++
    refusals.note(village, refused)
  }

  return {
    take,
    totals: () => ({ ...totals, waiting: turns.waiting() }),
    /** Whether messages wait for their turn: what is less urgent should too. */
    isBusy: () => turns.waiting() > 1,
    /** Resolves when all that was taken is committed or given up. */
    settle: () => turns.settle(),
    async close() {
      await turns.settle()
      await refusals.close()
    },
  }
}

/** SQLSTATE unique_violation. */
const doubled = '23505'

const countEveryMs = 20 * 3_600_000

const MiB = 1024 * 1024

/** How many batches each box may have in flight, by what waits here of all boxes. */
function windowFor(waitingBytes: number): number {
  if (waitingBytes > 64 * MiB) return 0
  return waitingBytes < 4 * MiB ? 8 : waitingBytes < 16 * MiB ? 4 : 1
}

/** `work`, done at the first call only. */
function once<T>(work: () => T): () => T {
  let done: { value: T } | undefined
  return () => {
    done ??= { value: work() }
    return done.value
  }
}
