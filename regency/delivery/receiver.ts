import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../../appliance/base/clock.ts'
import { hourMs } from '../../appliance/base/time.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import type {
  BatchAck,
  Chunk,
  DatasetChunk,
  DatasetWant,
  FileChunk,
  FilePut,
  FilePutAck,
  FileWant,
  Hello,
  HelloAck,
  Want,
} from '../../appliance/wire/messages.ts'
import { signChunk } from '../../appliance/wire/sign.ts'
import type { CasePhotos } from '../agency/photos.ts'
import { type Client, type Database, isUnstorable, sqlState } from '../base/database.ts'
import type { Sending } from '../commands/sending.ts'
import type { Offers } from '../datasets/offers.ts'
import type { Files } from '../releases/files.ts'
import { readWantFacts } from './history-table.ts'
import { type Batches, judgeBatches, judgeHello, judgeWant, refuseUnread } from './judge.ts'
import {
  type Addressee,
  type DigestedBatch,
  type HelloMessage,
  type Refused,
  readHello,
  readUp,
  readWant,
  type UpMessage,
  type WantMessage,
} from './message.ts'
import type { Meters } from './meters.ts'
import { createRefusals } from './refusals.ts'
import { type Strangers, topicOf } from './strangers.ts'
import {
  lockStream,
  readBatchFacts,
  readCursor,
  readHelloFacts,
  writeBatchVerdicts,
  writeHelloVerdict,
} from './stream-table.ts'
import { createVillageQueues } from './village-queues.ts'

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
  /** Whether boxes must not set their clocks by this hub's. */
  isClockDoubted?: () => boolean
  /** Rings after a commit that brought entries; nothing but whose they are. */
  onTaken?: (village: string) => void
  /** What villages get besides history; none without it. */
  datasets?: Pick<Offers, 'greet' | 'give'>
  files?: Files
  /** Where files go that boxes send; without it none are taken. */
  photos?: Pick<CasePhotos, 'take'>
  commands?: Pick<Sending, 'greet'>
  meters: Meters
  strangers: Strangers
}

type Asked = 'hello' | 'up' | 'want'

/** Takes what is answered; null: nothing is (now). */
export type Reply = (answer: Buffer | null) => void

/** What is answered, and whether it was the village that asked: then it pays for it. */
type Outcome = { message: HelloAck | BatchAck | Chunk | DatasetChunk | FileChunk | FilePutAck | null; known: boolean }

/** What waits for its turn. `run` answers it: by its outcome, where that is there already. */
type Message = {
  bytes: number
  prepare: () => ReturnType<typeof shareOf>
  run: (outcome?: Outcome) => Promise<void>
}

/**
 * Takes hellos and batches: one transaction for each, or for the batches of one epoch that wait together, under the
 * village's row lock; each is answered for itself, after the commit and never before. Messages of one village keep their
 * order, villages go side by side. What cannot be answered (PostgreSQL is gone, too much waits) is dropped: the box comes
 * again. Nothing of a village stays in memory between messages.
 */
export function createReceiver({
  database,
  clock,
  log,
  publish,
  hubKey,
  doubtedAt = () => 0,
  isClockDoubted = () => false,
  onTaken = () => {},
  datasets,
  files,
  photos,
  commands,
  meters,
  strangers,
}: ReceiverParts) {
  const turns = createVillageQueues(database.connections, takeTurn)
  const refusals = createRefusals(database, log)
  const totals = { hellos: 0, wants: 0, puts: 0, batches: 0, entries: 0, refused: 0, dropped: 0, failed: 0 }

  /** `reply` is called once, whatever becomes of the message; without it the answer goes to the broker. */
  function take(village: string, kind: Asked, payload: Buffer, reply: Reply = toBroker(village, kind)): void {
    if (!database.isUp() || turns.isFull(village)) {
      totals.dropped++
      reply(null)
      return
    }
    if (meters.mayPass(village, kind)) turns.enter(village, prepare(village, kind, payload, reply))
    else reply(null)
  }

  const toBroker =
    (village: string, kind: Asked): Reply =>
    (answer) => {
      if (answer) publish(village, kind === 'want' ? 'chunk' : 'ack', answer)
    }

  function prepare(village: string, kind: Asked, payload: Buffer, reply: Reply): Message {
    const bytes = payload.length
    const to = { village, kind, bytes, reply }
    switch (kind) {
      case 'hello': {
        const read = readLater(village, kind, payload, readHello)
        const carryOut = (known: HelloMessage) =>
          'hello' in known ? takeHello(village, known.hello) : refuse(village, known.refused, null)
        return { bytes, prepare: () => null, run: () => answer(to, read, carryOut) }
      }
      case 'up': {
        const read = readLater(village, kind, payload, readUp)
        const carryOut = (known: UpMessage) =>
          'batch' in known
            ? takeBatch(village, known.batch)
            : 'put' in known
              ? takePut(village, known.put)
              : refuse(village, known.refused, known.to)
        const run = (outcome?: Outcome) => answer(to, read, outcome ? () => Promise.resolve(outcome) : carryOut)
        return { bytes, prepare: () => shareOf(read()?.message), run }
      }
      case 'want': {
        const read = readLater(village, kind, payload, readWant)
        const carryOut = async (known: WantMessage) =>
          'want' in known
            ? giveHistory(village, known.want)
            : 'dataset' in known
              ? giveDataset(village, known.dataset)
              : 'file' in known
                ? giveFile(village, known.file)
                : refuse(village, known.refused, null)
        return { bytes, prepare: () => null, run: () => answer(to, read, carryOut) }
      }
    }
  }

  /** Batches go behind one commit. Where that fails, each is taken alone, and meets by itself what was wrong with it. */
  async function takeTurn(village: string, turn: readonly Message[]): Promise<void> {
    const [first, ...behind] = turn.length > 1 ? turn.flatMap((message) => message.prepare()?.batch ?? []) : []
    const outcomes = first ? await takeTogether(village, [first, ...behind]).catch(() => []) : []
    for (const [index, message] of turn.entries()) await message.run(outcomes[index])
  }

  /**
   * Reads a message when its turn comes, and says how long that took; null when what came before it has spent the
   * village's hour meanwhile, or the budget of whoever speaks on its topic without being the village.
   */
  function readLater<T>(village: string, kind: Asked, payload: Buffer, read: (payload: Buffer) => T) {
    return once((): { message: T; busyMs: number } | null => {
      if (!meters.mayPass(village, kind)) return null
      if (!strangers.mayAsk(topicOf(village), 'topic')) {
        totals.dropped++
        return null
      }
      const began = clock.monotonicMs()
      return { message: read(payload), busyMs: clock.monotonicMs() - began }
    })
  }

  async function answer<T extends { unpackedBytes: number }>(
    to: { village: string; kind: Asked; bytes: number; reply: Reply },
    read: () => { message: T; busyMs: number } | null,
    carryOut: (message: T) => Promise<Outcome>,
  ): Promise<void> {
    const { village, kind, reply } = to
    const outcome = await outcomeOf(to, read, carryOut).catch((error: unknown) => {
      totals.failed++
      if (database.isUp()) log.error({ err: error, village, kind }, 'a message could not be answered')
      return null
    })
    reply(outcome?.message ? packFrame(outcome.message) : null)
    if (outcome?.known && kind === 'hello') {
      datasets?.greet(village)
      commands?.greet(village)
    }
  }

  async function outcomeOf<T extends { unpackedBytes: number }>(
    { village, kind, bytes }: { village: string; kind: Asked; bytes: number },
    read: () => { message: T; busyMs: number } | null,
    carryOut: (message: T) => Promise<Outcome>,
  ): Promise<Outcome | null> {
    const known = read()
    // Files are metered for themselves: however many come, entries still pass.
    const metered = known && 'put' in known.message ? 'file' : kind
    if (!known || !meters.mayPass(village, metered)) return null
    const cost = { bytes, unpackedBytes: known.message.unpackedBytes, busyMs: known.busyMs }
    const outcome = await carryOut(known.message)
    if (outcome.known) meters.spend(village, metered, cost)
    else strangers.spend(topicOf(village), cost)
    return outcome
  }

  async function giveHistory(village: string, want: Want): Promise<Outcome> {
    const facts = await database.withClient((client) => readWantFacts(client, village, want))
    totals.wants++
    return { message: judgeWant(want, facts, (unsigned) => signChunk(hubKey, village, unsigned)), known: true }
  }

  async function giveDataset(village: string, want: DatasetWant): Promise<Outcome> {
    totals.wants++
    return { message: (await datasets?.give(village, want)) ?? null, known: true }
  }

  async function giveFile(village: string, want: FileWant): Promise<Outcome> {
    totals.wants++
    return { message: (await files?.give(village, want)) ?? null, known: true }
  }

  async function takePut(village: string, put: FilePut): Promise<Outcome> {
    totals.puts++
    const taken = (await photos?.take(village, put)) ?? null
    return { message: taken?.ack ?? null, known: taken !== null }
  }

  // 0 is no time that a box would set its clock by (asyncapi: HelloAck).
  const situation = () => ({
    now: isClockDoubted() ? 0 : clock.read().at,
    window: windowFor(turns.waitingBytes()),
  })

  async function takeHello(village: string, hello: Hello): Promise<Outcome> {
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
    return { message: verdict.answer, known: verdict.known }
  }

  /** Rows are counted once a day, and after each moment at which some may have been lost. */
  const checkedAfter = () => Math.max(doubtedAt(), clock.read().at - countEveryMs)

  const takeTogether = (village: string, batches: Batches): Promise<Outcome[]> =>
    judgeAndWrite(village, batches, { expectNew: !batches.some(hasMoved) })

  async function takeBatch(village: string, batch: DigestedBatch): Promise<Outcome> {
    const expectNew = !hasMoved(batch)
    const take = async (how: { expectNew: boolean }): Promise<Outcome> => {
      const [outcome = { message: null, known: false }] = await judgeAndWrite(village, [batch], how)
      return outcome
    }
    try {
      return await take({ expectNew })
    } catch (error) {
      const state = sqlState(error)
      if (state === doubled && expectNew) return take({ expectNew: false })
      // Data that PostgreSQL cannot hold will not become better by being sent again.
      if (isUnstorable(error)) return refuse(village, { code: 'malformed', message: String(error) }, batch)
      throw error
    }
  }

  async function judgeAndWrite(village: string, batches: Batches, how: { expectNew: boolean }): Promise<Outcome[]> {
    const verdicts = await database.inTransaction(async (client) => {
      await lockStream(client, village)
      const judged = judgeBatches(batches, { ...(await readBatchFacts(client, village, batches)), ...situation() })
      await writeBatchVerdicts(client, village, judged, how)
      return judged
    })
    if (verdicts.some(({ cursor }) => cursor)) onTaken(village)
    return verdicts.map(({ answer: message, known, places }) => {
      totals.batches++
      totals.entries += places.length
      if (message.refused) noteRefused(village, message.refused)
      return { message, known }
    })
  }

  async function refuse(village: string, refused: Refused, to: Addressee | null): Promise<Outcome> {
    noteRefused(village, refused)
    if (!to) return { message: null, known: false }
    const cursor = await database.inTransaction((client: Client) => readCursor(client, village, to.epoch))
    return { message: refuseUnread(to, refused, { village, cursor, ...situation() }), known: false }
  }

  function noteRefused(village: string, refused: Refused): void {
    totals.refused++
    refusals.note(village, refused)
  }

  return {
    take,
    /** Counts what was refused of a village by others than this, for the same list. */
    noteRefused,
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

/** What a message that was read shares its turn by; null: it is no batch. */
export const shareOf = (known: UpMessage | undefined) =>
  known && 'batch' in known ? { with: known.batch.epoch, bytes: known.unpackedBytes, batch: known.batch } : null

/** Entries of it stood elsewhere before: their names may be here. */
const hasMoved = ({ entries }: DigestedBatch): boolean => entries.some(({ origin }) => origin)

/** SQLSTATE unique_violation. */
const doubled = '23505'

const countEveryMs = 20 * hourMs

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
