import { randomBytes } from 'node:crypto'
import { canonicalJson, sha256 } from './hash.ts'
import type { Sealed } from './messages.ts'

/*
 * The private part of an entry as it leaves the box: one age file (C2SP age-encryption.org/v1) for whoever may read it.
 * 1.2 ms to seal and 0.5 to open on a PC. `age-encryption` is loaded when a part is sealed or opened for the first time.
 */

/** A private part: its canonical JSON with a random salt, the SHA-256 of that, and the same text as an age file. */
export type SealedText = { text: string; p: Buffer; file: Buffer }

/** `recipients`: `age1…`, one at least. */
export async function sealPart(part: object, recipients: readonly string[]): Promise<SealedText> {
  const text = canonicalJson({ ...part, salt: randomBytes(16).toString('base64url') })
  return { text, p: sha256(text), file: await sealText(text, recipients) }
}

/** Whether a text is the one that an entry names by `p`. */
export const isPart = (text: string | null, p: Buffer | null): boolean =>
  text !== null && p !== null && sha256(text).equals(p)

/** What was private, of such a text: without the salt that is only there for its hash. */
export function readPart(text: string): object {
  const { salt, ...part } = JSON.parse(text) as { salt: string }
  return part
}

/** What a part of so many bytes takes in a message: base64url, with its name, quotes and comma. 0: there is none. */
export const sealedLength = (bytes: number): number => (bytes === 0 ? 0 : Math.ceil((bytes * 4) / 3) + 50)

/** The age file of a text, or of bytes, for these recipients. */
export async function sealText(text: string | Uint8Array, recipients: readonly string[]): Promise<Buffer> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(text))
}

/** The bytes of an age file that is sealed to this secret key; null: it is sealed to another one, or damaged. */
export async function openSealed(file: Uint8Array, secret: string): Promise<Buffer | null> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(secret)
  try {
    return Buffer.from(await decrypter.decrypt(file))
  } catch {
    return null
  }
}

/** The same, of JSON; null as well where it is none. */
export async function openSealedJson(file: Uint8Array, secret: string): Promise<unknown> {
  const text = await openSealed(file, secret)
  try {
    return text && JSON.parse(text.toString('utf8'))
  } catch {
    return null
  }
}

/** Opens private parts with one secret key, `AGE-SECRET-KEY-1…`. */
export async function createPartOpener(key: string) {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(key)

  /** The canonical JSON whose SHA-256 is `p`; null for a file that this key does not open, or that holds something else. */
  return async function open(file: Uint8Array, p: Buffer): Promise<string | null> {
    try {
      const text = await decrypter.decrypt(file, 'text')
      return isPart(text, p) ? text : null
    } catch {
      return null
    }
  }
}

export type PartOpener = Awaited<ReturnType<typeof createPartOpener>>

/** What of these parts opens, in clear, by the `private` of their entries. */
export async function openParts(sealed: Sealed, open: PartOpener): Promise<Map<string, string>> {
  const opened = await Promise.all(
    Object.entries(sealed).map(async ([p, file]) => {
      const text = await open(Buffer.from(file, 'base64url'), Buffer.from(p, 'base64url'))
      return text === null ? [] : ([[p, text]] as const)
    }),
  )
  return new Map(opened.flat())
}
