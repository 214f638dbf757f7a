import { describe, expect, test } from 'vitest'
import type { BatchAck, Chunk, ChunkPart, HelloAck } from '../wire/messages.ts'
import { nextTickAt, step } from './sender.ts'
import { backlogOf, type Effect, hasHistory, type Input, initialState, type SenderState } from './sender-state.ts'
import { backoffMs, connectDelayMs, times } from './timing.ts'

const epoch = 'EpochEpoch_1'
const session = 'session-session1'

/** A sender with its own time; `own` is the hash that the box has at a place: `h<seq>`, padded. */
function createHarness(last: number, acked = 0, bytesPerHour: number | null = null, mostBytes?: number) {
  let state = initialState([{ epoch, last, acked }], bytesPerHour, mostBytes)
  let now = 0
  const sent: Effect[] = []
  const hashOf = (seq: number) => `h${seq}`.padEnd(43, '_')

  function give(input: Input): Effect[] {
    const result = step(state, input, now, () => 0.5)
    state = result.state
    sent.push(...result.effects)
    for (const effect of result.effects) {
      if (effect.kind === 'send-batch')
        give({
          kind: 'batch-built',
          n: effect.n,
          last: Math.min(lastOf(), effect.from + 100),
          bytes: times.fullBatchBytes,
        })
    }
    return result.effects
  }
  const lastOf = () => state.epochs[0]?.last ?? 0

  return {
    give,
    hashOf,
    get state(): SenderState {
      return state
    },
    sent,
    batches: () => sent.filter((effect) => effect.kind === 'send-batch'),
    hellos: () => sent.filter((effect) => effect.kind === 'send-hello'),
    wait(ms: number) {
      now += ms
      give({ kind: 'tick' })
    },
    connect() {
      give({ kind: 'tick' })
      give({ kind: 'connected', session })
    },
    helloAck(seq: number, over: Partial<HelloAck> = {}) {
      const ack: HelloAck = {
        session,
        re: state.hello?.n ?? 1,
        owner: null,
        window: 2,
        now: 0,
        epochs: [{ epoch, seq, hash: hashOf(seq), common: 0 }],
        ...over,
      }
      give({ kind: 'hello-ack', ack, box: 'me', own: new Map([[epoch, hashOf(seq)]]) })
    },
    /** The first ack shows what the line carries; until then one batch is on its way. */
    pace(over: Partial<BatchAck> = {}) {
      this.batchAck(state.open[0]?.n ?? 0, state.open[0]?.last ?? 0, over)
    },
    batchAck(re: number, seq: number, over: Partial<BatchAck> = {}) {
      const ack: BatchAck = { session, re, window: 2, now: 0, epoch, seq, hash: hashOf(seq), ...over }
      give({ kind: 'batch-ack', ack, own: hashOf(seq) })
    },
  }
}

describe('SYNC-001: an answer counts once, and only to its question', () => {
  test('F49: doubled acks do not make the window go out again', () => {
    const box = createHarness(1_000)
    box.connect()
    box.helloAck(0)
    const [first] = box.state.open
    for (let i = 0; i < 10; i++) box.batchAck(first?.n ?? 0, 100)
    expect(box.batches()).toHaveLength(3)
    expect(box.state.open).toHaveLength(2)
  })

  test('an answer of another session is dropped', () => {
    const box = createHarness(100)
    box.connect()
    box.helloAck(100, { session: 'anothersession16' })
    expect(box.state.ready).toBe(false)
    box.helloAck(0)
    box.batchAck(box.state.open[0]?.n ?? 0, 100, { session: 'anothersession16' })
    expect(backlogOf(box.state)).toBe(100)
  })
})

describe('SYNC-002: only an ack moves the cursor', () => {
  test('at most the window is in flight', () => {
    const box = createHarness(10_000)
    box.connect()
    box.helloAck(0, { window: 5 })
    expect(box.state.open).toHaveLength(1)
    box.pace({ window: 5 })
    expect(box.state.open).toHaveLength(5)
    expect(backlogOf(box.state)).toBe(9_900)
  })

  test('F05: an ack below the batch sends on from there, and what was in flight behind it is void', () => {
    const box = createHarness(400)
    box.connect()
    box.helloAck(0, { window: 3 })
    box.pace({ window: 3 })
    const [first, second, third] = box.state.open
    box.batchAck(second?.n ?? 0, 100, { window: 3 })
    expect(box.batches().at(-3)).toMatchObject({ from: 100 })
    const flying = box.state.open.length
    box.batchAck(third?.n ?? 0, 100, { window: 3 })
    box.batchAck(first?.n ?? 0, 200, { window: 3 })
    expect(box.state.open).toHaveLength(flying)
  })

  test('the same batch not taken twice stops its epoch until the next hello', () => {
    const box = createHarness(100)
    box.connect()
    box.helloAck(0)
    box.batchAck(box.state.open[0]?.n ?? 0, 0)
    box.batchAck(box.state.open[0]?.n ?? 0, 0)
    expect(box.state.epochs[0]?.stopped).toBe('not-taken')
    expect(box.state.open).toHaveLength(0)
    box.wait(backoffMs(0))
    expect(box.hellos()).toHaveLength(2)
    box.helloAck(0)
    expect(box.state.open).toHaveLength(1)
  })

  test('a refused batch stops its epoch, later hellos come at 30 s, 1, 2 and 5 minutes', () => {
    const box = createHarness(100)
    box.connect()
    const waits: number[] = []
    for (let i = 0; i < 5; i++) {
      box.helloAck(0)
      box.batchAck(box.state.open[0]?.n ?? 0, 0, { refused: { code: 'bad-chain', message: '' } })
      expect(box.state.epochs[0]?.stopped).toBe('refused')
      const hellos = box.hellos().length
      let waited = 0
      while (box.hellos().length === hellos) {
        box.wait(30_000)
        waited += 30_000
      }
      waits.push(waited)
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 300_000, 300_000])
  })

  test('a hash that is not the box’s own asks again by hello', () => {
    const box = createHarness(100)
    box.connect()
    box.helloAck(0)
    box.batchAck(box.state.open[0]?.n ?? 0, 100, { hash: 'x'.repeat(43) })
    expect(box.hellos()).toHaveLength(2)
    expect(backlogOf(box.state)).toBe(100)
  })
})

describe('SYNC-003: time-outs', () => {
  test('F07: an unanswered batch is sent again from the cursor, half as large', () => {
    const box = createHarness(1_000)
    box.connect()
    box.helloAck(0)
    box.wait(times.answerMs)
    expect(box.hellos()).toHaveLength(2)
    box.helloAck(0)
    expect(box.batches().at(-1)).toMatchObject({ maxBytes: times.firstBatchBytes / 2 })
  })

  test('F24: a line that ends twice with a batch on it gets half of it, and no more until it has lasted', () => {
    const box = createHarness(100_000)
    const cut = () => {
      box.give({ kind: 'closed', trouble: 'offline' })
      box.wait(60_000)
      box.connect()
      box.helloAck(0)
      return box.state.ceilingBytes
    }
    box.connect()
    box.helloAck(0)
    expect([cut(), cut()]).toEqual([times.fullBatchBytes, times.fullBatchBytes / 2])
    box.wait(times.dailyHelloMs)
    box.helloAck(0)
    expect(box.state.ceilingBytes).toBe(times.fullBatchBytes)
  })

  test('F24: what the broker is said to take is never passed, also not by a line that has lasted', () => {
    const box = createHarness(100_000, 0, null, 20_000)
    box.connect()
    box.helloAck(0)
    for (let i = 0; i < 40; i++) {
      box.wait(1)
      const [open] = box.state.open
      if (open) box.batchAck(open.n, open.last)
    }
    // It is a fast line for all that.
    expect(box.state.batchBytes).toBe(20_000)
    box.wait(times.dailyHelloMs)
    box.helloAck(box.state.epochs[0]?.acked ?? 0)
    expect(box.state.ceilingBytes).toBe(20_000)
    expect(Math.max(...box.batches().map(({ maxBytes }) => maxBytes))).toBe(20_000)
  })

  test('F32: a backlog goes out without new traffic: the sender always says when it must be woken', () => {
    const box = createHarness(100)
    box.give({ kind: 'tick' })
    box.give({ kind: 'closed', trouble: 'offline' })
    expect(nextTickAt(box.state)).not.toBeNull()
    box.wait(60_000)
    expect(box.sent.filter((effect) => effect.kind === 'connect')).toHaveLength(2)
  })

  test('a closed line comes back within 40 s, a refused one within 15 minutes', () => {
    for (let failures = 0; failures < 30; failures++) {
      expect(connectDelayMs('offline', failures, () => 0.999)).toBeLessThanOrEqual(40_000)
      expect(connectDelayMs('connect-refused', failures, () => 0.999)).toBeLessThanOrEqual(15 * 60_000)
    }
    expect(connectDelayMs('subscribe-refused', 12, () => 0.999)).toBeGreaterThan(14 * 60_000)
  })

  test('F12: a second box with this identity is left alone', () => {
    const box = createHarness(0)
    box.connect()
    expect(box.give({ kind: 'foreign-box' })).toEqual([{ kind: 'disconnect' }])
    expect(box.state).toMatchObject({ link: 'down', trouble: 'foreign-box' })
  })
})

describe('SYNC-007: what the hub says of an epoch is held against the journal', () => {
  test('F19, F20: a hub that went back, to any time, gets the rest again', () => {
    const box = createHarness(100, 100)
    box.connect()
    box.helloAck(40)
    expect(box.batches().at(-1)).toMatchObject({ from: 40 })
    expect(box.sent).toContainEqual({ kind: 'store-cursor', epoch, seq: 40 })
  })

  test('F10, F52: another past gives up what stands behind the last mark that both hold', () => {
    const box = createHarness(100)
    box.connect()
    box.helloAck(50, { epochs: [{ epoch, seq: 50, hash: 'y'.repeat(43), common: 37 }] })
    expect(box.sent).toContainEqual({ kind: 'meet-other-past', cuts: [{ epoch, upTo: 37 }], begin: false })
    expect(box.sent).toContainEqual({ kind: 'store-cursor', epoch, seq: 37 })
    expect(box.state.missing).toEqual([{ epoch, until: 50 }])
    expect(box.batches()).toHaveLength(0)
  })

  test('F10: a hub that goes on where the box ends begins a new epoch and gives history; nothing moves', () => {
    const box = createHarness(10)
    box.connect()
    box.helloAck(50, { epochs: [{ epoch, seq: 50, hash: box.hashOf(50), common: 10 }] })
    expect(box.sent).toContainEqual({ kind: 'meet-other-past', cuts: [], begin: true })
    expect(box.sent.at(-1)).toMatchObject({ kind: 'send-want', epochs: [epoch] })
  })
})

describe('SYNC-008: history comes by one question at a time, for all epochs that are missing', () => {
  const [other, third] = ['EpochEpoch_0', 'EpochEpoch_3']
  const helloWithHistory = (box: ReturnType<typeof createHarness>) =>
    box.helloAck(0, {
      epochs: [
        { epoch, seq: 0, hash: box.hashOf(0), common: 0 },
        { epoch: other, seq: 40, hash: box.hashOf(40), common: 0 },
        { epoch: third, seq: 2, hash: box.hashOf(2), common: 0 },
      ],
    })
  const part = (of: string, count = 1): ChunkPart => ({
    ...{ epoch: of, first: 1, head: 'h'.repeat(43) },
    entries: Array(count).fill({ type: 'x.y', at: 0, clock: 'synced', actor: 'box', data: {} }),
  })
  const chunk = (re: number, over: Partial<Chunk> = {}): Chunk => ({
    ...{ session, re, epochs: [part(other)], sig: 's'.repeat(86) },
    ...over,
  })
  const open = () => {
    const box = createHarness(0)
    box.connect()
    helloWithHistory(box)
    return box
  }
  const wantOf = (box: ReturnType<typeof createHarness>) => box.state.want?.n ?? 0

  test('every epoch that is missing is named, the oldest first', () => {
    expect(open().sent.at(-1)).toMatchObject({ kind: 'send-want', epochs: [other, third] })
  })

  test('a chunk is taken once, and only as the answer to the open want', () => {
    const box = open()
    const n = wantOf(box)
    expect(box.give({ kind: 'chunk', chunk: chunk(n, { session: 'anothersession16' }) })).toEqual([])
    expect(box.give({ kind: 'chunk', chunk: chunk(n + 1) })).toEqual([])
    expect(box.give({ kind: 'chunk', chunk: chunk(n, { epochs: [part(other), part('EpochEpoch_9')] }) })).toEqual([])
    expect(box.give({ kind: 'chunk', chunk: chunk(n) })[0]).toMatchObject({ kind: 'take-history' })
    expect(box.give({ kind: 'chunk', chunk: chunk(n) })).toEqual([])
  })

  test('it goes on until the hub’s ends are here, and then nothing is missing', () => {
    const box = open()
    box.give({ kind: 'chunk', chunk: chunk(wantOf(box)) })
    box.give({ kind: 'history-taken', ends: [{ epoch: other, last: 25 }] })
    expect(hasHistory(box.state)).toBe(false)
    expect(box.sent.at(-1)).toMatchObject({ kind: 'send-want', epochs: [other, third] })
    box.give({ kind: 'chunk', chunk: chunk(wantOf(box), { epochs: [part(other), part(third, 2)] }) })
    box.give({
      kind: 'history-taken',
      ends: [
        { epoch: other, last: 40 },
        { epoch: third, last: 2 },
      ],
    })
    expect(hasHistory(box.state)).toBe(true)
  })

  test.each([
    ['nothing at all', [part(other, 0)], []],
    ['nothing of one epoch', [part(other, 0), part(third, 2)], ['take-history']],
    ['history that does not fit', [part(other)], ['take-history']],
  ])('a chunk with %s asks by hello again, and what else it holds is taken', (_what, epochs, kinds) => {
    const box = open()
    const effects = box.give({ kind: 'chunk', chunk: chunk(wantOf(box), { epochs }) })
    expect(effects.map(({ kind }) => kind).filter((kind) => kind === 'take-history')).toEqual(kinds)
    if (epochs.every(({ entries }) => entries.length > 0)) box.give({ kind: 'history-refused' })
    box.wait(0)
    expect(box.hellos()).toHaveLength(2)
  })
})

test('SYNC-012: a box that is not the owner fetches no history and asks at each roll-call', () => {
  const box = createHarness(10)
  box.connect()
  box.helloAck(50, { owner: 'another box', epochs: [{ epoch, seq: 50, hash: box.hashOf(50), common: 10 }] })
  expect(box.state).toMatchObject({ isOwner: false, missing: [], want: null })
  box.give({ kind: 'roll-call', spread: 0, all: false })
  expect(box.hellos()).toHaveLength(2)
})

test('F12: two boxes that cut each other off wait longer each time, until a line lasts', () => {
  const box = createHarness(0)
  const waits: number[] = []
  for (let i = 0; i < 8; i++) {
    let waited = 0
    box.give({ kind: 'tick' })
    while (box.state.link === 'down') {
      box.wait(250)
      waited += 250
    }
    waits.push(waited)
    box.give({ kind: 'connected', session })
    box.helloAck(0)
    box.wait(i === 6 ? times.lastingMs : 1_000)
    box.give({ kind: 'closed', trouble: 'offline' })
  }
  expect(waits[6]).toBeGreaterThan(15_000)
  expect(waits[7]).toBeLessThan(1_000)
})

test('F12: a foreign box means a rest of five to fifteen minutes, whatever the end of the line says afterwards', () => {
  const box = createHarness(0)
  box.connect()
  box.helloAck(0)
  box.give({ kind: 'foreign-box' })
  box.give({ kind: 'closed', trouble: 'offline' })
  box.wait(5 * 60_000 - 1)
  expect(box.state).toMatchObject({ link: 'down', trouble: 'foreign-box' })
  box.wait(10 * 60_000)
  expect(box.state.link).toBe('connecting')
})

describe('a thin line', () => {
  test('F30, F31: batches shrink to two seconds of what the line carries, two on their way', () => {
    const box = createHarness(100_000)
    box.connect()
    box.helloAck(0, { window: 8 })
    for (let i = 0; i < 12; i++) {
      box.wait((times.firstBatchBytes / 8_000) * 1_000)
      const [first] = box.state.open
      box.batchAck(first?.n ?? 0, first?.last ?? 0, { window: 8 })
    }
    expect(box.state.open).toHaveLength(2)
    expect(box.batches().at(-1)?.maxBytes).toBeLessThan(times.fullBatchBytes)
  })

  test('a budget per hour holds batches back and lets hellos go', () => {
    const box = createHarness(100_000, 0, 100_000)
    box.connect()
    box.helloAck(0)
    box.pace()
    expect(box.state.budget?.left).toBeLessThan(0)
    const sent = box.batches().length
    for (const _ of box.state.open) box.pace()
    box.wait(60_000)
    expect(box.batches()).toHaveLength(sent)
    box.wait(3_600_000)
    expect(box.batches().length).toBeGreaterThan(sent)
  })
})

test('SYNC-004: an older epoch goes first, the next when it is acked', () => {
  const older = 'EpochEpoch_0'
  let state = initialState([
    { epoch: older, last: 5, acked: 0 },
    { epoch, last: 5, acked: 0 },
  ])
  const give = (input: Input) => {
    const result = step(state, input, 0, () => 0)
    state = result.state
    return result.effects
  }
  give({ kind: 'tick' })
  give({ kind: 'connected', session })
  const hash = 'h'.repeat(43)
  const epochs = [older, epoch].map((one) => ({ epoch: one, seq: 0, hash, common: 0 }))
  const [batch] = give({
    kind: 'hello-ack',
    ack: { session, re: 1, owner: null, window: 8, now: 0, epochs },
    box: 'me',
    own: new Map([
      [older, hash],
      [epoch, hash],
    ]),
  })
  expect(batch).toMatchObject({ kind: 'send-batch', epoch: older })
  expect(give({ kind: 'batch-built', n: 2, last: 5, bytes: 100 })).toEqual([])
  const ack = { session, re: 2, window: 8, now: 0, epoch: older, seq: 5, hash }
  expect(give({ kind: 'batch-ack', ack, own: hash })).toMatchObject([
    { kind: 'store-cursor', epoch: older, seq: 5 },
    { kind: 'send-batch', epoch },
  ])
})

test('a roll-call asks only boxes that have not spoken for an hour, unless it is for all', () => {
  const box = createHarness(0)
  box.connect()
  box.helloAck(0)
  box.give({ kind: 'roll-call', spread: 1_000, all: false })
  box.wait(1_000)
  expect(box.hellos()).toHaveLength(1)
  box.give({ kind: 'roll-call', spread: 1_000, all: true })
  box.wait(1_000)
  expect(box.hellos()).toHaveLength(2)
})
