import type { KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../appliance/base/ids.ts'
import { hourMs } from '../../appliance/base/time.ts'
import { computeChain } from '../../appliance/wire/chain.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import { type Batch, type Hello, validators } from '../../appliance/wire/messages.ts'
import { digestSealed, signDown, verifyHead } from '../../appliance/wire/sign.ts'
import { rollCallTopic, villageTopics } from '../../appliance/wire/topics.ts'
import type { Findings } from './finding.ts'
import type { Heard, Line } from './line.ts'

type Parts = {
  line: Line
  village: string
  /** The box has to know its public half as its hub's. */
  hubKey: KeyObject
  /** Cuts the box's line, so that it connects anew; null: it cannot be cut from here. */
  cut: (() => Promise<void>) | null
  now: () => number
  findings: Findings
  /** So long the box has to connect and say hello. */
  connectMs?: number
  /** So long a box that does what it may not is watched. */
  watchMs?: number
}

const mostBatches = 40
const carriedOut = 'commands.carried-out'

/**
 * Plays a hub against somebody's box, rule by rule, and notes which hold. It knows nothing of the village, so the box
 * sends all that it has. Ends early where nothing can be judged any more.
 */
export async function tryBox(parts: Parts): Promise<void> {
  const { line, village, hubKey, cut, now, findings, connectMs = 90_000, watchMs = 4_000 } = parts
  const { note } = findings
  const topics = villageTopics(village)
  /** Where the played hub stands: by epoch, the last place and its hash. */
  const stands = new Map<string, { seq: number; hash: Buffer }>()
  const kept: string[] = []

  const command = (id: string) => {
    const unsigned = { id, type: 'check', expires: now() + hourMs, data: {} }
    return { ...unsigned, sig: signDown(hubKey, village, unsigned) }
  }
  const endOf = (epoch: string) => stands.get(epoch) ?? { seq: 0, hash: epochStart(village, epoch) }

  function answerHello(hello: Hello): Promise<unknown> {
    const named = hello.epochs.map(({ epoch }) => epoch)
    const epochs = [...new Set([...named, ...stands.keys()])].map((epoch) => {
      const { seq, hash } = endOf(epoch)
      return { epoch, seq, hash: hash.toString('base64url'), common: seq }
    })
    const answer = { session: hello.session, re: hello.n, owner: hello.box, window: 1, now: now(), epochs }
    return line.publish(topics.ack, packFrame(answer))
  }
  function answerBatch(batch: Batch, change: { session?: string } = {}): Promise<unknown> {
    const { seq, hash } = endOf(batch.epoch)
    const answer = { session: batch.session, re: batch.n, window: 1, now: now(), epoch: batch.epoch, seq }
    return line.publish(topics.ack, packFrame({ ...answer, hash: hash.toString('base64url'), ...change }))
  }
  const nextOn = (topic: string, from: number, withinMs: number) =>
    line.next((one) => one.topic === topic && !one.retained, { from, withinMs })

  /** The hello of a new connection, or after a roll-call. */
  async function nextHello(from: number): Promise<{ hello: Hello; at: number } | null> {
    await line.publish(rollCallTopic, JSON.stringify({ hub: 'conformance', spread: 0, all: true }))
    const heard = await nextOn(topics.hello, from, connectMs)
    if (!heard || !validators.hello.Check(heard.message)) return null
    return { hello: heard.message, at: line.heard.indexOf(heard) + 1 }
  }

  // A broker gives what it has in store to whoever subscribes: the box connects after it is there.
  const stored = newId()
  await line.publish(topics.command, packFrame(command(stored)), true)
  try {
    const sessions: string[] = []
    if (cut) {
      await cut()
      const before = await nextHello(line.heard.length)
      if (before) sessions.push(before.hello.session)
      await cut()
    }
    const greeted = await nextHello(line.heard.length)
    if (!note('SYNC-001', 'a box says hello, in form', greeted ? null : `no Hello came in ${connectMs / 1_000} s`))
      return
    if (!greeted) return
    const { hello } = greeted
    if (cut)
      note(
        'SYNC-001',
        'each connection has a session of its own',
        sessions.includes(hello.session) ? 'the session of the connection before is used again' : null,
      )
    await answerHello(hello)
    await takeBatches(hello, greeted.at)
    await tryCommands(hello)
  } finally {
    await line.publish(topics.command, '', true)
  }

  /** Whether a batch is what its sender signed, and follows what stands here. */
  function judge(heard: Heard, hello: Hello): { batch: Batch | null; wrong: string | null } {
    const { message } = heard
    if (!validators.batch.Check(message)) return { batch: null, wrong: 'it is no Batch' }
    const { epoch, first, entries, head, sealed } = message
    const end = endOf(epoch)
    if (message.village !== village) return { batch: message, wrong: `it is of ${message.village}` }
    if (first !== end.seq + 1)
      return { batch: message, wrong: `it begins at ${first}, behind ${end.seq} that were acknowledged` }
    const last = computeChain(village, epoch, first, end.hash, entries).at(-1)
    if (last?.hash.toString('base64url') !== head)
      return { batch: message, wrong: 'its entries do not end in its `head`' }
    const signed = { village, epoch, last: last.seq, head, ...digestSealed(sealed) }
    if (!verifyHead(hello.key, signed, message.sig)) return { batch: message, wrong: 'its signature does not fit' }
    return { batch: message, wrong: null }
  }

  function take(batch: Batch): void {
    const { epoch, first, entries } = batch
    const last = computeChain(village, epoch, first, endOf(epoch).hash, entries).at(-1)
    if (last) stands.set(epoch, { seq: last.seq, hash: last.hash })
    for (const { type, key, data } of entries)
      if (type === carriedOut && key && (data as { outcome?: string }).outcome === 'done') kept.push(key)
  }

  async function takeBatches(hello: Hello, at: number): Promise<void> {
    const first = await nextOn(topics.up, at, connectMs)
    if (!first) {
      note('SYNC-002', 'a box sends what the hub has not', 'no batch came')
      return
    }
    const judged = judge(first, hello)
    if (!note('SYNC-009', 'a batch ends in its `head` and is signed by the box', judged.wrong)) return
    if (!judged.batch) return
    const from = line.heard.indexOf(first) + 1
    const more = await nextOn(topics.up, from, watchMs)
    const again = (more?.message as Batch | undefined)?.n
    if (
      !note(
        'SYNC-002',
        'nothing goes on before it is acknowledged (window 1)',
        more && again !== judged.batch.n ? 'another batch came: a PUBACK is no ack' : null,
      )
    )
      return
    take(judged.batch)
    await answerBatch(judged.batch, { session: 'x'.repeat(16) })
    const fooled = await nextOn(topics.up, line.heard.length, watchMs / 2)
    note('SYNC-001', 'an answer of another session changes nothing', fooled ? 'the box went on by it' : null)
    let next = line.heard.length
    await answerBatch(judged.batch)
    let wrong: string | null = null
    let count = 1
    for (; count < mostBatches; count++) {
      const heard = await nextOn(topics.up, next, watchMs)
      if (!heard) break
      next = line.heard.indexOf(heard) + 1
      const { batch, wrong: why } = judge(heard, hello)
      wrong = why
      if (why || !batch) break
      take(batch)
      await answerBatch(batch)
    }
    note('SYNC-009', `every batch verifies and follows the one before (${count} batches)`, wrong)
  }

  /** Answers what comes, until nothing more does. */
  async function takeRest(hello: Hello, forMs: number): Promise<void> {
    const end = performance.now() + forMs
    let from = line.heard.length
    while (performance.now() < end) {
      const heard = await line.next(({ topic }) => topic === topics.up || topic === topics.hello, {
        from,
        withinMs: Math.max(1, end - performance.now()),
      })
      if (!heard) return
      from = line.heard.indexOf(heard) + 1
      if (heard.topic === topics.hello) {
        if (validators.hello.Check(heard.message)) await answerHello(heard.message)
        continue
      }
      const { batch, wrong } = judge(heard, hello)
      if (!batch) continue
      if (!wrong) take(batch)
      await answerBatch(batch)
    }
  }

  /** SYNC-018: a command that the broker had in store is carried out by nobody, one that comes twice once. */
  async function tryCommands(hello: Hello): Promise<void> {
    const given = newId()
    const resting = takeRest(hello, watchMs * 4)
    for (let time = 0; time < 2; time++) {
      await line.publish(topics.command, packFrame(command(given)))
      await sleep(watchMs / 4)
    }
    await resting
    if (cut)
      note('SYNC-018', 'a retained command is not carried out', kept.includes(stored) ? 'it was carried out' : null)
    const times = kept.filter((key) => key === given).length
    note(
      'SYNC-018',
      'a command is carried out once, though it came twice',
      times === 1
        ? null
        : times === 0
          ? 'it was not: does the box know this hub’s key?'
          : `it was carried out ${times} times`,
    )
  }
}
