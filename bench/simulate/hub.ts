import { generateKeyPairSync } from 'node:crypto'
import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import type { BatchAck, HelloAck } from '../../appliance/wire/messages.ts'
import { publicKeyOf, signChunk } from '../../appliance/wire/sign.ts'
import type { Receipted } from '../../appliance/wire/stick-file.ts'
import { signPiece } from '../../regency/datasets/offers.ts'
import {
  type Batches,
  type BatchFacts,
  type BatchVerdict,
  judgeBatch,
  judgeBatches,
  judgeHello,
  judgeWant,
  refuseUnread,
} from '../../regency/delivery/judge.ts'
import {
  type BatchMessage,
  type DigestedBatch,
  readBatch,
  readHello,
  readWant,
} from '../../regency/delivery/message.ts'
import { shareOf } from '../../regency/delivery/receiver.ts'
import { createVillageQueues } from '../../regency/delivery/village-queues.ts'
import { type HubTables, openHubTables } from './hub-tables.ts'
import { createRegency } from './regency.ts'
import type { World } from './world.ts'

const countEveryMs = 20 * 3_600_000

const { privateKey } = generateKeyPairSync('ed25519')
export const hubPublicKey = publicKeyOf(privateKey)
/** In the simulator's hands, so that a test can sign what a hub without a safeguard, or a stolen one, would. */
export const hubKey = privateKey

/** How a test takes a safeguard out of the hub. */
export type HubSabotage = {
  batch?: (batch: DigestedBatch, facts: BatchFacts, judge: typeof judgeBatch) => BatchVerdict
  tables?: (tables: HubTables) => HubTables
}

export type SimulatedHub = ReturnType<typeof createHub>
export type HubKind = 'ack' | 'chunk' | 'data' | 'command'

/** A message in its village's line. */
type Message = {
  kind: UpKind
  payload: Buffer
  bytes: number
  read: () => BatchMessage
  prepare: () => ReturnType<typeof shareOf>
}

/** The shipping judge and turns over tables in memory: the little of receiver.ts that is left. */
export function createHub(
  world: World,
  village: string,
  send: (kind: HubKind, payload: Buffer) => void,
  sabotage: HubSabotage,
  onHelloAnswered: (answer: HelloAck, tables: HubTables) => void = () => {},
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
  /** The boxes that have said hello, and when their lacking parts were last looked for; null: now is the time. */
  const sought = new Map<string, number | null>()
  /** What is on its turn waits for PostgreSQL. */
  let waitsForDatabase = false
  const refused = new Map<string, number>()
  const now = () => Math.round(startAt + world.now())
  const regency = createRegency({ world, village, now, hubKey: privateKey, send, tables: () => tables.down })

  const turns = createVillageQueues<Message>(1, async (_village, turn) => {
    waitsForDatabase = true
    await new Promise<void>((resolve) => {
      world.after(world.random.between(1, 40), () => {
        waitsForDatabase = false // before its promise goes on
        resolve()
      })
    })
    const [first, ...behind] = turn.length > 1 ? turn.flatMap((message) => message.prepare()?.batch ?? []) : []
    if (first) for (const ack of takeBatches([first, ...behind])) answer('ack', packFrame(ack))
    else for (const message of turn) takeAlone(message)
  })
  world.waitFor(() => turns.waiting() > 0 && !waitsForDatabase)

  function take(kind: UpKind, payload: Buffer): void {
    let known: BatchMessage | null = null
    const read = () => {
      known ??= readBatch(payload)
      return known
    }
    const prepare = () => (kind === 'up' ? shareOf(read()) : null)
    turns.enter(village, { kind, payload, bytes: payload.length, read, prepare })
  }

  function takeAlone({ kind, payload, read }: Message): void {
    if (kind === 'want') takeWant(payload)
    else if (kind === 'hello') takeHello(payload)
    else {
      const known = read()
      if ('batch' in known) for (const ack of takeBatches([known.batch])) answer('ack', packFrame(ack))
      else if (known.to)
        answer('ack', packFrame(refuseUnread(known.to, known.refused, { village, cursor: null, ...situation() })))
    }
  }

  function answer(kind: 'ack' | 'chunk', payload: Buffer): boolean {
    if (mute > 0) {
      mute--
      return false
    }
    send(kind, payload)
    return true
  }

  function doubt(): void {
    countedAt = null
    for (const box of sought.keys()) sought.set(box, null)
  }

  const situation = () => ({ now: now(), window: 4 })

  function takeWant(payload: Buffer): void {
    const read = readWant(payload)
    if ('dataset' in read)
      answer('chunk', packFrame(signPiece(privateKey, village, read.dataset, tables.down.piece(read.dataset))))
    if (!('want' in read)) return
    const sign = (unsigned: Parameters<typeof signChunk>[2]) => signChunk(privateKey, village, unsigned)
    answer('chunk', packFrame(judgeWant(read.want, tables.wantFacts(read.want), sign)))
  }

  function takeHello(payload: Buffer): void {
    const read = readHello(payload)
    if (!('hello' in read)) return
    const count = countedAt === null || world.now() - countedAt > countEveryMs
    if (count) countedAt = world.now()
    const before = sought.get(read.hello.box)
    const seek = before === null || (before !== undefined && world.now() - before > countEveryMs)
    sought.set(read.hello.box, seek ? world.now() : (before ?? null))
    const facts = tables.helloFacts(read.hello, world.now(), { count, seek })
    const verdict = judgeHello(read.hello, { ...facts, ...situation() })
    tables.writeHello(verdict, world.now())
    onHelloAnswered(verdict.answer, tables)
    if (answer('ack', packFrame(verdict.answer)) && verdict.known) regency.greet()
  }

  /** Batches of one epoch behind one commit, each judged by where the one before it left the cursor. */
  function takeBatches(batches: Batches): BatchAck[] {
    const judged = sabotage.batch
      ? batches.map((batch) => judgeWith(sabotage.batch ?? judgeBatch, batch))
      : writeAll(judgeBatches(batches, { ...tables.batchFacts(batches, world.now()), ...situation() }))
    for (const { answer: ack } of judged)
      if (ack.refused) refused.set(ack.refused.code, (refused.get(ack.refused.code) ?? 0) + 1)
    regency.noteTaken()
    return judged.map((verdict) => verdict.answer)
  }

  function judgeWith(judge: NonNullable<HubSabotage['batch']>, batch: DigestedBatch): BatchVerdict {
    const verdict = judge(batch, { ...tables.batchFacts([batch], world.now()), ...situation() }, judgeBatch)
    writeAll([verdict])
    return verdict
  }

  function writeAll(verdicts: BatchVerdict[]): BatchVerdict[] {
    tables.writeBatches(verdicts, world.now())
    return verdicts
  }

  return {
    take,
    regency,
    tables: () => tables,
    /** Where it stands in each epoch, as a receipt says it. */
    ends: (): Receipted =>
      tables.db
        .prepare<[], { epoch: string; seq: number; hash: Buffer }>(
          'SELECT epoch, seq, hash FROM epoch_cursor WHERE seq > 0',
        )
        .all()
        .map(({ epoch, seq, hash }) => ({ epoch, seq, hash: hash.toString('base64url') })),
    backup: (): Buffer => tables.db.serialize(),
    /** PostgreSQL as it was; null: empty. */
    restore(bytes: Buffer | null): void {
      tables.db.close()
      tables = open(bytes)
      doubt()
    },
    /** The hub is started again, or lost its connection to PostgreSQL for a moment: rows may have gone meanwhile. */
    restart: doubt,
    dieBeforeAnswers: (count: number) => {
      mute = count
    },
    refused: () => refused,
  }
}
