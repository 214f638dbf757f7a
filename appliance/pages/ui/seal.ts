/*
 * Sealing on a phone that comes by HTTP, where others on the Wi-Fi may listen. `age-encryption` is loaded when something is
 * sealed or opened for the first time.
 */

/** An age file to the key that the box's view names. */
export async function sealFor(recipient: string, content: string | Uint8Array): Promise<Blob> {
  const { Encrypter } = await load()
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const sealed = await encrypter.encrypt(content)
  return new Blob([sealed as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' })
}

/** A key for one answer, and what opens it. */
export async function makeKey(): Promise<{ recipient: string; open: (file: Uint8Array) => Promise<Uint8Array> }> {
  const { Decrypter, generateX25519Identity, identityToRecipient } = await load()
  const identity = await generateX25519Identity()
  return {
    recipient: await identityToRecipient(identity),
    async open(file) {
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      return await decrypter.decrypt(file)
    },
  }
}

/** By HTTP a browser has no `crypto.subtle`, and the library asks it first: told that it cannot, it reckons by itself. */
function load() {
  if (!crypto.subtle) {
    const refuse = () => Promise.reject(new DOMException('Not by HTTP.', 'NotSupportedError'))
    Object.defineProperty(crypto, 'subtle', { value: { importKey: refuse, deriveBits: refuse }, configurable: true })
  }
  return import('age-encryption')
}
