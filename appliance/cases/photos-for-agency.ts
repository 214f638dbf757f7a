import type { Journal } from '../base/journal/journal.ts'
import { sha256Text } from '../wire/hash.ts'
import type { PhotoTables } from './photo-tables.ts'
import type { SentPhoto, SentPhotos } from './sent-photos-table.ts'
import type { CasePhoto } from './views.ts'

type Named = { photo: string; paper: string | null; file: string; bytes: number }
type Parts = { journal: Pick<Journal, 'sealBytes'>; photos: PhotoTables; sent: SentPhotos }

/** The photos of a case, as pages show them and as its agency gets them. */
export function createPhotosForAgency({ journal, photos, sent }: Parts) {
  return {
    view(id: string): CasePhoto[] {
      const ways = new Map(sent.ofCase(id).map(({ photo, sentAt }) => [photo, sentAt] as const))
      return photos.ofCase(id).map(({ photo, paper, at, byPhone, isHere }) => {
        const sentAt = ways.get(photo)
        const way = sentAt === undefined ? null : sentAt === null ? 'waiting' : 'sent'
        return { photo, paper, at, byPhone: byPhone === 1, here: isHere === 1, way }
      })
    },

    /**
     * What its entry names, and what is to be kept until the regency has it: sealed to the village and this key. Photos that
     * were sealed to it before go as they are; one whose picture is gone does not go.
     */
    async sealFor(id: string, recipient: string): Promise<{ named: Named[]; fresh: SentPhoto[] }> {
      const known = new Map(
        sent
          .ofCase(id)
          .filter((one) => one.isThere === 1 && one.recipient === recipient)
          .map((one) => [one.photo, one] as const),
      )
      const fresh: SentPhoto[] = []
      const named: Named[] = []
      for (const { photo, paper, hash } of photos.ofCase(id)) {
        const before = known.get(photo)
        if (before) named.push({ photo, paper, file: before.file, bytes: before.size })
        const picture = before ? null : photos.file(hash)
        if (!picture) continue
        const bytes = await journal.sealBytes(picture, recipient)
        const file = sha256Text(bytes)
        fresh.push({ file, photo, case: id, recipient, size: bytes.length, bytes })
        named.push({ photo, paper, file, bytes: bytes.length })
      }
      return { named, fresh }
    },

    keep: sent.keep,

    /** What is kept of the photos of this resident's cases, or of this case, goes. */
    dropOfResident(...which: Parameters<SentPhotos['dropOfResident']>): void {
      photos.dropFilesOfResident(...which)
      sent.dropOfResident(...which)
    },
    dropOf(...which: Parameters<SentPhotos['dropOf']>): void {
      photos.dropFilesOf(...which)
      sent.dropOf(...which)
    },
  }
}

export type PhotosForAgency = ReturnType<typeof createPhotosForAgency>
