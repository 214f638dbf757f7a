import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { Residents } from '../residents/residents.ts'
import { sha256Text } from '../wire/hash.ts'
import type { Cases } from './cases.ts'
import type { DocumentTables } from './document-tables.ts'
import { caseEvents } from './events.ts'
import { judgePhoto } from './judge-photo.ts'
import { mostPhotos } from './photo-limits.ts'
import type { PhotoTables } from './photo-tables.ts'
import type { SentPhotos } from './sent-photos-table.ts'
import type { StoredCase } from './tables.ts'

export type Photos = ReturnType<typeof createPhotos>

type Parts = {
  store: Store
  journal: Journal
  tables: PhotoTables
  sent: SentPhotos
  /** Documents of agencies go with the photos. */
  documents: Pick<DocumentTables, 'countEnded' | 'dropEnded'>
  /** What the case shows is other now. */
  changed: () => void
  residents: Pick<Residents, 'lookedByLetter'>
  cases: Cases['photoSide']
}

type Take = Command & {
  case: string
  /** Of the case's list; null: another one. */
  paper: string | null
  bytes: Buffer
  /** The photo whose place it takes. */
  replaces: string | null
  byPhone?: boolean
}
type OfOne = Command & { case: string; photo: string }

/** Photos of the papers of a case: kept in this box, seen by its staff, each opening with its trace. */
export function createPhotos({ store, journal, tables, sent, documents, changed, residents, cases }: Parts) {
  const pen = journal.pen(caseEvents)

  /** Throws `cases.photo-unknown`. */
  function photoOf(id: string, photo: string) {
    const found = tables.byId(photo)
    if (found?.case !== id) throw new AppError('not-found', 'cases.photo-unknown', 'There is no such photo.')
    return found
  }

  /** Throws `cases.unknown`, `cases.ended`, `cases.relayed`: what an agency has is not changed behind its back. */
  function changing(id: string): StoredCase {
    const stored = cases.going(id)
    if (['relayed', 'received', 'working', 'done'].includes(stored.state))
      throw new AppError('conflict', 'cases.relayed', 'It has gone to the agency already.')
    return stored
  }

  function mark(tx: Tx, id: string, paper: string | null, state: 'copied' | 'missing', actor: string): void {
    const stored = cases.known(id)
    const now = cases.papersOf(stored).find(({ name }) => name === paper)
    if (!now || (now.state === 'copied') === (state === 'copied')) return
    // What the office has worked with by now did not lack.
    if (state === 'missing' && !['open', 'returned', 'papers'].includes(stored.state)) return
    cases.changePapers(tx, { case: id, papers: [{ name: now.name, state, until: null }], actor, key: null })
  }

  function remove(tx: Tx, { case: id, photo, actor }: Omit<OfOne, 'key'>, key: string | null): void {
    const { hash, paper } = photoOf(id, photo)
    pen.append(tx, { type: 'cases.photo-removed', actor, key, data: { case: id, photo } })
    tables.dropFile(tx, hash)
    sent.dropOfPhoto(tx, photo)
    if (!tables.ofCase(id).some((one) => one.paper === paper)) mark(tx, id, paper, 'missing', actor)
  }

  return {
    /**
     * Puts a photo into the case, whose paper counts as copied by it; answers its id. Throws `cases.ended`, `cases.relayed`,
     * `cases.unknown-paper`, `cases.photo-unknown`, `cases.too-many-photos`, and what `judgePhoto` throws.
     */
    take({ case: id, paper, bytes, replaces, byPhone = false, actor, key }: Take): string {
      const before = pen.entryByKey(key, 'cases.photo-taken')
      if (before) return before.data.photo
      const stored = changing(id)
      if (paper !== null && !cases.papersOf(stored).some(({ name }) => name === paper))
        throw new AppError('invalid', 'cases.unknown-paper', 'That application does not ask for this paper.')
      if (replaces !== null) photoOf(id, replaces)
      else if (tables.ofCase(id).length >= mostPhotos)
        throw new AppError('conflict', 'cases.too-many-photos', 'It has all the photos it may have.', {
          most: mostPhotos,
        })
      const size = judgePhoto(bytes)
      const hash = sha256Text(bytes)
      return store.write((tx) => {
        const photo = newId()
        tables.keepFile(tx, { hash, bytes })
        const data = { case: id, photo, paper, hash, bytes: bytes.length, ...size, byPhone }
        pen.append(tx, { type: 'cases.photo-taken', actor, key, data })
        mark(tx, id, paper, 'copied', actor)
        if (replaces !== null) remove(tx, { case: id, photo: replaces, actor }, null)
        return photo
      })
    },

    /** Takes one away, bytes and all; a paper of which there is no other photo lacks again. Throws as `take`. */
    remove({ key, ...one }: OfOne): void {
      if (pen.wasDone(key, ['cases.photo-removed'])) return
      changing(one.case)
      store.write((tx) => remove(tx, one, key))
    },

    /**
     * The picture, for staff. That it was opened is an entry before anybody sees it, and stands in the record that it belongs
     * to. Throws `cases.unknown`, `cases.photo-unknown`, `cases.photo-gone`.
     */
    open({ case: id, photo, actor }: Omit<OfOne, 'key'>): Buffer {
      const { resident } = cases.known(id)
      const bytes = tables.file(photoOf(id, photo).hash)
      if (!bytes) throw new AppError('not-found', 'cases.photo-gone', 'Its picture is not in this box any more.')
      if (resident !== null) residents.lookedByLetter(resident, actor)
      store.write((tx) => {
        pen.append(tx, { type: 'cases.photo-opened', actor, data: { case: id, photo } })
      })
      return bytes
    },

    /** What has been kept long enough after its case has ended; what waited for its agency goes at once. */
    ending: {
      count: (before: number): number => tables.countEnded(before) + documents.countEnded(before),
      remove(tx: Tx, before: number): number {
        sent.dropEnded(tx)
        return documents.dropEnded(tx, before) + tables.dropEnded(tx, before)
      },
    },

    /** What goes to the regency, for agencies (SYNC-025). */
    uploads: {
      next: sent.next,
      waiting: sent.waiting,
      read: sent.read,
      arrived(file: string): void {
        store.write((tx) => sent.markSent(tx, file))
        changed()
      },
    },
  }
}
