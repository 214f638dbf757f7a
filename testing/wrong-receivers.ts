import { generateKeyPairSync } from 'node:crypto'
import { connectAsync } from 'mqtt'
import { linkDigests } from '../appliance/wire/chain.ts'
import { packFrame } from '../appliance/wire/frame.ts'
import { epochStart } from '../appliance/wire/hash.ts'
import type { Chunk } from '../appliance/wire/messages.ts'
import { publicKeyOf, signChunk } from '../appliance/wire/sign.ts'
import { hubFilters, parseUpwardTopic, villageTopics } from '../appliance/wire/topics.ts'
import { openHubTables } from '../bench/simulate/hub-tables.ts'
import { type BatchFacts, type BatchVerdict, judgeBatch, judgeHello, judgeWant } from '../regency/delivery/judge.ts'
import { type DigestedBatch, readBatch, readHello, readWant } from '../regency/delivery/message.ts'

/* Receivers that are each wrong in one way, behind a real broker: what somebody's own could be. For tests only. */

export const receiverFaults = [
  'acks before the commit',
  'does not check the chain with `head`',
  'ignores `origin`',
  'answers every batch twice',
  'forgets `after`',
  'takes entries of an unknown key',
] as const
export type ReceiverFault = (typeof receiverFaults)[number]

/** So long behind its answer the one that acknowledges before the commit writes. */
const lateMs = 150

/** `wrong`: null for one that holds every rule. */
export async function startReceiver(url: string, village: string, wrong: ReceiverFault | null) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const tables = openHubTables(village, null)
  const client = await connectAsync(url)
  const topics = villageTopics(village)
  let late: NodeJS.Timeout[] = []
  const facts = { now: 0, window: 4 }
  const answer = (message: unknown) => client.publish(topics.ack, packFrame(message), { qos: 1 })

  function judge(batch: DigestedBatch): BatchVerdict {
    const known: BatchFacts = { ...tables.batchFacts([batch], 0), ...facts }
    const verdict = judgeBatch(wrong === 'forgets `after`' ? without(batch) : batch, known)
    const code = verdict.answer.refused?.code
    const isOverlooked =
      (wrong === 'does not check the chain with `head`' && code === 'bad-chain') ||
      (wrong === 'takes entries of an unknown key' && code === 'unknown-key')
    return isOverlooked ? takeAnyhow(batch, known) : verdict
  }

  function takeBatch(payload: Buffer): void {
    const read = readBatch(payload)
    if (!('batch' in read)) return
    const verdict = judge(read.batch)
    const write = () => tables.writeBatches([verdict], 0)
    if (wrong === 'acks before the commit') late.push(setTimeout(write, lateMs))
    else write()
    answer(verdict.answer)
    if (wrong === 'answers every batch twice') answer(verdict.answer)
  }

  function takeWant(payload: Buffer): void {
    const read = readWant(payload)
    if (!('want' in read)) return
    const sign = (chunk: Omit<Chunk, 'sig'>) => signChunk(privateKey, village, chunk)
    const chunk = judgeWant(read.want, tables.wantFacts(read.want), sign)
    const given = wrong === 'ignores `origin`' ? forgetOrigins(chunk, sign) : chunk
    client.publish(topics.chunk, packFrame(given), { qos: 1 })
  }

  client.on('message', (topic, payload, packet) => {
    const kind = parseUpwardTopic(topic)?.kind
    if (packet.retain) return
    if (kind === 'up') takeBatch(payload)
    if (kind === 'want') takeWant(payload)
    const read = kind === 'hello' ? readHello(payload) : null
    if (!read || !('hello' in read)) return
    const verdict = judgeHello(read.hello, {
      ...tables.helloFacts(read.hello, 0, { count: false, seek: false }),
      ...facts,
    })
    tables.writeHello(verdict, 0)
    answer(verdict.answer)
  })
  await client.subscribeAsync(hubFilters('all'), { qos: 1 })
  return {
    hubKey: publicKeyOf(privateKey),
    /** What is not written yet never will be. */
    async kill(): Promise<void> {
      for (const timer of late) clearTimeout(timer)
      late = []
    },
    async stop(): Promise<void> {
      for (const timer of late) clearTimeout(timer)
      await client.endAsync(true)
      tables.db.close()
    },
  }
}

const without = ({ after: _after, ...batch }: DigestedBatch): DigestedBatch => batch

function takeAnyhow(batch: DigestedBatch, { cursor, village, now, window }: BatchFacts): BatchVerdict {
  const end = cursor ?? { epoch: batch.epoch, seq: 0, hash: epochStart(village, batch.epoch) }
  const taken = end.seq - batch.first + 1
  const places = linkDigests(end.seq + 1, end.hash, batch.digests.slice(taken))
  const last = places.at(-1) ?? { ...end, name: end.hash }
  const { session, n, epoch } = batch
  return {
    answer: { session, re: n, window, now, epoch, seq: last.seq, hash: last.hash.toString('base64url') },
    places,
    entries: batch.entries.slice(taken).flatMap((entry, index) => {
      const place = places[index]
      return place ? [{ name: place.name, entry }] : []
    }),
    parts: [],
    cursor: { epoch, seq: last.seq, hash: last.hash },
    known: true,
  }
}

function forgetOrigins({ sig: _sig, ...chunk }: Chunk, sign: (chunk: Omit<Chunk, 'sig'>) => string): Chunk {
  const epochs = chunk.epochs.map((part) => ({
    ...part,
    entries: part.entries.map(({ origin: _origin, ...entry }) => entry),
  }))
  return { ...chunk, epochs, sig: sign({ ...chunk, epochs }) }
}
