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
