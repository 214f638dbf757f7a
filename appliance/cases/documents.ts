import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { minuteMs } from '../base/time.ts'
import type { Residents } from '../residents/residents.ts'
import type { CommandData } from '../wire/commands.ts'
import { packFrame } from '../wire/frame.ts'
import { sha256Text } from '../wire/hash.ts'
import { type FileChunk, type FileWant, limits } from '../wire/messages.ts'
import { openSealed } from '../wire/private-parts.ts'
import type { Cases } from './cases.ts'
import type { DocumentTables, StoredDocument } from './document-tables.ts'
import { caseEvents } from './events.ts'
import { isAtAgency } from './states.ts'

export type Documents = ReturnType<typeof createDocuments>

type Parts = {
  store: Store
  journal: Journal
  monotonicMs: () => number
  log: { error(details: object, what: string): void; warn(details: object, what: string): void }
  tables: DocumentTables
  residents: Pick<Residents, 'lookedByLetter'>
  cases: Cases['photoSide']
  /** Opens what is sealed to this box, and the key that it is sealed to. */
  secret: () => string
  recipient: () => string
  /** Something is to be fetched that was not. */
  fetch: () => void
  /** What the broker takes in one message. */
  mostBytes: number
}

/** A question that is unanswered for so long is asked again. */
const answerMs = 30_000
/** The hub gives nothing now, or what came was not what was named. */
const pauseMs = 10 * minuteMs

/** SYNC-026: the documents that agencies send back: fetched in pieces, opened here, kept in this box for its staff. */
export function createDocuments(parts: Parts) {
  const { store, journal, monotonicMs, log, tables, residents, cases, secret, recipient, fetch, mostBytes } = parts
  const pen = journal.pen(caseEvents)
  let question: { session: string; n: number; document: string; from: number; askedAt: number } | null = null
  let nextN = 1
  let pausedUntil = 0
  let opening: Promise<void> = Promise.resolve()
  let isOpening = false

  /** What has come whole becomes a PDF that the counter prints, or is said to be none. */
  async function open({ document, case: id, file, size }: StoredDocument): Promise<void> {
    const sealed = tables.parts(file)
    if (sealed.length !== size || sha256Text(sealed) !== file) {
      log.warn({ document }, 'a document is not what the regency has named; it is fetched anew')
      store.write((tx) => tables.dropParts(tx, file))
      pausedUntil = monotonicMs() + pauseMs
      return
    }
    const bytes = await openSealed(sealed, secret())
    const outcome = bytes && isPdf(bytes) ? 'here' : 'unreadable'
    store.write((tx) => {
      if (tables.byId(document)?.outcome !== null) return
      if (bytes && outcome === 'here') tables.keepFile(tx, { document, bytes })
      tables.dropParts(tx, file)
      pen.append(tx, { type: 'cases.document-arrived', actor: 'hub', data: { case: id, document, outcome } })
    })
    fetch()
  }

  function beginOpening(document: StoredDocument): void {
    if (isOpening) return
    isOpening = true
    opening = open(document)
      .catch((error) => log.error({ err: error }, 'a document could not be kept; it is tried again'))
      .finally(() => {
        isOpening = false
      })
  }

  return {
    /**
     * The regency names a document: what keeps that, in a write of its own. Null: it was named before. A word: why it is not
     * taken.
     */
    takeNamed({ case: id, document, file, bytes, recipient: to }: CommandData<'case-document'>) {
      if (tables.byId(document)) return null
      const stored = cases.find(id)
      if (!stored || !isAtAgency(stored.state)) return 'unknown-case' as const
      if (to !== recipient()) return 'sealed' as const
      return {
        keep: () =>
          store.write((tx) => {
            pen.append(tx, { type: 'cases.document-named', actor: 'hub', data: { case: id, document, file, bytes } })
          }),
        afterwards: async () => fetch(),
      }
    },

    /** The question that is due in this session, as it goes on `want`; null: none. */
    due(session: string): Buffer | null {
      const now = monotonicMs()
      if (isOpening || now < pausedUntil) return null
      if (question?.session === session && now - question.askedAt < answerMs) return null
      const wanted = tables.next()
      if (!wanted) return null
      const from = tables.arrivedBytes(wanted.file)
      if (from >= wanted.size) {
        beginOpening(wanted)
        return null
      }
      question = { session, n: nextN++, document: wanted.document, from, askedAt: now }
      const most = mostBytes < limits.chunkWireBytes ? { most: mostBytes } : {}
      return packFrame({ session, n: question.n, file: wanted.file, from, ...most } satisfies FileWant)
    },

    /** What came on `chunk` for a file. Answers whether there is more to ask for; null: it is no document's. */
    takeChunk({ session, re, file, first, bytes: text }: FileChunk): boolean | null {
      const wanted = question && tables.byId(question.document)
      if (!question || !wanted || file !== wanted.file) return null
      if (session !== question.session || re !== question.n || first !== question.from) return false // SYNC-001
      question = null
      const bytes = Buffer.from(text, 'base64url').subarray(0, wanted.size - first)
      if (bytes.length === 0) {
        pausedUntil = monotonicMs() + pauseMs
        return false
      }
      store.write((tx) => tables.keepPart(tx, { file, first, bytes }))
      if (first + bytes.length < wanted.size) return true
      beginOpening(wanted)
      return false
    },

    /**
     * The PDF, for staff; that it was opened is an entry before anybody sees it. Throws `cases.unknown`,
     * `cases.document-unknown`, `cases.document-gone`.
     */
    read({ case: id, document, actor }: { case: string; document: string; actor: string }): Buffer {
      const { resident } = cases.known(id)
      if (tables.byId(document)?.case !== id)
        throw new AppError('not-found', 'cases.document-unknown', 'There is no such document.')
      const bytes = tables.file(document)
      if (!bytes) throw new AppError('not-found', 'cases.document-gone', 'It is not in this box (any more).')
      if (resident !== null) residents.lookedByLetter(resident, actor)
      store.write((tx) => {
        pen.append(tx, { type: 'cases.document-opened', actor, data: { case: id, document } })
      })
      return bytes
    },

    stop: (): Promise<void> => opening,
  }
}

const isPdf = (bytes: Buffer): boolean =>
  bytes.subarray(0, 5).toString('latin1') === '%PDF-' && bytes.subarray(-1_024).includes('%%EOF')
