import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeRecoveryKey } from '../../appliance/backup/recovery.ts'
import { ageSecretKey } from '../../appliance/wire/enrolment.ts'
import { openSecret, parsed } from './secret-file.ts'

/*
 * The secret halves of the villages' recovery pairs, `recovery/<code>.key` in the fleet folder, readable by its owner only.
 * As they are: the folder's authorities lie there so too, and a box is swapped on a day when nobody finds a pass phrase.
 */

const fileIn = (folder: string, village: string) => join(folder, 'recovery', `${village}.key`)

/** A village's secret half; null while nothing was made for it. */
export function readRecoveryKey(folder: string, village: string): string | null {
  const path = fileIn(folder, village)
  return existsSync(path) ? parsed(path, readKey) : null
}

/** The same for ever, made when it is first asked for; a village that gets another code takes its own along. */
export function openRecoveryKey(folder: string, village: string, movedFrom: string | undefined): string {
  const before = () => movedFrom && readRecoveryKey(folder, movedFrom)
  return openSecret(fileIn(folder, village), () => `${before() || makeRecoveryKey()}\n`, readKey)
}

/**
 * The regency's own secret key (age), `sealing.key` in the fleet folder: what villages seal to the regency opens by it
 * alone. Made when it is first asked for; its public half goes into every enrolment file.
 */
export const openSealingKey = (folder: string): string =>
  openSecret(join(folder, 'sealing.key'), () => `${makeRecoveryKey()}\n`, readKey)

/** Throws for what is no key. */
function readKey(text: string): string {
  const key = text.trim()
  if (!new RegExp(ageSecretKey).test(key)) throw new TypeError('That is no secret key of age.')
  return key
}
