import { generateKeyPairSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeChain, hash8 } from '../../appliance/wire/chain.ts'
import { packFrame, unpackFrame } from '../../appliance/wire/frame.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import { type Batch, limits, validators, type WireEntry } from '../../appliance/wire/messages.ts'
import { digestSealed, publicKeyOf, signHead } from '../../appliance/wire/sign.ts'
import { type BatchFacts, type HelloFacts, judgeBatch, judgeHello, judgeWant } from './judge.ts'
import { readBatch } from './message.ts'

const village = '3510152012'
const epoch = 'epochAepochA'
const session = 'sessionsession16'
const box = 'boxboxboxboxboxboxbox1'
const { privateKey } = generateKeyPairSync('ed25519')
const key = publicKeyOf(privateKey)
const start = epochStart(village, epoch)

const entries: WireEntry[] = Array.from({ length: 20 }, (_, index) => ({
  type: 'queue.notice-changed',
  at: 1_795_400_000_000 + index,
  clock: 'synced',
  actor: 'box',
  data: { text: `n${index}` },
}))
const chain = computeChain(village, epoch, 1, start, entries)
const hashAt = (seq: number) => (seq === 0 ? start : (chain[seq - 1]?.hash ?? start))

function batch(first: number, last: number, changes: Partial<Batch> = {}): Batch {
  const head = hashAt(last).toString('base64url')
  const sig = signHead(privateKey, { village, epoch, last, head })
  return { village, box, session, n: 7, epoch, first, entries: entries.slice(first - 1, last), head, sig, ...changes }
}

const cursorAt = (seq: number) => (seq === 0 ? null : { epoch, seq, hash: hashAt(seq) })
const facts = (seq: number, changes: Partial<BatchFacts> = {}): BatchFacts => ({
  village,
  now: 5,
  window: 8,
  cursor: cursorAt(seq),
  held: [],
  newEpochs: 0,
  keys: [{ key, box, revoked: false }],
  ...changes,
})

function judge(message: Batch, known: BatchFacts) {
  const read = readBatch(packFrame(message))
  if ('refused' in read) throw new Error(read.refused.message)
  const verdict = judgeBatch(read.batch, known)
  expect(validators.batchAck.Check(verdict.answer)).toBe(true)
  return verdict
}

function expectRefused(message: Batch, known: BatchFacts, code: string) {
  const verdict = judge(message, known)
  expect(verdict.answer.refused?.code).toBe(code)
  expect(verdict.answer.seq).toBe(known.cursor?.seq ?? 0)
  expect([verdict.places, verdict.entries, verdict.cursor]).toEqual([[], [], null])
}

test('SYNC-005: a batch behind the cursor is taken whole, and the answer is its last entry', () => {
  const verdict = judge(batch(6, 9), facts(5))
  expect(verdict.places).toEqual(chain.slice(5, 9))
  expect(verdict.entries.map(({ entry }) => entry)).toEqual(entries.slice(5, 9))
  expect(verdict.cursor).toEqual(cursorAt(9))
  expect(verdict.answer).toEqual({
    session,
    re: 7,
    window: 8,
    now: 5,
    epoch,
    seq: 9,
    hash: hashAt(9).toString('base64url'),
  })
})

test('SYNC-005, F05: a gap is answered by the cursor and nothing is written', () => {
  const verdict = judge(batch(7, 9), facts(5))
  expect(verdict.answer).toMatchObject({ seq: 5, hash: hashAt(5).toString('base64url') })
  expect(verdict.answer.refused).toBeUndefined()
  expect(verdict.cursor).toBeNull()
})

test('SYNC-005: of a batch that overlaps only what is behind the cursor is written', () => {
  const verdict = judge(batch(3, 9), facts(5))
  expect(verdict.places.map(({ seq }) => seq)).toEqual([6, 7, 8, 9])
})

test('SYNC-005, F04: a repeated batch is answered by the cursor and nothing is written', () => {
  const verdict = judge(batch(3, 5), facts(9))
  expect(verdict.answer.seq).toBe(9)
  expect(verdict.cursor).toBeNull()
})

test('SYNC-005, F50: a batch that overlaps what the hub took of another copy does not end in its head', () => {
  const foreign = entries.map((entry) => ({ ...entry, data: { text: 'another past' } }))
  const other = computeChain(village, epoch, 1, start, foreign)
  const hash = other[4]?.hash ?? start
  expectRefused(batch(3, 9), facts(5, { cursor: { epoch, seq: 5, hash } }), 'bad-chain')
})

test('SYNC-005, F42: a changed entry is refused by the chain, a changed signature by the key', () => {
  const changed = [
    ...entries.slice(5, 8),
    { ...entries[8], type: 'queue.notice-changed', at: 1, clock: 'synced', actor: 'box', data: {} } as WireEntry,
  ]
  expectRefused(batch(6, 9, { entries: changed }), facts(5), 'bad-chain')
  expectRefused(batch(6, 9, { sig: batch(6, 8).sig }), facts(5), 'bad-signature')
})

test('SYNC-005: a batch of another village than its topic is refused', () => {
  expectRefused(batch(1, 3, { village: '3510152013' }), facts(0), 'wrong-village')
})

test('SYNC-005: a signature by a key that is not enrolled, or revoked, is refused', () => {
  expectRefused(batch(1, 3), facts(0, { keys: [] }), 'unknown-key')
  expectRefused(batch(1, 3), facts(0, { keys: [{ key, box, revoked: true }] }), 'revoked-key')
})

test('the twenty-first new epoch of a day is refused, a batch of a known epoch is not', () => {
  expectRefused(batch(1, 3), facts(0, { newEpochs: limits.newEpochsPerDay }), 'too-many-epochs')
  expect(judge(batch(6, 9), facts(5, { newEpochs: limits.newEpochsPerDay })).cursor?.seq).toBe(9)
})

test('SYNC-005, F51: an epoch begins only where the hub holds what stands before it', () => {
  const before = { epoch: 'epochBepochB', seq: 4, hash: hashAt(4) }
  const after: Batch['after'] = [[before.epoch, before.seq, before.hash.toString('base64url')]]
  expect(judge(batch(1, 3, { after }), facts(0)).answer.unknown).toBe(true)
  expect(judge(batch(1, 3, { after }), facts(0, { held: [{ ...before, hash: hashAt(5) }] })).answer.unknown).toBe(true)
  expect(judge(batch(1, 3, { after }), facts(0, { held: [before] })).cursor?.seq).toBe(3)
  const nothing: Batch['after'] = [[before.epoch, 0, epochStart(village, before.epoch).toString('base64url')]]
  expect(judge(batch(1, 3, { after: nothing }), facts(0)).cursor?.seq).toBe(3)
})

test('F55: an entry at a new place has the name of its first place, whatever the sender says', () => {
  const first = computeChain(village, 'epochBepochB', 1, epochStart(village, 'epochBepochB'), entries.slice(0, 1))
  const fromStart = [
    {
      ...entries[0],
      origin: ['epochBepochB', 1, epochStart(village, 'epochBepochB').toString('base64url')],
    } as WireEntry,
  ]
  const links = computeChain(village, epoch, 1, start, fromStart)
  const head = links[0]?.hash.toString('base64url') ?? ''
  const verdict = judge(
    batch(1, 1, { entries: fromStart, head, sig: signHead(privateKey, { village, epoch, last: 1, head }) }),
    facts(0),
  )
  expect(verdict.entries[0]?.name).toEqual(first[0]?.hash)
  expect(verdict.places[0]?.hash).not.toEqual(first[0]?.hash)
})

test('SYNC-005: any cutting of a chain into overlapping batches, in any order, ends with all entries once and in order', () => {
  const cut = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 19 }))
    .map(([first, more]) => [first, Math.min(20, first + more)] as const)
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 40 }), (cuts) => {
      let cursor: BatchFacts['cursor'] = null
      const written: number[] = []
      const send = (first: number, last: number) => {
        const verdict = judge(batch(first, last), facts(0, { cursor }))
        written.push(...verdict.places.map(({ seq }) => seq))
        cursor = verdict.cursor ?? cursor
        return verdict.answer.seq
      }
      let acked = 0
      for (const [first, last] of cuts) acked = send(first, last)
      // At last the sender goes on from what was answered.
      while (acked < 20) acked = send(acked + 1, Math.min(20, acked + 3))
      expect(written).toEqual(chain.map(({ seq }) => seq))
    }),
    { numRuns: 200 },
  )
})

const helloFacts = (changes: Partial<HelloFacts> = {}): HelloFacts => ({
  village,
  now: 5,
  window: 8,
  keys: [],
  owner: null,
  provisioned: false,
  cursors: [],
  namedEpochs: 0,
  marked: [],
  beforeLacking: [],
  ...changes,
})
const mark = (seq: number): [number, string] => [seq, hash8(hashAt(seq))]

test('epochs that a known box names and the hub lacks are noted, up to a thousand; a stranger’s are not', () => {
  const names = ['epochAepochA', 'epochBepochB', 'epochCepochC']
  const hello = {
    session,
    n: 1,
    box,
    key,
    epochs: names.map((name, index) => ({ epoch: name, last: index, marks: [] })),
  }
  const held = { epoch: 'epochBepochB', seq: 1, hash: hashAt(1) }
  const named = (changes: Partial<HelloFacts>) => judgeHello(hello, helloFacts(changes)).named.map((one) => one.epoch)
  // The first one has no entries yet.
  expect(named({})).toEqual(['epochBepochB', 'epochCepochC'])
  expect(named({ cursors: [held] })).toEqual(['epochCepochC'])
  expect(named({ namedEpochs: limits.namedEpochs - 1 })).toEqual(['epochBepochB'])
  expect(named({ namedEpochs: limits.namedEpochs })).toEqual([])
  expect(named({ keys: [{ key: 'x', box: 'other', revoked: false }] })).toEqual([])
})

test('the first hello makes its box the owner and enrols its key; the next does not', () => {
  const hello = { session, n: 1, box, key, epochs: [] }
  expect(judgeHello(hello, helloFacts())).toMatchObject({
    answer: { owner: box, re: 1 },
    owner: box,
    enrol: { key, box },
  })
  const known = helloFacts({ owner: 'other', keys: [{ key: 'x', box: 'other', revoked: true }] })
  expect(judgeHello(hello, known)).toMatchObject({ answer: { owner: 'other' }, owner: null, enrol: null })
})

test('SYNC-019: a box that has all that is here is sent back to before a part that is lacking; another one is not', () => {
  const hello = { session, n: 1, box, key, epochs: [{ epoch, last: 9, marks: [mark(9), mark(8), mark(6)] }] }
  const here = (seq: number) => ({ epoch, seq, hash: hashAt(seq) })
  const facts = { cursors: [here(9)], beforeLacking: [here(4)] }
  const answered = (marked: number[]) => judgeHello(hello, helloFacts({ ...facts, marked: marked.map(here) })).answer
  expect(answered([9, 8, 6]).epochs).toMatchObject([{ seq: 4, hash: hashAt(4).toString('base64url'), common: 9 }])
  expect(answered([8, 6]).epochs).toMatchObject([{ seq: 9, common: 8 }])

  // A copy that is not the owner has the beginning of what the hub holds, and will never have more (seed 21549).
  const copied = (beforeLacking: number, owner: string) =>
    judgeHello(
      { ...hello, epochs: [{ epoch, last: 6, marks: [mark(6)] }] },
      helloFacts({ cursors: [here(9)], beforeLacking: [here(beforeLacking)], marked: [here(6)], owner }),
    ).answer.epochs
  expect(copied(4, 'other')).toMatchObject([{ seq: 4, common: 6 }])
  expect(copied(4, box)).toMatchObject([{ seq: 9, common: 6 }])
  expect(copied(7, 'other')).toMatchObject([{ seq: 9, common: 6 }])
})

test('a hello is answered for each epoch that the box named and each other that the hub holds', () => {
  const other = { epoch: 'epochBepochB', seq: 3, hash: hashAt(3) }
  const hello = {
    session,
    n: 1,
    box,
    key,
    epochs: [
      { epoch: 'epochCepochC', last: 2, marks: [] },
      { epoch, last: 9, marks: [mark(9), mark(8), mark(6), mark(2)] },
    ],
  }
  const { answer } = judgeHello(
    hello,
    helloFacts({
      cursors: [{ epoch, seq: 7, hash: hashAt(7) }, other],
      marked: [9, 8, 6, 2].map((seq) => ({ epoch, seq, hash: hashAt(seq) })),
    }),
  )
  expect(validators.helloAck.Check(answer)).toBe(true)
  expect(answer.epochs).toEqual([
    { epoch: 'epochCepochC', seq: 0, hash: epochStart(village, 'epochCepochC').toString('base64url'), common: 0 },
    { epoch, seq: 7, hash: hashAt(7).toString('base64url'), common: 6 },
    { epoch: 'epochBepochB', seq: 3, hash: hashAt(3).toString('base64url'), common: 0 },
  ])
})

test('SYNC-007: a mark with another hash is not common', () => {
  const hello = {
    session,
    n: 1,
    box,
    key,
    epochs: [{ epoch, last: 9, marks: [[6, hash8(hashAt(5))] as [number, string], mark(2)] }],
  }
  const marked = [6, 2].map((seq) => ({ epoch, seq, hash: hashAt(seq) }))
  expect(
    judgeHello(hello, helloFacts({ cursors: [{ epoch, seq: 7, hash: hashAt(7) }], marked })).answer.epochs[0]?.common,
  ).toBe(2)
})

/** A want for `count` epochs of `each` entries, and the hub that holds them. `text` of each entry, so that gzip finds nothing. */
function wanted(count: number, each: number, text: () => string) {
  const names = Array.from({ length: count }, (_, index) => `epochs${String(index).padStart(6, '0')}`)
  const held = names.map((name) => {
    const own = entries
      .slice(0, 1)
      .flatMap((entry) => Array.from({ length: each }, (): WireEntry => ({ ...entry, data: { text: text() } })))
    const links = computeChain(village, name, 1, epochStart(village, name), own)
    return {
      epoch: name,
      from: null,
      behind: own.flatMap((entry, index) => links.slice(index, index + 1).map(({ hash }) => ({ entry, hash }))),
    }
  })
  const want = {
    ...{ session, n: 1 },
    epochs: names.map((name) => ({ epoch: name, from: 0, prev: epochStart(village, name).toString('base64url') })),
  }
  return { want, facts: { village, epochs: held } }
}
const judgeAll = ({ want, facts }: ReturnType<typeof wanted>, most?: number) =>
  judgeWant(most === undefined ? want : { ...want, most }, facts, () => 's'.repeat(86))
const countOf = ({ epochs }: ReturnType<typeof judgeWant>) => epochs.reduce((sum, part) => sum + part.entries.length, 0)

test('SYNC-008: one chunk carries as many epochs as it has room for, whole ones first', () => {
  const small = judgeAll(wanted(40, 10, () => 'x'))
  expect([small.epochs.length, countOf(small)]).toEqual([40, 400])
  const large = judgeAll(wanted(80, 10, () => 'x'))
  expect([large.epochs.length, countOf(large)]).toEqual([50, limits.batchEntries])
  expect(validators.chunk.Check(large)).toBe(true)
  // Every part ends in the hash of its last entry.
  for (const { epoch: name, entries: own, head } of large.epochs)
    expect(computeChain(village, name, 1, epochStart(village, name), own).at(-1)?.hash.toString('base64url')).toBe(head)
})

test.each([
  ['64 KiB', undefined, limits.chunkWireBytes],
  ['what its box says that its broker takes', 8_192, 8_192],
])('a chunk that gzip cannot press weighs at most %s on the wire, and brings something', (_what, most, bytes) => {
  const chunk = judgeAll(
    wanted(20, 20, () => randomBytes(600).toString('base64')),
    most,
  )
  const weight = packFrame({ ...chunk, sig: publicKeyOf(privateKey).repeat(2) }).length
  expect(weight).toBeLessThanOrEqual(bytes)
  expect(weight).toBeGreaterThan(bytes * 0.6)
  expect(countOf(chunk)).toBeGreaterThan(0)
})

test('an epoch that the hub holds otherwise comes without entries, and keeps the others from nothing', () => {
  const { want, facts } = wanted(3, 2, () => 'x')
  const epochs = want.epochs.map((one, index) => (index === 1 ? { ...one, prev: 'p'.repeat(43) } : one))
  const chunk = judgeWant({ ...want, epochs }, facts, () => '')
  expect(chunk.epochs.map((part) => part.entries.length)).toEqual([2, 0, 2])
  expect(chunk.epochs[1]?.head).toBe('p'.repeat(43))
})

test('an entry as deep as a batch may carry it comes back in a chunk that its box can read', () => {
  const data = JSON.parse(`${'{"a":'.repeat(limits.jsonDepth - 3)}1${'}'.repeat(limits.jsonDepth - 3)}`)
  const [entry] = entries
  if (!entry) throw new TypeError('There is no entry.')
  const deep = { ...entry, data }
  const links = computeChain(village, epoch, 1, start, [deep])
  const head = links.at(-1)?.hash.toString('base64url') ?? ''
  expect(readBatch(packFrame({ ...batch(1, 1), entries: [deep], head }))).toHaveProperty('batch')
  const tooDeep = { ...batch(1, 1), entries: [{ ...deep, data: { data } }], head }
  expect(readBatch(packFrame(tooDeep))).toMatchObject({ refused: { code: 'too-deep' } })
  const want = { session, n: 1, epochs: [{ epoch, from: 0, prev: start.toString('base64url') }] }
  const behind = links.map(({ hash }) => ({ entry: deep, hash }))
  const chunk = judgeWant(want, { village, epochs: [{ epoch, from: null, behind }] }, () => 's'.repeat(86))
  expect(unpackFrame(packFrame(chunk), limits.unpackedBytes, limits.chunkJsonDepth)).toEqual(chunk)
})

test('SYNC-019: private parts that come along are kept by name, and one that was swapped on the way takes nothing', () => {
  const withPart: WireEntry[] = entries
    .slice(0, 3)
    .map((entry, i) => (i === 1 ? { ...entry, private: 'p'.repeat(43) } : entry))
  const links = computeChain(village, epoch, 1, start, withPart)
  const head = links[2]?.hash.toString('base64url') ?? ''
  const sealed = { ['p'.repeat(43)]: Buffer.from('an age file').toString('base64url') }
  const signed = { village, epoch, last: 3, head, ...digestSealed(sealed) }
  const message: Batch = { ...batch(1, 3), entries: withPart, head, sealed, sig: signHead(privateKey, signed) }
  const p = Buffer.from('p'.repeat(43), 'base64url')
  const part = { epoch, seq: 2, p, file: Buffer.from('an age file'), box }
  expect(judge(message, facts(0)).parts).toEqual([part])
  const cursorOf = (seq: number) => ({ epoch, seq, hash: links[seq - 1]?.hash ?? start })
  expect(judge(message, { ...facts(0), cursor: cursorOf(1) }).parts).toEqual([part])

  // All of it is here already: its part is kept, and its sender goes on behind it, where the past is the same.
  const behind = { ...facts(0), cursor: { ...cursorOf(3), seq: 9 }, held: [cursorOf(3)] }
  expect(judge(message, behind)).toMatchObject({ parts: [part], answer: { seq: 3, hash: head }, cursor: null })
  const bare = batch(1, 3, { entries: withPart, head, sig: signHead(privateKey, { village, epoch, last: 3, head }) })
  expect(judge(bare, behind).parts).toEqual([{ ...part, file: null }])
  for (const held of [[], [{ ...cursorOf(3), hash: start }]])
    expect(judge(message, { ...behind, held })).toMatchObject({ parts: [], answer: { seq: 9 } })
  expect(judge(message, { ...behind, keys: [] })).toMatchObject({ parts: [], answer: { seq: 9 } })

  const swapped = { ['p'.repeat(43)]: Buffer.from('another file').toString('base64url') }
  for (const other of [
    { ...message, sealed: swapped },
    { ...message, sealed: {} },
    { ...message, sealed: undefined },
  ])
    expectRefused(JSON.parse(JSON.stringify(other)), facts(0), 'bad-signature')
  const large = { ['p'.repeat(43)]: 'A'.repeat(limits.sealedBytes * 2) }
  expect(readBatch(packFrame({ ...message, sealed: large }))).toMatchObject({ refused: { code: 'malformed' } })
})
