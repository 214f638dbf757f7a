import type { FilePut, FilePutAck } from '../../appliance/wire/messages.ts'
import type { CasePhotos } from '../agency/photos.ts'

/** Pieces of a file, one after the other, and before them how much of it is here: as SYNC-025 has it on the line. */
export type CarriedPut = { frame: Buffer; put: FilePut }

type Parts = {
  /** Null: it is not taken now, or is signed by no key that counts. */
  ask: (frame: Buffer) => Promise<FilePutAck | null>
  photos: Pick<CasePhotos, 'dropPieces'>
}

export type TakenPhotos = {
  /** Files that are here whole. */
  here: string[]
  /** How many of them were not before. */
  fresh: number
  /** How many are not here, and why the last of them is not. */
  left: number
  why: 'unknown' | 'full' | 'not-now'
}

/** Takes the photos that a stick has brought, once their entries are folded. One that is not taken stops none behind it. */
export async function takePhotos(village: string, puts: readonly CarriedPut[], parts: Parts): Promise<TakenPhotos> {
  const taken: TakenPhotos = { here: [], fresh: 0, left: 0, why: 'not-now' }
  for (const [file, pieces] of Map.groupBy(puts, ({ put }) => put.file)) {
    const outcome = await takePhoto(village, file, pieces, parts)
    if (typeof outcome === 'string') {
      taken.left++
      taken.why = outcome
    } else {
      taken.here.push(file)
      if (outcome.isFresh) taken.fresh++
    }
  }
  return taken
}

async function takePhoto(
  village: string,
  file: string,
  pieces: readonly CarriedPut[],
  { ask, photos }: Parts,
): Promise<{ isFresh: boolean } | TakenPhotos['why']> {
  let have = 0
  let isFresh = false
  for (const { frame, put } of pieces) {
    if (put.first < have) continue
    const ack = await ask(frame)
    if (!ack) return 'not-now'
    if (ack.wait) return ack.wait
    have = ack.have
    isFresh ||= put.bytes !== ''
    // The line has brought part of it in pieces of another size, behind which none of these goes.
    if (have < put.size && !pieces.some(({ put: other }) => other.first === have)) {
      await photos.dropPieces(village, file)
      have = 0
    }
  }
  return have === pieces[0]?.put.size ? { isFresh } : 'not-now'
}
