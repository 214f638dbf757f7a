import { generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { publicKeyOf, readPrivateKey } from '../../wire/sign.ts'
import type { Hardware } from '../journal/journal.ts'
import { readKept } from '../kept-file.ts'
import { writeWhole } from '../store/whole-file.ts'

/** Who this box is towards the regency: its signing key, and an id that a copied card in another Pi does not share. */
export type Identity = { key: KeyObject; publicKey: string; box: string }

const otherKey =
  'Delete it: the box makes another key, and works on. The regency takes it when balai hub owner says that it is the village’s box.'

/** Reads the box's Ed25519 key from `folder`, or makes it at the first start. It never leaves the box. */
export function openIdentity(folder: string, { serial, card }: Hardware): Identity {
  const path = join(folder, 'box-key.pem')
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  const key = readKept(path, readPrivateKey, otherKey)
  const publicKey = publicKeyOf(key)
  const box = hash('sha256', `balai box ${publicKey} ${serial} ${card}`, 'buffer').subarray(0, 16).toString('base64url')
  return { key, publicKey, box }
}
