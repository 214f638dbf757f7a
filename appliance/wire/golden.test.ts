import { createPrivateKey, hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { computeChain, hash8, markPlaces } from './chain.ts'
import { findWrongMember } from './commands.ts'
import { packFrame, unpackFrame } from './frame.ts'
import golden from './golden/frames.json' with { type: 'json' }
import { canonicalJson, epochStart } from './hash.ts'
import {
  type Batch,
  type Chunk,
  type Command,
  type FilePut,
  type FilePutAck,
  type Hello,
  validators,
} from './messages.ts'
import { createPartOpener } from './private-parts.ts'
import {
  digestSealed,
  publicKeyOf,
  signChunk,
  signDown,
  signHead,
  verifyChunk,
  verifyDown,
  verifyHead,
  verifyPut,
} from './sign.ts'
import { villageTopics } from './topics.ts'

const { village, epoch } = golden
const hashAt = (seq: number) => Buffer.from(golden.chain.hashes[seq]?.hash ?? '', 'base64url')
const frameOf = (name: string) => golden.frames.find((frame) => frame.name === name)?.decoded
const hello = frameOf('hello') as unknown as Hello
const batch = frameOf('batch') as unknown as Batch
const signed = { village, epoch, last: 4, head: batch.head }

test.each(golden.frames)('$name: both forms hold what is decoded, and so does what our encoder makes', (frame) => {
  for (const hex of [frame.plainHex, frame.gzipHex, packFrame(frame.decoded).toString('hex')]) {
    const message = unpackFrame(Buffer.from(hex, 'hex'))
    expect(message).toEqual(frame.decoded)
    expect(validators[frame.schema as keyof typeof validators].Check(message)).toBe(true)
  }
  expect(Object.values(villageTopics(village))).toContain(frame.topic)
})

test('the batch continues the chain that a receiver holds and ends in its head', () => {
  expect(hashAt(0)).toEqual(epochStart(village, epoch))
  const links = computeChain(village, epoch, batch.first, hashAt(batch.first - 1), batch.entries)
  expect(links.map((link) => link.hash)).toEqual([hashAt(2), hashAt(3), hashAt(4)])
  expect(batch.head).toBe(golden.chain.hashes[4]?.hash)
})

test('the signature is by the key of the hello, over the text that is written out', () => {
  expect(golden.signed.text).toBe(canonicalJson({ epoch, head: batch.head, last: 4, village }))
  expect(verifyHead(hello.key, signed, batch.sig)).toBe(true)
  expect(verifyHead(hello.key, { ...signed, last: 3 }, batch.sig)).toBe(false)
})

test('the signing key of the file makes the public key, the box id and the signature', () => {
  const seed = Buffer.from(golden.key.seedHex, 'hex')
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  expect(publicKeyOf(key)).toBe(golden.key.publicKey)
  expect(signHead(key, signed)).toBe(batch.sig)
  const { serial, card, box } = golden.box
  const id = hash('sha256', `balai box ${golden.key.publicKey} ${serial} ${card}`, 'buffer').subarray(0, 16)
  expect(id.toString('base64url')).toBe(box)
})

test('SYNC-008: the hub’s signature of a chunk is over the text that is written out, and no member can be changed', () => {
  const chunk = frameOf('chunk') as unknown as Chunk
  expect(verifyChunk(golden.hubKey.publicKey, village, chunk)).toBe(true)
  expect(verifyChunk(golden.hubKey.publicKey, '3510152004', chunk)).toBe(false)
  expect(verifyChunk(golden.key.publicKey, village, chunk)).toBe(false)
  const [part, ...rest] = chunk.epochs
  if (!part) throw new TypeError('The golden chunk holds no epoch.')
  for (const change of [
    { first: 3 },
    { entries: part.entries.slice(1) },
    { head: hello.key },
    { epoch: 'epochAepochA' },
  ])
    expect(verifyChunk(golden.hubKey.publicKey, village, { ...chunk, epochs: [{ ...part, ...change }, ...rest] })).toBe(
      false,
    )
  for (const epochs of [rest, [part], [...rest, part]])
    expect(verifyChunk(golden.hubKey.publicKey, village, { ...chunk, epochs })).toBe(false)
  expect(verifyChunk(golden.hubKey.publicKey, village, { ...chunk, re: 99 })).toBe(true)
  const seed = Buffer.from(golden.hubKey.seedHex, 'hex')
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  expect(signChunk(key, village, chunk)).toBe(chunk.sig)
  expect(golden.signedChunk.text).toBe(canonicalJson({ village, epochs: chunk.epochs }))
})

test('SYNC-018: the hub’s signature of a command is over the text that is written out, and no member can be changed', () => {
  const command = frameOf('command') as unknown as Command
  const { sig, ...unsigned } = command
  expect(golden.signedCommand.text).toBe(canonicalJson({ village, ...unsigned }))
  expect(verifyDown(golden.hubKey.publicKey, village, command)).toBe(true)
  expect(verifyDown(golden.hubKey.publicKey, '3510152004', command)).toBe(false)
  for (const change of [{ id: 'x'.repeat(12) }, { type: 'restart' }, { expires: command.expires + 1 }, { data: {} }])
    expect(verifyDown(golden.hubKey.publicKey, village, { ...command, ...change })).toBe(false)
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(golden.hubKey.seedHex, 'hex'),
  ])
  expect(signDown(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }), village, unsigned)).toBe(sig)
  expect(findWrongMember('message', command.data)).toBeNull()
})

test('SYNC-019: a batch signs the private parts that come along, and each opens by the village’s key into what its entry names', async () => {
  const sealed = frameOf('batch with a private part') as unknown as Batch
  const { village, epoch, head } = sealed
  const links = computeChain(village, epoch, sealed.first, hashAt(4), sealed.entries)
  expect(links.at(-1)?.hash.toString('base64url')).toBe(head)
  const whole = { village, epoch, last: 5, head, ...digestSealed(sealed.sealed) }
  expect(golden.signedSealed.text).toBe(canonicalJson(whole))
  expect(verifyHead(hello.key, whole, sealed.sig)).toBe(true)
  expect(verifyHead(hello.key, { village, epoch, last: 5, head }, sealed.sig)).toBe(false)
  const p = sealed.entries[0]?.private ?? ''
  const other = { [p]: `${sealed.sealed?.[p]?.slice(0, -1)}A` }
  expect(verifyHead(hello.key, { ...whole, ...digestSealed(other) }, sealed.sig)).toBe(false)

  const open = await createPartOpener(golden.privatePart.recoveryKey)
  const file = Buffer.from(sealed.sealed?.[p] ?? '', 'base64url')
  expect(await open(file, Buffer.from(p, 'base64url'))).toBe(golden.privatePart.text)
  expect(await open(file, Buffer.alloc(32))).toBeNull()
  expect(await open(file.subarray(0, -1), Buffer.from(p, 'base64url'))).toBeNull()
})

test('the marks of the hello are the first bytes of the hashes at their places', () => {
  expect(hello.epochs).toEqual([{ epoch, last: 4, marks: markPlaces(4).map((seq) => [seq, hash8(hashAt(seq))]) }])
})

test('SYNC-025: the signature of a piece of a file is by the box, over the text that is written out, and no member can be changed', () => {
  const put = frameOf('file put') as unknown as FilePut
  const { file, size, first, bytes } = put
  expect(golden.signedPut.text).toBe(canonicalJson({ village, file, size, first, bytes }))
  expect(verifyPut(hello.key, put)).toBe(true)
  for (const change of [{ village: '3510152004' }, { file: hello.key }, { size: 353 }, { first: 0 }, { bytes: 'AAAA' }])
    expect(verifyPut(hello.key, { ...put, ...change })).toBe(false)
  const whole = Buffer.from('age-encryption.org/v1\n'.repeat(16))
  expect(hash('sha256', whole, 'base64url')).toBe(file)
  expect(whole.subarray(first).toString('base64url')).toBe(bytes)
  const ack = frameOf('file put ack') as unknown as FilePutAck
  expect([ack.re, ack.have]).toEqual([put.n, whole.length])
})
