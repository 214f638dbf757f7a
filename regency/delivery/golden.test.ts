import { createPrivateKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { computeChain } from '../../appliance/wire/chain.ts'
import golden from '../../appliance/wire/golden/frames.json' with { type: 'json' }
import { epochStart } from '../../appliance/wire/hash.ts'
import type { BatchAck, Chunk } from '../../appliance/wire/messages.ts'
import { signChunk } from '../../appliance/wire/sign.ts'
import { judgeBatch, judgeHello, judgeWant } from './judge.ts'
import { readBatch, readHello, readUp, readWant } from './message.ts'

/* The hub answers the golden frames as they are written down: what another receiver would have to answer, too. */

const frame = (name: string) => {
  const found = golden.frames.find((one) => one.name === name)
  if (!found) throw new TypeError(`There is no golden frame ${name}.`)
  return { ...found, payload: Buffer.from(found.gzipHex, 'hex') }
}
const { village, epoch } = golden
const cursor = (seq: number) => ({ epoch, seq, hash: Buffer.from(golden.chain.hashes[seq]?.hash ?? '', 'base64url') })
const keys = [{ key: golden.key.publicKey, box: golden.box.box, revoked: false }]

test('the golden hello gets the golden answer', () => {
  const read = readHello(frame('hello').payload)
  if ('refused' in read) throw new Error(read.refused.message)
  const facts = {
    village,
    now: 1_795_395_604_000,
    window: 8,
    keys,
    owner: golden.box.box,
    provisioned: false,
    namedEpochs: 0,
    beforeLacking: [],
  }
  const marked = [1, 3, 4].map(cursor)
  expect(judgeHello(read.hello, { ...facts, cursors: [cursor(1)], marked }).answer).toEqual(frame('hello ack').decoded)
})

test('the golden batch gets the golden answer', () => {
  const answer = judgeGolden(1_795_395_604_100, 1).answer
  expect(answer).toEqual(frame('batch ack').decoded)
})

test('SYNC-025: the golden piece of a file is read as one, and the golden batch still as a batch', () => {
  expect(readUp(frame('file put').payload)).toMatchObject({ put: frame('file put').decoded })
  expect(readUp(frame('batch').payload)).toHaveProperty('batch')
})

test('SYNC-008: the golden want gets the golden chunk', () => {
  const want = readWant(frame('want').payload)
  if (!('want' in want)) throw new Error('No want.')
  const read = readBatch(frame('batch').payload)
  if ('refused' in read) throw new Error(read.refused.message)
  const behind = read.batch.entries.map((entry, index) => ({ entry, hash: cursor(2 + index).hash }))
  const pkcs8 = Buffer.from(`302e020100300506032b657004220420${golden.hubKey.seedHex}`, 'hex')
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const { epochs } = frame('chunk').decoded as unknown as Chunk
  const older = epochs.at(-1)
  if (!older) throw new TypeError('The golden chunk holds no epoch.')
  const links = computeChain(village, older.epoch, 1, epochStart(village, older.epoch), older.entries)
  const olderBehind = links.flatMap(({ hash }, index) =>
    older.entries.slice(index, index + 1).map((entry) => ({ entry, hash })),
  )
  const facts = {
    village,
    epochs: [
      { epoch, from: cursor(1).hash, behind },
      { epoch: older.epoch, from: null, behind: olderBehind },
    ],
  }
  expect(judgeWant(want.want, facts, (chunk) => signChunk(key, village, chunk))).toEqual(frame('chunk').decoded)
})

test('the golden refusal is what a batch gets that does not fit', () => {
  const read = readBatch(frame('batch').payload)
  if ('refused' in read) throw new Error(read.refused.message)
  const [digest] = read.batch.digests
  const later = {
    ...read.batch,
    n: 3,
    first: 5,
    entries: read.batch.entries.slice(0, 1),
    digests: digest ? [digest] : [],
  }
  const facts = { village, now: 1_795_395_604_200, window: 8, keys, cursor: cursor(4), held: [], newEpochs: 0 }
  expect(judgeBatch(later, facts).answer).toEqual(frame('refusal').decoded)
})

function judgeGolden(now: number, at: number): { answer: BatchAck } {
  const read = readBatch(frame('batch').payload)
  if ('refused' in read) throw new Error(read.refused.message)
  return judgeBatch(read.batch, { village, now, window: 8, keys, cursor: cursor(at), held: [], newEpochs: 0 })
}
