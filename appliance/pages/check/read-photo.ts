/** So much of a picture is enough for a QR of 25 mm, and fits a cheap phone. */
const longestSide = 1_600
const patienceMs = 4_000

/** What the QR in a photo says; null: there is none, or it is out of focus. Throws where the file is no picture. */
export async function readPhoto(file: File): Promise<string | null> {
  // Asked for when somebody has a photo: whoever scans or pastes does not need it.
  const [{ default: decodeQr }, picture] = await Promise.all([import('qr/decode.js'), drawFile(file)])
  try {
    return decodeQr(picture, { timeLimit: patienceMs, effort: 3 })
  } catch {
    return null
  }
}

/** By a data URL: the pages' policy takes no others. */
async function drawFile(file: File): Promise<ImageData> {
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
  const scale = Math.min(1, longestSide / Math.max(image.naturalWidth, image.naturalHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
  const context = canvas.getContext('2d')
  if (!context) throw new TypeError('This browser draws no pictures.')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}
