import { AppError } from '../base/errors.ts'
import { readPicture } from '../letters/picture-size.ts'
import { leastPhotoSide, mostPhotoBytes, mostPhotoSide } from './photo-limits.ts'

/**
 * The size of a photo of a paper in points. Throws `cases.photo-no-photo` for what is no JPEG, `cases.photo-cut` for one whose
 * end lacks, `cases.photo-large`, `cases.photo-small`.
 */
export function judgePhoto(bytes: Buffer): { width: number; height: number } {
  const picture = readPicture(bytes)
  if (picture?.kind !== 'image/jpeg') throw refuse('cases.photo-no-photo', 'It is no JPEG.')
  const { width, height } = picture
  const [longer, shorter] = [Math.max(width, height), Math.min(width, height)]
  const details = {
    ...{ side: longer, mostSide: mostPhotoSide, leastSide: leastPhotoSide },
    ...{ kilobytes: Math.ceil(bytes.length / 1_000), mostKilobytes: mostPhotoBytes / 1_000 },
  }
  if (longer > mostPhotoSide || bytes.length > mostPhotoBytes)
    throw refuse('cases.photo-large', 'It is too large.', details)
  if (shorter < leastPhotoSide)
    throw refuse('cases.photo-small', 'It is too small to be read.', { ...details, side: shorter })
  if (!bytes.subarray(-2).equals(endOfImage)) throw refuse('cases.photo-cut', 'Its end lacks.')
  return { width, height }
}

const endOfImage = Buffer.from([0xff, 0xd9])

const refuse = (code: string, message: string, details: Record<string, number> = {}) =>
  new AppError('invalid', code, message, details)
