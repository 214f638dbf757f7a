/**
 * The picture in a file, turned as its camera held it, its longer side `mostSide` points at most. By a data URL: the pages'
 * policy takes no others. Throws where the file is no picture.
 */
export async function drawPicture(file: Blob, mostSide: number): Promise<HTMLCanvasElement> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
  const image = new Image()
  await new Promise((resolve, reject) => {
    image.onload = resolve
    image.onerror = reject
    image.src = url
  })
  return drawFitting(image, { width: image.naturalWidth, height: image.naturalHeight }, mostSide)
}

/** A copy whose longer side is `mostSide` points at most. */
export function drawFitting(
  picture: CanvasImageSource,
  { width, height }: { width: number; height: number },
  mostSide: number,
): HTMLCanvasElement {
  const scale = Math.min(1, mostSide / Math.max(width, height))
  const canvas = makeCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
  const context = contextOf(canvas)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

export function makeCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  return canvas
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (!context) throw new TypeError('This browser draws no pictures.')
  return context
}
