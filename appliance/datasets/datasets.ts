import type { FastifyBaseLogger } from 'fastify'
import type { Alarms } from '../base/alarms.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import { isDiskFailure } from '../base/store/failures.ts'
import type { Store, Tx } from '../base/store/store.ts'
import {
  type DatasetName,
  type DatasetOf,
  datasetNames,
  findProblems,
  isDatasetName,
  isSealed,
  unpackDataset,
} from '../wire/datasets.ts'
import { packFrame } from '../wire/frame.ts'
import { sha256Text } from '../wire/hash.ts'
import { type DatasetChunk, type DatasetWant, limits, type Manifest, type Offer } from '../wire/messages.ts'
import { verifyDown } from '../wire/sign.ts'
import { datasetEvents } from './events.ts'
import { createDatasetTable } from './table.ts'
import type { DatasetView } from './views.ts'

export type Datasets = ReturnType<typeof createDatasets>

type Parts = {
  store: Store
  journal: Journal
  alarms: Alarms
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>
  monotonicMs: () => number
  /** Ed25519 key by which the regency signs; null: nothing of it is believed. */
  hubKey: string | null
  /** What the broker takes in one message. */
  mostBytes: number
  /** Another version counts, in the transaction that puts it there. */
  onSwitch: (tx: Tx, dataset: string) => void
  /** One that comes sealed is here whole: whoever opens it says by `settle` what became of it. */
  onHeld: (dataset: string) => void
  onChange: () => void
}

/** A question that is unanswered for so long is asked again. */
const answerMs = 30_000

/**
 * SYNC-017: fetches what the regency offers, from where it stood, holds it against the manifest and its schema, and puts it
 * in place at once. What does not fit is said and not fetched again; the last good version stays.
 */
export function createDatasets(parts: Parts) {
  const { store, journal, alarms, log, monotonicMs, hubKey, mostBytes, onSwitch, onHeld, onChange } = parts
  const { village } = journal
  const pen = journal.pen(datasetEvents)
  const table = createDatasetTable(store.db)
  let offers: Offer[] = []
  let wasListed = false
  let question: { session: string; n: number; offer: Offer; from: number; askedAt: number } | null = null
  let nextN = 1
  let hasSettled = false

  /** What came on `data`. Answers whether there is something to fetch. */
  function takeManifest(manifest: Manifest): boolean {
    if (!hubKey || !verifyDown(hubKey, village, manifest)) {
      log.error({ hubKey: hubKey !== null }, 'a list of datasets is not signed by the hub’s key')
      alarms.set('datasets.forged', true)
      return false
    }
    alarms.set('datasets.forged', false)
    for (const { dataset, version } of manifest.datasets) {
      const { current } = table.standing(dataset)
      if (current !== null && version < current)
        log.warn({ dataset, version, current }, 'the regency offers an older version than the box has; nothing changes')
    }
    offers = manifest.datasets.filter(({ dataset }) => isDatasetName(dataset))
    wasListed = true
    onChange()
    return nextOffer() !== undefined
  }

  /** A newer one than counts here, than waits here and than was refused, one after the other. */
  const nextOffer = (): Offer | undefined =>
    offers.find(({ dataset, version }) => {
      const { current, refused, held } = table.standing(dataset)
      return version > Math.max(current ?? 0, refused, held ?? 0)
    })

  /** The question that is due now in this session, as it goes on `want`; null: none. */
  function due(session: string): Buffer | null {
    const now = monotonicMs()
    if (question?.session === session && now - question.askedAt < answerMs) return null
    const offer = nextOffer()
    if (!offer) {
      question = null
      return null
    }
    const { dataset, version } = offer
    const from = table.fetched(offer)
    question = { session, n: nextN++, offer, from, askedAt: now }
    const most = mostBytes < limits.chunkWireBytes ? { most: mostBytes } : {}
    return packFrame({ session, n: question.n, dataset, version, from, ...most } satisfies DatasetWant)
  }

  /** What came on `chunk` for a dataset. Answers whether there is more to fetch. */
  function takeChunk(chunk: DatasetChunk): boolean {
    const asked = question
    if (!asked || chunk.session !== asked.session || chunk.re !== asked.n) return false // SYNC-001
    const { offer, from } = asked
    const bytes = Buffer.from(chunk.bytes, 'base64url')
    const fits =
      hubKey !== null &&
      verifyDown(hubKey, village, chunk) &&
      chunk.dataset === offer.dataset &&
      chunk.version === offer.version &&
      chunk.first === from &&
      from + bytes.length <= offer.bytes
    if (!fits) {
      log.error({ dataset: offer.dataset, version: offer.version }, 'a piece of a dataset is not what was asked for')
      return false // asked again when its time is over
    }
    question = null
    if (bytes.length === 0) {
      // The regency has changed its mind: its next list says what it has.
      offers = offers.filter((one) => one !== offer)
      return nextOffer() !== undefined
    }
    if (from + bytes.length === offer.bytes) finish(offer, Buffer.concat([...table.pieces(offer), bytes]))
    else store.write((tx) => table.keepPiece(tx, offer, from, bytes))
    onChange()
    return nextOffer() !== undefined
  }

  /** The last piece is not kept: whole, and not in place, is nothing that a power cut could leave. */
  function finish(offer: Offer, file: Buffer): void {
    const wrong = judge(offer, file)
    if (wrong) log.error({ dataset: offer.dataset, version: offer.version, ...wrong }, 'a dataset is refused')
    store.write((tx) => {
      const data = { dataset: offer.dataset, version: offer.version }
      if (wrong) {
        table.dropPieces(tx, offer.dataset)
        table.refuse(tx, offer.dataset, offer.version, wrong.why)
        pen.append(tx, { type: 'datasets.refused', actor: 'hub', data: { ...data, ...wrong } })
      } else if (isSealed(offer.dataset)) {
        table.hold(tx, offer, file)
      } else {
        table.take(tx, offer, file)
        pen.append(tx, { type: 'datasets.applied', actor: 'hub', data })
        onSwitch(tx, offer.dataset)
      }
    })
    watch()
    if (!wrong && isSealed(offer.dataset)) onHeld(offer.dataset)
  }

  /**
   * What became of one that was held, in the transaction of whoever has opened it: it counts (null), or why not. One that
   * is not held any more, since a newer one has come, is let pass.
   */
  function settle(tx: Tx, dataset: DatasetName, version: number, why: 'sealed' | 'unreadable' | null): void {
    if (table.standing(dataset).held !== version) return
    table.settle(tx, dataset, version, why === null)
    if (why === null) pen.append(tx, { type: 'datasets.applied', actor: 'hub', data: { dataset, version } })
    else {
      log.error({ dataset, version, why }, 'a dataset is refused')
      table.refuse(tx, dataset, version, why)
      pen.append(tx, { type: 'datasets.refused', actor: 'hub', data: { dataset, version, why } })
    }
    hasSettled = true
  }
  store.onCommit(() => {
    if (!hasSettled) return
    hasSettled = false
    watch()
    onChange()
  })

  /** A person goes back to the version before. Throws `datasets.nothing-before`. */
  function rollBack({ dataset, actor, key }: { dataset: string; actor: string; key: string | null }): void {
    store.write((tx) => {
      if (pen.entryByKey(key, 'datasets.rolled-back')) return
      const { current, before } = table.standing(dataset)
      if (current === null || before === null)
        throw new AppError('conflict', 'datasets.nothing-before', `There is no version of ${dataset} to go back to.`)
      table.goBack(tx, dataset, before)
      table.refuse(tx, dataset, current, null)
      pen.append(tx, { type: 'datasets.rolled-back', actor, key, data: { dataset, from: current, to: before } })
      onSwitch(tx, dataset)
    })
    watch()
    onChange()
  }

  function watch(): void {
    const refused = datasetNames.filter((dataset) => {
      const { why, refused: version, current } = table.standing(dataset)
      return why !== null && version > (current ?? 0)
    })
    alarms.set('datasets.refused', refused.length > 0, 'warning', { dataset: refused.join(', ') })
  }
  watch()

  return {
    takeManifest,
    due,
    /** A disk that is full or fails takes nothing; it is asked for again. */
    takeChunk(chunk: DatasetChunk): boolean {
      try {
        return takeChunk(chunk)
      } catch (error) {
        if (!isDiskFailure(error)) throw error
        log.error({ cause: (error as Error).message }, 'a dataset could not be kept; it is asked for again')
        return false
      }
    },
    rollBack,
    settle,
    /** The version that waits to be opened, and its content; null: none does. */
    held<N extends DatasetName>(dataset: N): { version: number; content: DatasetOf<N> } | null {
      if (table.standing(dataset).held === null) return null
      const found = table.heldFile(dataset)
      return found && { version: found.version, content: unpackDataset(found.file) as DatasetOf<N> }
    },
    /** What counts now; null: the regency has sent none. */
    read: <N extends DatasetName>(dataset: N): DatasetOf<N> | null => table.read(dataset),
    /** The version that counts; null: the regency has sent none. */
    version: (dataset: DatasetName): number | null => table.standing(dataset).current,
    /** The version in the regency's last list; null: it was not in there; undefined: none has come since the start. */
    offered: (dataset: DatasetName): number | null | undefined =>
      offers.find((one) => one.dataset === dataset)?.version ?? (wasListed ? null : undefined),
    /** When the version that counts was published, ms since 1970 UTC; null: the regency has sent none. */
    publishedAt: (dataset: DatasetName): number | null => table.standing(dataset).publishedAt,
    view: (): DatasetView[] =>
      datasetNames.flatMap((dataset) => {
        const { current, publishedAt, before, refused, why, held } = table.standing(dataset)
        const offer = offers.find((one) => one.dataset === dataset)
        const coming = offer && offer.version > Math.max(current ?? 0, refused, held ?? 0) ? offer : null
        if (current === null && !coming && refused === 0) return []
        return {
          ...{ dataset, current, publishedAt, before },
          refused: why !== null && refused > (current ?? 0) ? refused : null,
          coming: coming && {
            version: coming.version,
            bytes: coming.bytes,
            fetched: table.fetched(coming),
          },
        }
      }),
  }
}

/** What is wrong with a file that has come whole; null: it may take its place. */
function judge(
  { dataset, sha256 }: Offer,
  file: Buffer,
): { why: 'checksum' | 'unreadable' | 'schema'; where?: string } | null {
  if (sha256Text(file) !== sha256) return { why: 'checksum' }
  let content: unknown
  try {
    content = unpackDataset(file)
  } catch {
    return { why: 'unreadable' }
  }
  const [problem] = findProblems(dataset as DatasetName, content)
  return problem
    ? { why: 'schema', where: [problem.row, problem.member].filter((one) => one !== null).join(' ') }
    : null
}
