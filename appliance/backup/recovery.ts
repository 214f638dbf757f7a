import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bech32 } from '@scure/base'
import { readKept } from '../base/kept-file.ts'
import { writeForService } from '../base/store/whole-file.ts'

/*
 * The recovery pair of a village (age, X25519): backups that leave the box are sealed to its public half. The secret half
 * is in the village's safe, and nothing of this box opens them once the words were shown.
 */

/** `fleet`: of the enrolment file, words on the regency's sheet. `own`: made here, words shown once; `unseen`: not yet. */
export type RecoveryState = 'fleet' | 'own' | 'unseen'

export type Recovery = { recipient: string; state: RecoveryState; key: string | null }

const fileIn = (data: string) => join(data, 'recovery.json')

/** A new secret half, `AGE-SECRET-KEY-1…`. */
export const makeRecoveryKey = (): string => keyOf(randomBytes(32))

/** The secret half that these 32 bytes are. */
export const keyOf = (bytes: Uint8Array): string => bech32.encodeFromBytes('AGE-SECRET-KEY-', bytes).toUpperCase()

/** The 32 bytes of a secret half. */
export const bytesOf = (key: string): Uint8Array => bech32.decodeToBytes(key).bytes

/** The public half of a secret one. */
export async function recipientOf(key: string): Promise<string> {
  const { identityToRecipient } = await import('age-encryption')
  return await identityToRecipient(key)
}

/** To whom this box seals: the regency's pair for its village, else one of its own, which is made at the first asking. */
export async function openRecovery(data: string, fromFleet: string | null): Promise<Recovery> {
  if (fromFleet !== null) return { recipient: fromFleet, state: 'fleet', key: null }
  const known = readOwn(data)
  if (known) return known
  const made = await makeOwn()
  // Whoever asked at the same time and was first has made the box's pair.
  return readOwn(data) ?? keepOwn(data, made)
}

/** What a box seals to, where it is known already: for whoever only looks. */
export function readRecoveryState(data: string, fromFleet: string | null): RecoveryState | null {
  return fromFleet === null ? (readOwn(data)?.state ?? null) : 'fleet'
}

/** Another pair of the box's own. What was sealed to the one before opens by its words only. */
export async function renewRecovery(data: string): Promise<Recovery> {
  return keepOwn(data, await makeOwn())
}

async function makeOwn() {
  const key = makeRecoveryKey()
  return { key, recipient: await recipientOf(key) }
}

function keepOwn(data: string, made: { recipient: string; key: string }): Recovery {
  keep(data, made)
  return { ...made, state: 'unseen' }
}

/** The words were shown: the secret half goes from the box. */
export const forgetRecoveryKey = (data: string, { recipient }: Recovery): void => keep(data, { recipient })

/** The box's own pair, if one was made. */
export function readOwn(data: string): Recovery | null {
  if (!existsSync(fileIn(data))) return null
  const { recipient, key = null } = readKept(
    fileIn(data),
    (text) => JSON.parse(text) as { recipient: string; key?: string },
    'Delete it: the box makes another pair for its sticks, whose words balai backup --show-recovery shows.',
  )
  return { recipient, state: key === null ? 'own' : 'unseen', key }
}

function keep(data: string, kept: { recipient: string; key?: string }): void {
  // `sudo balai backup --to FOLDER` stays root.
  writeForService(data, fileIn(data), JSON.stringify(kept))
}
