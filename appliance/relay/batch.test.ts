import { createPrivateKey } from 'node:crypto'
import { expect, test } from 'vitest'
import type { PlacedEntry } from '../base/journal/event-registry.ts'
import { unpackFrame } from '../wire/frame.ts'
import golden from '../wire/golden/frames.json' with { type: 'json' }
import { canonicalJson } from '../wire/hash.ts'
import { type Batch, limits } from '../wire/messages.ts'
import { buildBatch } from './batch.ts'

const batch = golden.frames.find(({ name }) => name === 'batch')?.decoded as unknown as Batch
const pkcs8 = Buffer.concat([
  Buffer.from('302e020100300506032b657004220420', 'hex'),
  Buffer.from(golden.key.seedHex, 'hex'),
])
const identity = {
  key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  publicKey: golden.key.publicKey,
  box: golden.box.box,
}
const { village, session, n, epoch } = batch
const placed = batch.entries.map((entry, index): PlacedEntry => {
  const hash = Buffer.from(golden.chain.hashes[batch.first + index]?.hash ?? '', 'base64url')
  return {
    ...entry,
    row: index + 1,
    epoch,
    seq: batch.first + index,
    key: entry.key ?? null,
    data: canonicalJson(entry.data),
    p: entry.private ? Buffer.from(entry.private, 'base64url') : null,
    private: null,
    origin: null,
    hash,
    name: hash,
    late: 0,
    sealed: null,
  }
})

test('a box’s own rows become the golden batch, signature and all', () => {
  const { payload, last } = buildBatch({ village, session, n, epoch }, placed, limits.batchWireBytes, identity)
  expect(unpackFrame(payload)).toEqual(batch)
  expect(last).toBe(4)
})

test('what does not fit on the wire stays for the next batch, but one entry always goes', () => {
  const { payload, last } = buildBatch({ village, session, n, epoch }, placed, 1, identity)
  expect((unpackFrame(payload) as Batch).entries).toEqual([batch.entries[0]])
  expect(last).toBe(2)
})
