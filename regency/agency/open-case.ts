import { ask } from '../../appliance/pages/ui/api.ts'

/** What opens an inbox: the token towards the hub, and the key that the hub has not. */
export type Access = { token: string; key: string | null; me: Me }

export type Me = {
  agency: string
  mayNotify: boolean
  /** Whether what it tells has to be signed by its key. */
  signs: boolean
  villages: { village: string; name: string; district: string }[]
}

/** Whose application it is, as its village has sealed it. */
export type Applicant = {
  name: string
  nik?: string
  kk?: string
  sex?: number
  birthPlace?: string
  birthDate?: string
  address?: string
  hamlet?: string
  rw?: string
  rt?: string
  currentAddress?: string
}
export type Opened = { applicant: Applicant; note?: string }

/** Asks the hub as the agency whose token this is. */
export const askAs = <Answer>(
  token: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  timeoutMs = 15_000,
): Promise<Answer> => ask<Answer>(method, path, body, timeoutMs, { authorization: `Bearer ${token}` })

/** A secret key as `balai agency key` writes it. */
export const isKey = (text: string): boolean => /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/.test(text.trim())

/** What is sealed to this key; null: it is sealed to another one, or damaged. It opens in this browser. */
export async function openCase(file: string, key: string): Promise<Opened | null> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(key.trim())
  try {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))
    return JSON.parse(await decrypter.decrypt(bytes, 'text')) as Opened
  } catch {
    return null
  }
}

/** The bytes of an age file that is sealed to this key; null: it is sealed to another one, or damaged. */
export async function openBytes(file: Uint8Array, key: string): Promise<Uint8Array | null> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(key.trim())
  return await decrypter.decrypt(file).catch(() => null)
}

/** Seals a text or bytes to a key, here: what leaves this computer only its holder opens. An age file, base64. */
export async function sealFor(recipient: string, text: string | Uint8Array): Promise<string> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const bytes = await encrypter.encrypt(text)
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
