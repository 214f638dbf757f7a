import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicKeyOf, readPrivateKey } from '../appliance/wire/sign.ts'

/** The regency's Ed25519 key: boxes take history only by its signature (F66). */
export type HubKey = { key: KeyObject; publicKey: string }

/** Reads the key from the hub's data folder, or makes it at the first start. Hubs that share villages share this file. */
export function openHubKey(folder: string): HubKey {
  const path = join(folder, 'hub-key.pem')
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  const key = readPrivateKey(readFileSync(path, 'utf8'))
  return { key, publicKey: publicKeyOf(key) }
}
