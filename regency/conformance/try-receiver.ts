import { setTimeout as sleep } from 'node:timers/promises'
import { newId, newSession } from '../../appliance/base/ids.ts'
import { hash8, markPlaces } from '../../appliance/wire/chain.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import {
  type BatchAck,
  type Chunk,
  type HelloAck,
  limits,
  validators,
  type WireEntry,
} from '../../appliance/wire/messages.ts'
import { verifyChunk } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import type { Findings } from './finding.ts'
import type { Line } from './line.ts'
import { createPlayedJournal, noteEntry, type PlayedIdentity, strangeIdentity } from './played-journal.ts'

type Parts = {
  line: Line
  village: string
  identity: PlayedIdentity
  /** Ed25519 key by which the receiver signs history; null: it is not checked. */
  hubKey: string | null
  /** Kills the receiver and starts it again, as a crash would; null: not tried. */
  restart: (() => Promise<void>) | null
  now: () => number
  findings: Findings
  answerMs?: number
  /** So long after an answer a second one to the same question may come. */
  echoMs?: number
}

const restarts = 3
/** A receiver that was killed is back within this. */
const backMs = 90_000

/**
 * Plays a box against somebody's receiver, rule by rule, and notes which hold. It writes into two epochs of its own and
 * leaves them there: the village has to be one for trying. Ends early where nothing can be judged any more.
 */
export async function tryReceiver(parts: Parts): Promise<void> {
  const { line, village, identity, hubKey, restart, now, findings, answerMs = 8_000, echoMs = 300 } = parts
  const { note } = findings
  const topics = villageTopics(village)
  const journal = createPlayedJournal(village)
  const session = newSession()
  const [a, b] = [newId(), newId()]
  let n = 0
  /** How many answers each batch got. */
  const answers: number[] = []

  /** Asks, and waits for the first answer, and a little for a second. */
  async function ask<T>(topic: string, on: string, question: { n: number }): Promise<T | null> {
    const from = line.heard.length
    await line.publish(topic, packFrame(question))
    const isAnswer = ({ topic: where, message }: { topic: string; message: unknown }) =>
      where === on &&
      (message as { session?: string })?.session === session &&
      (message as { re?: number }).re === question.n
    const first = await line.next(isAnswer, { from, withinMs: answerMs })
    if (!first) return null
    await sleep(echoMs)
    if (topic === topics.up) answers.push(line.heard.slice(from).filter(isAnswer).length)
    return first.message as T
  }

  const hello = (): Promise<HelloAck | null> => {
    const epochs = [a, b]
      .filter((epoch) => journal.lastOf(epoch) > 0)
      .map((epoch) => {
        const last = journal.lastOf(epoch)
        return {
          epoch,
          last,
          marks: markPlaces(last).map((seq): [number, string] => [seq, hash8(journal.hashAt(epoch, seq))]),
        }
      })
    return ask(topics.hello, topics.ack, {
      session,
      n: ++n,
      box: identity.box,
      key: identity.publicKey,
      epochs,
    } as never)
  }
  type Place = { epoch: string; first: number; last: number }
  const send = (place: Place, changes = {}, by = identity): Promise<BatchAck | null> =>
    ask(topics.up, topics.ack, journal.batch({ identity: by, session, n: ++n }, place, changes))
  const stands = (ack: BatchAck | null, epoch: string, seq: number): string | null => {
    if (!ack) return 'there was no answer'
    if (!validators.batchAck.Check(ack)) return `the answer is no BatchAck: ${JSON.stringify(ack).slice(0, 200)}`
    if (ack.epoch !== epoch || ack.seq !== seq)
      return `it stands at ${ack.seq} of ${ack.epoch}, and should stand at ${seq} of ${epoch}${ack.refused ? ` (${ack.refused.code}: ${ack.refused.message})` : ''}`
    return ack.hash === journal.hashAt(epoch, seq).toString('base64url') ? null : 'its hash there is another'
  }

  const greeted = await hello()
  const isGreeted = note(
    'SYNC-001',
    'a hello is answered in its session, by its number',
    !greeted ? 'there was no answer' : !validators.helloAck.Check(greeted) && 'the answer is no HelloAck',
  )
  if (!isGreeted) return

  journal.append(a, [noteEntry(now()), noteEntry(now()), noteEntry(now())])
  const named = (await hello())?.epochs.find(({ epoch }) => epoch === a)
  note(
    'SYNC-007',
    'an epoch that the hello names and nobody has is answered by its place 0',
    named?.seq !== 0 || named.hash !== journal.hashAt(a, 0).toString('base64url')
      ? `it is answered by ${JSON.stringify(named ?? null)}`
      : null,
  )
  const first = await send({ epoch: a, first: 1, last: 3 })
  if (first?.refused?.code === 'unknown-key') {
    note(
      'SYNC-005',
      'a batch that follows is taken, and answered by its end',
      `the key of this box is not enrolled: enrol ${identity.publicKey} for box ${identity.box}, or name another village`,
    )
    return
  }
  if (!note('SYNC-005', 'a batch that follows is taken, and answered by its end', stands(first, a, 3))) return
  note(
    'SYNC-005',
    'a batch that comes again changes nothing',
    stands(await send({ epoch: a, first: 1, last: 3 }), a, 3),
  )
  journal.append(a, [noteEntry(now()), noteEntry(now()), noteEntry(now()), noteEntry(now())])
  note('SYNC-005', 'a batch behind a gap is not taken', stands(await send({ epoch: a, first: 6, last: 7 }), a, 3))

  const forged: WireEntry[] = [noteEntry(now()), noteEntry(now())]
  const chain = await send({ epoch: a, first: 4, last: 5 }, { entries: forged })
  const isChained = note(
    'SYNC-005',
    'a batch whose entries do not end in its `head` is not taken',
    stands(chain, a, 3) ?? (chain?.refused ? null : 'it is not said why (refused)'),
  )
  if (!isChained) return
  const strange = await send({ epoch: a, first: 4, last: 5 }, {}, strangeIdentity())
  if (!note('SYNC-005', 'a batch that is signed by a key that nobody enrolled is not taken', stands(strange, a, 3)))
    return
  const unsigned = await send({ epoch: a, first: 4, last: 5 }, { sig: 'A'.repeat(86) })
  note('SYNC-005', 'a batch whose signature does not fit is not taken', stands(unsigned, a, 3))
  const elsewhere = await send({ epoch: a, first: 4, last: 5 }, { village: '0000000000' })
  note('SYNC-005', 'a batch of another village than its topic is not taken', stands(elsewhere, a, 3))
  const many = Array.from({ length: limits.batchEntries + 1 }, () => noteEntry(now()))
  const large = await send({ epoch: a, first: 4, last: 5 }, { entries: many })
  note(
    'SYNC-005',
    `a batch of more than ${limits.batchEntries} entries is not taken`,
    large === null ? null : stands(large, a, 3),
  )
  await line.publish(topics.up, 'no JSON')
  await line.publish(topics.hello, Buffer.from([0x1f, 0x8b, 0, 1, 2]))
  note(
    'SYNC-005',
    'what was wrong stands in nothing’s way: what follows is taken',
    stands(await send({ epoch: a, first: 4, last: 5 }), a, 5),
  )
  note(
    'SYNC-005',
    'of a batch that overlaps what is behind is taken',
    stands(await send({ epoch: a, first: 3, last: 7 }), a, 7),
  )

  const origin: [string, number, string] = [a, 3, journal.hashAt(a, 2).toString('base64url')]
  const moved = { ...(journal.entryAt(a, 3) as WireEntry), origin }
  journal.append(b, [moved, noteEntry(now())])
  const nowhere: [string, number, string][] = [[a, 99, journal.hashAt(a, 3).toString('base64url')]]
  const early = await send({ epoch: b, first: 1, last: 2 }, { after: nowhere })
  note(
    'SYNC-005',
    'an epoch does not begin where what stands before it (`after`) is not held: `unknown`',
    stands(early, b, 0) ?? (early?.unknown === true ? null : 'it is not said (unknown)'),
  )
  const held: [string, number, string][] = [[a, 7, journal.hashAt(a, 7).toString('base64url')]]
  note(
    'SYNC-005',
    'an epoch begins where what stands before it is held, with an entry that stood elsewhere',
    stands(await send({ epoch: b, first: 1, last: 2 }, { after: held }), b, 2),
  )

  const want = { session, n: ++n, epochs: [{ epoch: b, from: 0, prev: journal.hashAt(b, 0).toString('base64url') }] }
  const chunk = await ask<Chunk>(topics.want, topics.chunk, want)
  note('SYNC-008', 'history is given as it was taken, with the `origin` of what stood elsewhere', readHistory(chunk))
  if (hubKey !== null && chunk && validators.chunk.Check(chunk))
    note(
      'SYNC-008',
      'history is signed by the hub',
      verifyChunk(hubKey, village, chunk) ? null : 'the signature does not fit',
    )

  const doubled = answers.filter((count) => count > 1).length
  note(
    'SYNC-001',
    'a question is answered once',
    doubled > answers.length / 2 && `${doubled} of ${answers.length} batches were answered more than once`,
  )
  if (restart) await tryRestarts(restart)

  function readHistory(given: Chunk | null): string | null {
    if (!given) return 'there was no answer'
    if (!validators.chunk.Check(given)) return 'the answer is no Chunk'
    const [part] = given.epochs
    if (part?.epoch !== b || part.first !== 1 || part.entries.length !== 2) return 'it is not what was asked for'
    if (JSON.stringify(part.entries[0]?.origin) !== JSON.stringify(origin)) return 'the `origin` is lost'
    return part.head === journal.hashAt(b, 2).toString('base64url') ? null : 'its `head` is another'
  }

  /** SYNC-005: what is acknowledged is committed, and outlives whatever happens behind the answer. */
  async function tryRestarts(kill: () => Promise<void>): Promise<void> {
    let wrong: string | null = null
    for (let round = 0; round < restarts && wrong === null; round++) {
      journal.append(
        b,
        Array.from({ length: 50 }, () => noteEntry(now())),
      )
      const last = journal.lastOf(b)
      const from = line.heard.length
      const question = journal.batch({ identity, session, n: ++n }, { epoch: b, first: last - 49, last })
      const acked = line.next(({ message }) => (message as BatchAck)?.re === n && (message as BatchAck).epoch === b, {
        from,
        withinMs: answerMs,
      })
      await line.publish(topics.up, packFrame(question))
      // At once: what is committed later is not there.
      if (!(await acked)) {
        wrong = 'there was no answer'
        break
      }
      await kill()
      const end = performance.now() + backMs
      let back: HelloAck | null = null
      while (!back && performance.now() < end) back = await hello()
      const there = back?.epochs.find(({ epoch }) => epoch === b)?.seq ?? null
      if (there === null) wrong = 'it did not come back'
      else if (there < last) wrong = `it had acknowledged ${last}, and stands at ${there} after it was killed`
    }
    note('SYNC-005', `what it acknowledges it has committed (killed ${restarts} times right behind its answer)`, wrong)
  }
}
