import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A secret of the fleet folder: what its file holds, or what `make` answers, which the file holds from then on, for its owner only. */
export function openSecret(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  const secret = make()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, secret, { mode: 0o600, flush: true, flag: 'wx' })
  return secret
}
