import { contextOf, drawPicture } from '../ui/draw-picture.ts'

/** So much of a picture is enough for a QR of 25 mm, and fits a cheap phone. */
const longestSide = 1_600
const patienceMs = 4_000

/** What the QR in a photo says; null: there is none, or it is out of focus. Throws where the file is no picture. */
export async function readPhoto(file: File): Promise<string | null> {
  // Asked for when somebody has a photo: whoever scans or pastes does not need it.
  const [{ default: decodeQr }, canvas] = await Promise.all([import('qr/decode.js'), drawPicture(file, longestSide)])
  const picture = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height)
  try {
    return decodeQr(picture, { timeLimit: patienceMs, effort: 3 })
  } catch {
    return null
  }
}
