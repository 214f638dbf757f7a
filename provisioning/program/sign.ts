import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/*
 * Checksums of all files in one list, as `sha256sum --check` reads it, and an Ed25519 signature beside each file. The
 * release key is the file that BALAI_RELEASE_KEY names; it never stands in the repository.
 */

/** Writes `SHA256SUMS`, `<file>.sig` and `release.pub` into `dist`. */
export function signFiles(dist: string, files: readonly string[], keyFile: string): void {
  const key = openKey(keyFile)
  const sums = files.map((file) => {
    const bytes = readFileSync(file)
    writeFileSync(`${file}.sig`, sign(null, bytes, key))
    return `${createHash('sha256').update(bytes).digest('hex')}  ${basename(file)}`
  })
  writeFileSync(join(dist, 'SHA256SUMS'), `${sums.join('\n')}\n`)
  writeFileSync(join(dist, 'release.pub'), createPublicKey(key).export({ type: 'spki', format: 'pem' }))
}

/** Whether the signature beside the file was made by the holder of this public key (PEM). */
export const isSigned = (file: string, publicKeyPem: string): boolean =>
  verify(null, readFileSync(file), publicKeyPem, readFileSync(`${file}.sig`))

/** A key of one's own is made where none exists: whoever builds for a regency keeps it and gives `release.pub` away. */
function openKey(file: string): KeyObject {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' })
  }
  return createPrivateKey(readFileSync(file))
}
