import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRecoveryKey } from '../../appliance/backup/recovery.ts'

/*
 * The secret halves of the villages' recovery pairs, `recovery/<code>.key` in the fleet folder, readable by its owner only.
 * As they are: the folder's authorities lie there so too, and a box is swapped on a day when nobody finds a pass phrase.
 */

const fileIn = (folder: string, village: string) => join(folder, 'recovery', `${village}.key`)

/** A village's secret half; null while nothing was made for it. */
export function readRecoveryKey(folder: string, village: string): string | null {
  const path = fileIn(folder, village)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null
}

/** The same for ever, made when it is first asked for; a village that gets another code takes its own along. */
export function openRecoveryKey(folder: string, village: string, movedFrom: string | undefined): string {
  const known = readRecoveryKey(folder, village)
  if (known) return known
  const key = (movedFrom && readRecoveryKey(folder, movedFrom)) || makeRecoveryKey()
  mkdirSync(join(folder, 'recovery'), { recursive: true, mode: 0o700 })
  writeFileSync(fileIn(folder, village), `${key}\n`, { mode: 0o600, flush: true, flag: 'wx' })
  return key
}

/**
 * The regency's own secret key (age), `sealing.key` in the fleet folder: what villages seal to the regency opens by it
 * alone. Made when it is first asked for; its public half goes into every enrolment file.
 */
export function openSealingKey(folder: string): string {
  const path = join(folder, 'sealing.key')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  const key = makeRecoveryKey()
  writeFileSync(path, `${key}\n`, { mode: 0o600, flush: true, flag: 'wx' })
  return key
}
