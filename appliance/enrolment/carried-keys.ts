/** Certificate and key of one purpose, PEM. */
export type Held = { certificate: string; key: string }

/** What an office without internet gets ready-made: both certificates with their keys, and the box’s signing key. */
export type Carried = { identity: Held; lan: Held; boxKey: string }

/** scrypt with 2^16: half a second and 64 MiB on a small box, where age’s own choice takes 256 MiB. */
const workFactor = 16
/** Beyond this a file could make a box run out of memory. */
const largest = 32_768

/** Seals to a pass phrase with age (C2SP age-encryption.org/v1, scrypt recipient); base64. */
export async function seal(carried: Carried, passPhrase: string): Promise<string> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(workFactor)
  encrypter.setPassphrase(passPhrase)
  return Buffer.from(await encrypter.encrypt(JSON.stringify(carried))).toString('base64')
}

/** What was sealed; null when the pass phrase is another one or the text is damaged. */
export async function unseal(sealed: string, passPhrase: string): Promise<Carried | null> {
  if (sealed.length > largest) return null
  // Loaded only when one is opened.
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passPhrase)
  try {
    return JSON.parse(await decrypter.decrypt(Buffer.from(sealed, 'base64'), 'text')) as Carried
  } catch {
    return null
  }
}
