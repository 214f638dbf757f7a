import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { newId, newSession } from '../appliance/base/ids.ts'
import { computeChain, hash8, markPlaces } from '../appliance/wire/chain.ts'
import { packFrame } from '../appliance/wire/frame.ts'
import { epochStart } from '../appliance/wire/hash.ts'
import type { Batch, Hello, WireEntry } from '../appliance/wire/messages.ts'
import { publicKeyOf, signHead } from '../appliance/wire/sign.ts'

/** For tests and measurements: one epoch of a village with its key, cut into whatever hellos and batches are wanted. */
export function createTestBox({
  village,
  entries,
  epoch = newId(),
  privateKey = generateKeyPairSync('ed25519').privateKey,
}: {
  village: string
  entries: readonly WireEntry[]
  epoch?: string
  /** Of a box that has more epochs than this one. */
  privateKey?: KeyObject
}) {
  const box = `box${village}${'x'.repeat(9)}`
  const session = newSession()
  const start = epochStart(village, epoch)
  const chain = computeChain(village, epoch, 1, start, entries)
  const hashAt = (seq: number): Buffer => (seq === 0 ? start : (chain[seq - 1]?.hash ?? start))
  let n = 0

  function batch(first: number, last: number, changes: Partial<Batch> = {}): Batch {
    const head = hashAt(last).toString('base64url')
    const sig = signHead(privateKey, { village, epoch, last, head })
    n++
    return { village, box, session, n, epoch, first, entries: entries.slice(first - 1, last), head, sig, ...changes }
  }

  function hello(): Hello {
    const last = entries.length
    const marks = markPlaces(last).map((seq): [number, string] => [seq, hash8(hashAt(seq))])
    n++
    return { session, n, box, key: publicKeyOf(privateKey), epochs: [{ epoch, last, marks }] }
  }

  return {
    village,
    epoch,
    box,
    session,
    key: privateKey,
    chain,
    hashAt,
    batch,
    hello,
    packBatch: (first: number, last: number) => packFrame(batch(first, last)),
  }
}

/** `count` entries such as a queue writes them: tickets taken, called, started and completed, ten minutes each. */
export function queueEntries(
  count: number,
  { day = '2026-11-23', from = Date.UTC(2026, 10, 23, 1) } = {},
): WireEntry[] {
  const service = newId()
  const counter = newId()
  const entry = (type: string, at: number, data: WireEntry['data']): WireEntry => ({
    type,
    at,
    clock: 'synced',
    actor: 'box',
    key: newId(),
    data,
  })
  const entries = [
    entry('queue.service-added', from, { service, prefix: 'A', name: 'Surat', requires: ['KTP'], minutes: 10 }),
  ]
  for (let number = 1; entries.length < count; number++) {
    const ticket = newId()
    const at = from + number * 60_000
    const label = `A${String(number % 1000).padStart(3, '0')}`
    entries.push(
      entry('queue.ticket-taken', at, { ticket, service, day, number: ((number - 1) % 999) + 1, label }),
      entry('queue.ticket-called', at + 300_000, { ticket, counter, call: newId() }),
      entry('queue.serving-started', at + 360_000, { ticket, counter }),
      entry('queue.ticket-completed', at + 600_000, { ticket, counter, result: 'done' }),
    )
  }
  return entries.slice(0, count)
}
