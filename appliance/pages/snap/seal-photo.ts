/**
 * Seals a photo to the box, on the phone: it crosses the office's Wi-Fi by HTTP, where others may listen. An age file.
 */
export async function sealPhoto(recipient: string, photo: Blob): Promise<Blob> {
  offerNoSubtle()
  const [{ Encrypter }, bytes] = await Promise.all([import('age-encryption'), photo.arrayBuffer()])
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const sealed = await encrypter.encrypt(new Uint8Array(bytes))
  return new Blob([sealed as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' })
}

/**
 * By HTTP a browser has no `crypto.subtle`, and the library asks it first: told that it cannot, it reckons by itself.
 */
function offerNoSubtle(): void {
  if (crypto.subtle) return
  const refuse = () => Promise.reject(new DOMException('Not by HTTP.', 'NotSupportedError'))
  Object.defineProperty(crypto, 'subtle', { value: { importKey: refuse, deriveBits: refuse }, configurable: true })
}
