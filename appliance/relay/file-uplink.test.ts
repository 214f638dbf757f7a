import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { unpackFrame } from '../wire/frame.ts'
import type { FilePut } from '../wire/messages.ts'
import { publicKeyOf, verifyPut } from '../wire/sign.ts'
import { createFileUplink } from './file-uplink.ts'
import { initialState, type SenderState } from './sender-state.ts'

/* Files that go up: when, how much at a time, and where they go on. */

const village = '3510242008'
const { privateKey: key } = generateKeyPairSync('ed25519')
/** As hard to compress as what is sealed. */
const content = Buffer.concat(
  Array.from({ length: 3_125 }, (_, at) => createHash('sha256').update(String(at)).digest()),
)
const file = createHash('sha256').update(content).digest('base64url')
const idle: SenderState = {
  ...initialState([{ epoch: 'epochAepochA', last: 4, acked: 4 }]),
  ...{ link: 'up', session: 'Session-sixteen1', ready: true, window: 8, isOwner: true },
}

/** The uplink with a hub that takes what comes; `waits`: what it answers instead. */
function open({ state = idle, bytes = content } = {}) {
  const at = { now: 0, state, wait: undefined as 'unknown' | 'full' | undefined, silent: false, held: Buffer.alloc(0) }
  const puts: FilePut[] = []
  const timers: { at: number; work: () => void }[] = []
  let waiting: { file: string; size: number } | null = { file, size: bytes.length }
  let spent = 0
  const uplink = createFileUplink({
    source: {
      next: () => waiting,
      waiting: () => (waiting ? [waiting] : []),
      read: (_file, from, most) => (waiting ? bytes.subarray(from, from + most) : null),
      arrived: () => {
        waiting = null
      },
    },
    ...{ village, key, state: () => at.state, monotonicMs: () => at.now },
    publish: (payload) => void puts.push(unpackFrame(payload) as FilePut),
    spent: (more) => {
      spent += more
    },
    after: (ms, work) => void timers.push({ at: at.now + ms, work }),
  })
  return {
    ...{ at, puts, uplink },
    spent: () => spent,
    isWaiting: () => waiting !== null,
    withdraw: () => {
      waiting = null
    },
    /** The hub answers the last put. */
    answer(change: object = {}): void {
      const put = puts.at(-1)
      if (!put) throw new TypeError('Nothing was sent.')
      if (put.first === at.held.length) at.held = Buffer.concat([at.held, Buffer.from(put.bytes, 'base64url')])
      uplink.takeAck({ session: put.session, re: put.n, file: put.file, have: at.held.length, ...change })
    },
    wait(ms: number): void {
      at.now += ms
      for (const due of timers.filter((one) => one.at <= at.now)) {
        timers.splice(timers.indexOf(due), 1)
        due.work()
      }
    },
  }
}

test('SYNC-025: a file goes piece by piece, each signed, one at a time, and is whole at the end', () => {
  const up = open()
  up.uplink.look()
  up.uplink.look()
  expect(up.puts).toHaveLength(1)
  expect(up.puts[0]).toMatchObject({ file, size: 100_000, first: 0, bytes: '' })
  while (up.isWaiting()) up.answer()
  expect(up.at.held.equals(content)).toBe(true)
  expect(up.puts.every((put) => verifyPut(publicKeyOf(key), put))).toBe(true)
  // A line that is not known yet carries 16 KiB at once, with all that is around it.
  for (const put of up.puts.slice(1)) expect(put.bytes.length).toBeLessThanOrEqual(16 * 1024)
  expect(up.spent()).toBeGreaterThan(100_000)
})

test('SYNC-025: after a cut it goes on where the hub is, and nothing is sent twice', () => {
  const up = open()
  up.uplink.look()
  for (let n = 0; n < 3; n++) up.answer()
  const before = up.at.held.length
  up.at.state = { ...idle, link: 'down', session: null }
  up.wait(60_000)
  const sent = up.puts.length
  up.at.state = { ...idle, session: 'Session-sixteen2' }
  up.uplink.look()
  expect(up.puts).toHaveLength(sent + 1)
  expect(up.puts.at(-1)).toMatchObject({ session: 'Session-sixteen2', bytes: '', first: 0 })
  up.answer({ have: before })
  expect(up.puts.at(-1)?.first).toBe(before)
  while (up.isWaiting()) up.answer()
  expect(up.at.held.equals(content)).toBe(true)
})

test.each<[string, Partial<SenderState>]>([
  ['entries wait', { epochs: [{ ...idle.epochs[0], last: 5 } as (typeof idle.epochs)[number]] }],
  ['a batch is on its way', { open: [{ n: 1, epoch: 'epochAepochA', first: 1, last: 4, bytes: 9, sentAt: 0 }] }],
  ['history is asked for', { want: { n: 1, epochs: [], sentAt: 0 } }],
  ['a hello is open', { hello: { n: 1, sentAt: 0 } }],
  ['another box is the village’s', { isOwner: false }],
  ['the hub takes nothing', { window: 0 }],
  ['the hour is spent', { budget: { perHour: 1_000, left: 0, at: 0 } }],
  ['there is no line', { link: 'down', session: null }],
])('SYNC-025: nothing of a file goes while %s', (_why, change) => {
  const up = open({ state: { ...idle, ...change } })
  up.uplink.look()
  expect(up.puts).toEqual([])
  up.at.state = idle
  up.uplink.look()
  expect(up.puts).toHaveLength(1)
})

test('SYNC-025: what the hub does not take now is asked for again after 5 s, 30 s, and every 5 min', () => {
  const up = open()
  up.uplink.look()
  for (const ms of [5_000, 30_000, 300_000, 300_000]) {
    up.answer({ wait: 'unknown', have: 0 })
    const sent = up.puts.length
    up.wait(ms - 100)
    up.uplink.look()
    expect(up.puts).toHaveLength(sent)
    up.wait(100)
    expect(up.puts).toHaveLength(sent + 1)
  }
  up.answer({ wait: 'full', have: 0 })
  up.withdraw()
  up.wait(300_000)
  expect(up.isWaiting()).toBe(false)
})

test('a hub that does not know such messages is asked seldom; an answer to another question changes nothing', () => {
  const up = open()
  up.uplink.look()
  up.answer({ re: 99, have: 100_000 })
  up.answer({ session: 'Session-sixteen9', have: 100_000 })
  expect(up.isWaiting()).toBe(true)
  for (let minute = 0; minute < 60; minute++) up.wait(60_000)
  expect(up.puts.length).toBeGreaterThan(5)
  expect(up.puts.length).toBeLessThan(16)
})

test('a file that is not wanted any more in the middle is left, and one that the hub had to drop begins anew', () => {
  const up = open()
  up.uplink.look()
  up.answer()
  up.answer()
  up.at.held = Buffer.alloc(0)
  up.answer({ have: 0 })
  expect(up.puts.at(-1)?.first).toBe(0)
  const sent = up.puts.length
  up.withdraw()
  up.answer()
  up.wait(1)
  expect(up.puts).toHaveLength(sent)
})
