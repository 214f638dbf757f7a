import { createHash } from 'node:crypto'
import { closeSync, createReadStream, createWriteStream, existsSync, openSync, readSync, rmSync } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../base/errors.ts'

/* Backups that leave the box are age files (C2SP age-encryption.org/v1) to one X25519 recipient, in 64 KiB pieces. */

export const isSealed = (path: string): boolean => path.endsWith('.age')

/** Writes `source` sealed to `target`, and reads the target back from where it lies. Throws what the disk throws. */
export async function sealFile(source: string, target: string, recipient: string): Promise<void> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const sealed = await encrypter.encrypt(Readable.toWeb(createReadStream(source)) as ReadableStream<Uint8Array>)
  const written = createHash('sha256')
  const watch = new Transform({
    transform(chunk, _encoding, done) {
      written.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(Readable.fromWeb(sealed as never), watch, createWriteStream(target, { mode: 0o600, flush: true }))
  const readBack = createHash('sha256')
  await pipeline(createReadStream(target), readBack)
  if (!written.digest().equals(readBack.digest())) throw new Error('what was written reads otherwise')
}

/** Opens a sealed file into `target`. Throws AppError `backup.locked` for another key, `backup.damaged` for a damaged file. */
export async function unsealFile(source: string, target: string, key: string): Promise<void> {
  if (!(await opensBy(source, key)))
    throw new AppError('forbidden', 'backup.locked', `The key does not open ${source}.`)
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(key)
  try {
    const plain = await decrypter.decrypt(Readable.toWeb(createReadStream(source)) as ReadableStream<Uint8Array>)
    await pipeline(Readable.fromWeb(plain as never), createWriteStream(target, { mode: 0o600, flush: true }))
  } catch (error) {
    rmSync(target, { force: true })
    throw new AppError('invalid', 'backup.damaged', `${source} is damaged: ${(error as Error).message}`)
  }
}

/** Whether a key opens a sealed file, by its header alone. Throws `backup.damaged` for what is no age file. */
export async function opensBy(source: string, key: string): Promise<boolean> {
  const { Decrypter } = await import('age-encryption')
  const header = readHeader(source)
  const decrypter = new Decrypter()
  decrypter.addIdentity(key)
  return await decrypter.decryptHeader(header).then(
    () => true,
    () => false,
  )
}

function readHeader(source: string): Buffer {
  if (!existsSync(source)) throw new AppError('not-found', 'backup.absent', `${source} does not exist.`)
  const file = openSync(source, 'r')
  try {
    const start = Buffer.alloc(4_096)
    const text = start.subarray(0, readSync(file, start))
    const mac = text.indexOf('\n--- ')
    const end = mac < 0 ? -1 : text.indexOf('\n', mac + 1)
    if (end < 0 || !text.toString('latin1').startsWith('age-encryption.org/v1\n'))
      throw new AppError('invalid', 'backup.damaged', `${source} is no sealed backup, or its beginning is damaged.`)
    return text.subarray(0, end + 1)
  } finally {
    closeSync(file)
  }
}
