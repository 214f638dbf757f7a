import { fitsItsHash, hashOfPlaced } from '../../appliance/base/journal/stored-entry.ts'
import { linkDigests } from '../../appliance/wire/chain.ts'
import { packFrame, unpackFrame } from '../../appliance/wire/frame.ts'
import { epochStart } from '../../appliance/wire/hash.ts'
import type { Batch, BatchAck, HelloAck } from '../../appliance/wire/messages.ts'
import type { BatchFacts, BatchVerdict } from '../../regency/delivery/judge.ts'
import type { DigestedBatch } from '../../regency/delivery/message.ts'
import type { Options } from './schedule.ts'

type Sabotage = NonNullable<Options['sabotage']>

/*
 * The safeguards of sync-failures' last table, each taken out from outside: what stands here is put between the shipping
 * parts by a test and exists nowhere else.
 */

/** A PUBACK is taken for an ack: what the broker has, the cursor counts as the regency's. */
const pubackMovesTheCursor: Sabotage = {
  uplink: (uplink) => ({
    ...uplink,
    take(input) {
      uplink.take(input)
      const state = uplink.state()
      for (const { n, epoch, last } of state.open) {
        if (last === 0 || !state.session) continue
        const ack: BatchAck = {
          session: state.session,
          re: n,
          window: 4,
          now: 0,
          epoch,
          seq: last,
          hash: 'h'.repeat(43),
        }
        uplink.take({ kind: 'batch-ack', ack, own: ack.hash })
      }
    },
    // The hub's own word comes to no open question any more; its answer to a hello is not believed about cursors.
    readAck(heard) {
      const message = heard as HelloAck & BatchAck
      if (!message.epochs) return
      const acked = new Map(uplink.state().epochs.map(({ epoch, acked }) => [epoch, acked]))
      const epochs = message.epochs.map((one) => ({ ...one, seq: acked.get(one.epoch) ?? one.seq }))
      const own = new Map(epochs.map(({ epoch, hash }) => [epoch, hash as string | null]))
      uplink.take({ kind: 'hello-ack', ack: { ...message, epochs }, box: message.owner ?? '', own })
    },
  }),
}

/** What is acknowledged is deleted, as most senders do. */
const boxForgetsWhatIsAcked: Sabotage = {
  uplink: (uplink, { db }) => {
    const forget = () => {
      for (const { epoch, acked } of uplink.state().epochs.slice(0)) {
        db.prepare('DELETE FROM place WHERE epoch = ? AND seq < ?').run(epoch, acked)
      }
    }
    return {
      ...uplink,
      readAck(message) {
        uplink.readAck(message)
        forget()
      },
    }
  },
}

/** A hub that takes whatever comes, wherever its cursor is. */
const takeAnything = (batch: DigestedBatch, facts: BatchFacts): BatchVerdict => {
  const at = batch.first - 1
  const prev = facts.cursor?.seq === at ? facts.cursor.hash : epochStart(batch.village, batch.epoch)
  return takeBehind(batch, facts, at, prev, batch.digests)
}

/** A hub that minds gaps but compares no chain. */
const takeWithoutComparing = (
  batch: DigestedBatch,
  facts: BatchFacts,
  judge: (b: DigestedBatch, f: BatchFacts) => BatchVerdict,
): BatchVerdict => {
  const end = facts.cursor ?? { epoch: batch.epoch, seq: 0, hash: epochStart(batch.village, batch.epoch) }
  const taken = end.seq - batch.first + 1
  if (batch.first > end.seq + 1 || taken >= batch.entries.length) return judge(batch, facts)
  return takeBehind(
    { ...batch, entries: batch.entries.slice(taken) },
    facts,
    end.seq,
    end.hash,
    batch.digests.slice(taken),
  )
}

function takeBehind(
  batch: DigestedBatch,
  facts: BatchFacts,
  at: number,
  prev: Buffer,
  digests: DigestedBatch['digests'],
): BatchVerdict {
  const places = linkDigests(at + 1, prev, digests)
  const last = places.at(-1) ?? { seq: at, hash: prev, name: prev }
  const { session, n, epoch } = batch
  return {
    known: true,
    answer: {
      session,
      re: n,
      window: facts.window,
      now: facts.now,
      epoch,
      seq: last.seq,
      hash: last.hash.toString('base64url'),
    },
    places,
    entries: places.flatMap(({ name }, index) => {
      const entry = batch.entries[index]
      return entry ? [{ name, entry }] : []
    }),
    parts: [],
    cursor: { epoch, seq: last.seq, hash: last.hash },
  }
}

/** A box that never begins an epoch, and believes whatever hash an answer names. */
const noEpochs: Pick<Sabotage, 'journal' | 'uplink'> = {
  journal: (journal) => ({ ...journal, meetOtherPast: () => {} }),
  uplink: (uplink, { identity }) => ({
    ...uplink,
    readAck: (message) => believe(uplink, message as HelloAck & BatchAck, identity.box),
  }),
}

function believe(
  uplink: Parameters<NonNullable<Sabotage['uplink']>>[0],
  message: HelloAck & BatchAck,
  box: string,
): void {
  if (!message.epochs) {
    uplink.take({ kind: 'batch-ack', ack: message, own: message.hash })
    return
  }
  const lasts = new Map(uplink.state().epochs.map(({ epoch, last }) => [epoch, last]))
  const epochs = message.epochs.map((one) => ({ ...one, seq: Math.min(one.seq, lasts.get(one.epoch) ?? one.seq) }))
  const own = new Map(epochs.map(({ epoch, hash }) => [epoch, hash as string | null]))
  uplink.take({ kind: 'hello-ack', ack: { ...message, epochs }, box, own })
}

/** A hub whose entries have their hash here for a name, wherever they first stood. */
const namesByPlace: Sabotage['hub'] = {
  batch: (batch, facts, judge) => {
    const verdict = judge(batch, facts)
    const places = verdict.places.map((place) => ({ ...place, name: place.hash }))
    return {
      ...verdict,
      places,
      entries: verdict.entries.flatMap(({ entry }, index) => {
        const place = places[index]
        return place ? [{ name: place.hash, entry }] : []
      }),
    }
  },
}

const entriesDamagedAreSent: Sabotage = {
  journal: (journal) => ({
    ...journal,
    cutDamage: () => [],
    cutDamageAtStart: () => [],
    // Hashes are computed anew instead of verified, so that whatever stands on the card goes out.
    readBehind: (epoch, from, limit) => {
      let prev = from === 0 ? epochStart(journal.village, epoch) : (journal.hashAt(epoch, from) ?? Buffer.alloc(32))
      return journal.readBehind(epoch, from, limit).map((entry) => {
        const readable = fitsItsHash(journal.village, prev, entry) || isReadable(entry.data)
        const hash = readable ? hashOfPlaced(journal.village, prev, entry) : entry.hash
        prev = hash
        return { ...entry, hash }
      })
    },
  }),
}

const isReadable = (data: string): boolean => {
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

const ownEntriesAreNotMoved: Sabotage = {
  journal: (journal, db) => ({
    ...journal,
    meetOtherPast(cuts, how) {
      for (const { epoch, upTo } of cuts) db.prepare('DELETE FROM place WHERE epoch = ? AND seq > ?').run(epoch, upTo)
      journal.meetOtherPast([], { begin: how.begin || cuts.some(({ epoch }) => epoch === journal.epochs().at(-1)) })
    },
  }),
}

const answersOfOtherSessionsCount: Sabotage = {
  uplink: (uplink) => ({
    ...uplink,
    readAck: (message) => uplink.readAck({ ...(message as object), session: uplink.state().session ?? '' }),
  }),
}

const sessionFromACounter: Sabotage = {
  session({ db }) {
    const next = 1 + Number(db.prepare(`SELECT value FROM fact WHERE name = 'session'`).pluck().get() ?? 0)
    db.prepare(
      `INSERT INTO fact (name, value) VALUES ('session', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    ).run(String(next))
    return String(next).padStart(16, '0')
  },
}

const withoutAfter: Sabotage = {
  sending(kind, payload) {
    if (kind !== 'up') return payload
    const { after: _after, ...batch } = unpackFrame(payload) as Batch
    return packFrame(batch)
  },
}

export const sabotages = {
  'the cursor is moved by a PUBACK': pubackMovesTheCursor,
  'the box forgets what is acknowledged': boxForgetsWhatIsAcked,
  'no gap check and no epoch': { ...noEpochs, hub: { batch: takeAnything } },
  'no epoch and no hash comparison': { ...noEpochs, hub: { batch: takeWithoutComparing } },
  'no `origin` key at the hub': { hub: namesByPlace },
  'the box takes any ack’s hash as its own': { uplink: noEpochs.uplink },
  'the hub takes batches without comparing the chain': { hub: { batch: takeWithoutComparing } },
  'damaged entries are sent, epochs not cut': entriesDamagedAreSent,
  'own entries behind `common` get no new place': ownEntriesAreNotMoved,
  'answers of another session are taken': answersOfOtherSessionsCount,
  'the session comes from a counter': sessionFromACounter,
  'no `after`': withoutAfter,
} as const satisfies Record<string, Sabotage>
