import { mostPhotoBytes, mostPhotoSide } from '../../cases/photo-limits.ts'
import { contextOf, drawFitting, makeCanvas } from '../ui/draw-picture.ts'
import { type Corners, straighten, straightSize } from './corners.ts'

/** So large is a picture while it is straightened: sharp enough, and little enough for a cheap machine. */
export const workSide = 2_000

/** A quarter turn to the right. */
export function turnRight(picture: HTMLCanvasElement): HTMLCanvasElement {
  const turned = makeCanvas(picture.height, picture.width)
  const context = contextOf(turned)
  context.translate(turned.width, 0)
  context.rotate(Math.PI / 2)
  context.drawImage(picture, 0, 0)
  return turned
}

/** What lies between the corners, seen from above; null: all of it, as it is. */
export function cutOut(picture: HTMLCanvasElement, corners: Corners | null): HTMLCanvasElement {
  const { width, height } = picture
  if (corners === null) return drawFitting(picture, picture, mostPhotoSide)
  const size = straightSize(corners, mostPhotoSide)
  const canvas = makeCanvas(size.width, size.height)
  const context = contextOf(canvas)
  const target = context.createImageData(size.width, size.height)
  straighten(contextOf(picture).getImageData(0, 0, width, height), corners, target)
  context.putImageData(target, 0, 0)
  return canvas
}

const qualities = [0.85, 0.75, 0.65, 0.55, 0.45]

/** As JPEG of so many bytes as a photo may have: first by its quality, then by its size. It keeps nothing of where it was taken. */
export async function toPhoto(picture: HTMLCanvasElement): Promise<Blob> {
  for (let canvas = picture; ; canvas = drawFitting(canvas, canvas, 0.8 * Math.max(canvas.width, canvas.height)))
    for (const quality of qualities) {
      const blob = await toJpeg(canvas, quality)
      if (blob.size <= mostPhotoBytes) return blob
    }
}

const toJpeg = (canvas: HTMLCanvasElement, quality: number): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new TypeError('No JPEG came of it.'))),
      'image/jpeg',
      quality,
    )
  })

/** So large is the copy in which a paper is looked for. */
const guessSide = 160

/** A small copy of the picture, and by how much its points are larger. */
export function smallCopy(picture: HTMLCanvasElement): { pixels: ImageData; scale: number } {
  const small = drawFitting(picture, picture, guessSide)
  return {
    pixels: contextOf(small).getImageData(0, 0, small.width, small.height),
    scale: picture.width / small.width,
  }
}
