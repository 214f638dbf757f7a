import { randomBytes } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { minuteMs } from '../base/time.ts'
import { sha256Text } from '../wire/hash.ts'
import type { Cases } from './cases.ts'
import { isEnded } from './states.ts'
import type { CasePhoneView } from './views.ts'

export type PhotoPhones = ReturnType<typeof createPhotoPhones>

/** `endsAtMs`: monotonic; `until`: the same by the wall's clock, for people. */
type Link = { hash: string; case: string; actor: string; endsAtMs: number; until: number; met: boolean }

/** So long a link is worth: one visit at the counter. */
const linkMs = 15 * minuteMs

/**
 * Phones that take photos for one case, by a link that a clerk shows: for a quarter of an hour, or until the clerk ends it, or
 * the box starts anew. By a link photos only come in; nothing that the box has is seen by it. It lives in memory, as a hash.
 */
export function createPhotoPhones({ clock, changed }: { clock: Clock; changed: () => void }) {
  const links = new Map<string, Link>()

  function dropEnded(): void {
    const now = clock.monotonicMs()
    for (const [id, { endsAtMs }] of links) if (endsAtMs <= now) links.delete(id)
  }

  /** Throws `case-phone.ended`: of a link that is over nobody learns what it was for. */
  function known(token: string): Link {
    dropEnded()
    const hash = sha256Text(token)
    for (const link of links.values()) if (link.hash === hash) return link
    throw new AppError('not-found', 'case-phone.ended', 'That link is over, or was never given.')
  }

  return {
    /** A link for this case; the one before ends. Answers its token, which is shown this once. */
    begin({ case: id, actor }: { case: string; actor: string }): { token: string; until: number } {
      dropEnded()
      const token = randomBytes(16).toString('base64url')
      const until = clock.read().at + linkMs
      const endsAtMs = clock.monotonicMs() + linkMs
      links.set(id, { hash: sha256Text(token), case: id, actor, endsAtMs, until, met: false })
      changed()
      return { token, until }
    },

    end(id: string): void {
      if (links.delete(id)) changed()
    },

    phoneOf(id: string): { until: number; met: boolean } | null {
      const link = links.get(id)
      return link && link.endsAtMs > clock.monotonicMs() ? { until: link.until, met: link.met } : null
    },

    /** Whose link it is, and what it is for. Throws `case-phone.ended`. */
    meet(token: string): { case: string; actor: string; until: number } {
      const link = known(token)
      if (!link.met) {
        link.met = true
        changed()
      }
      return link
    },
  }
}

/** What a phone reads: which papers, how many photos of each, and nobody's name. Throws `case-phone.ended`. */
export function phoneView(
  { case: id, until }: { case: string; until: number },
  { known, papersOf, photosOf }: Pick<Cases['photoSide'], 'known' | 'papersOf'> & { photosOf: PhotosOf },
): Pick<CasePhoneView, 'title' | 'until' | 'papers' | 'others'> {
  const stored = known(id)
  if (isEnded(stored.state)) throw new AppError('not-found', 'case-phone.ended', 'That application has ended.')
  const photos = photosOf(id)
  const count = (paper: string | null): number => photos.filter((one) => one.paper === paper).length
  return {
    ...{ title: stored.title, until },
    papers: papersOf(stored).map(({ name }) => ({ name, photos: count(name) })),
    others: count(null),
  }
}

type PhotosOf = (id: string) => readonly { paper: string | null }[]
