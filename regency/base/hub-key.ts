import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { writeWhole } from '../../appliance/base/store/whole-file.ts'
import { publicKeyOf, readPrivateKey } from '../../appliance/wire/sign.ts'

/** The regency's Ed25519 key: boxes take history only by its signature (F66). */
export type HubKey = { key: KeyObject; publicKey: string }

/**
 * Reads the key from the hub's data folder. Hubs that share villages share this file. Where it is missing it is made at
 * the first start, if that may be (`mayMake`); else AppError `config`: the boxes know another one already.
 */
export function openHubKey(folder: string, { mayMake }: { mayMake: boolean }): HubKey {
  const path = join(folder, 'hub-key.pem')
  if (!existsSync(path)) {
    if (!mayMake)
      throw new AppError(
        'invalid',
        'config',
        `${path} is missing: boxes believe only the key that \`balai fleet init\` made. Copy hub-1/hub-key.pem of the fleet folder there, owner balai, mode 600; sudo balai hub init FOLDER --renew does so.`,
      )
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ed25519')
    writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  const pem = readFileSync(path, 'utf8')
  try {
    const key = readPrivateKey(pem)
    return { key, publicKey: publicKeyOf(key) }
  } catch {
    throw new AppError(
      'invalid',
      'config',
      `${path} holds no Ed25519 key in PEM. Copy hub-1/hub-key.pem of the fleet folder there.`,
    )
  }
}
