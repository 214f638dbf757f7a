import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packFrame } from '../../appliance/wire/frame.ts'
import { limits, validators } from '../../appliance/wire/messages.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { judgeBatch } from './judge.ts'
import { readBatch, readHello } from './message.ts'

const village = '3510152012'
const box = createTestBox({ village, entries: queueEntries(9) })
const whole = box.batch(6, 9)
const to = { session: whole.session, n: whole.n, epoch: whole.epoch }

test.each([
  ['no JSON', Buffer.from('nope'), 'malformed'],
  ['gzip that does not unpack', Buffer.from([0x1f, 0x8b, 1, 2]), 'malformed'],
  ['F63: a decompression bomb', packFrame({ x: '0'.repeat(limits.unpackedBytes) }), 'too-large'],
  ['F63: deep JSON', Buffer.from('['.repeat(99) + ']'.repeat(99)), 'too-deep'],
  ['null', Buffer.from('null'), 'malformed'],
  ['an empty object', Buffer.from('{}'), 'malformed'],
])('%s is refused without an answer', (_, payload, code) => {
  expect(readBatch(payload)).toMatchObject({ refused: { code }, to: null })
  expect(readHello(payload)).toMatchObject({ refused: { code } })
})

test.each([
  [
    'too many entries',
    { entries: Array.from({ length: limits.batchEntries + 1 }, () => whole.entries[0]) },
    'too-large',
  ],
  ['JSON that is too deep', { sealed: { a: [[[[[[[[[]]]]]]]]] } }, 'too-deep'],
  [
    'an entry that no box would write',
    { entries: [{ ...whole.entries[0], data: { text: 'x'.repeat(limits.entryBytes) } }] },
    'too-large',
  ],
  ['a head that is no hash', { head: 'x' }, 'malformed'],
  ['half a surrogate pair', { entries: [{ ...whole.entries[0], data: { text: '\ud800' } }] }, 'malformed'],
  ['an actor that no database holds', { entries: [{ ...whole.entries[0], actor: 'a\0' }] }, 'malformed'],
])('a batch with %s is refused to its sender', (_, changes, code) => {
  expect(readBatch(packFrame({ ...whole, ...changes }))).toMatchObject({ refused: { code }, to })
})

test('A15: a hello that names more epochs than its answer has room for is refused', () => {
  const hello = box.hello()
  const named = (n: number) =>
    packFrame({ ...hello, epochs: Array.from({ length: n }, () => ({ epoch: 'e'.repeat(12), last: 0, marks: [] })) })
  expect(readHello(named(limits.helloEpochs))).toMatchObject({ hello: {} })
  expect(readHello(named(limits.helloEpochs + 1))).toMatchObject({ refused: { code: 'malformed' } })
})

test('random bytes are refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(readBatch(Buffer.from(bytes))).toMatchObject({ refused: {} })
      expect(readHello(Buffer.from(bytes))).toMatchObject({ refused: {} })
    }),
  )
})

test('F63: a batch with any part replaced by anything is judged without a throw', () => {
  const parts = [
    'entries.0',
    'entries.0.type',
    'entries.1.data',
    'entries.2.origin',
    'entries.3.key',
    'entries.3.private',
  ]
  const part = fc.constantFrom(...Object.keys(whole), 'after', ...parts)
  const facts = {
    village,
    now: 5,
    window: 8,
    held: [],
    newEpochs: 0,
    keys: [{ key: box.hello().key, box: box.box, revoked: false }],
    cursor: { epoch: box.epoch, seq: 5, hash: box.hashAt(5) },
  }
  fc.assert(
    fc.property(part, fc.jsonValue(), (where, value) => {
      const changed = structuredClone(whole) as Record<string, unknown>
      const keys = where.split('.')
      const last = keys.pop() ?? ''
      const parent = keys.reduce<Record<string, unknown>>(
        (inner, key) => inner[key] as Record<string, unknown>,
        changed,
      )
      parent[last] = value
      const read = readBatch(Buffer.from(JSON.stringify(changed)))
      if ('batch' in read) expect(validators.batchAck.Check(judgeBatch(read.batch, facts).answer)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
