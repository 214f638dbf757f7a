/** The browser has begun to save it by then. */
const savedMs = 60_000

/** Gives the reader a file of this page's making. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), savedMs)
}
