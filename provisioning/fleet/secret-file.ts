import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'

/** What is wrong with a file of the fleet folder, and where the right one is. */
export const damaged = (mistake: string): AppError =>
  new AppError('invalid', 'config', `${mistake}. Take it from the copy of this folder in the safe.`)

/** What `parse` makes of a file of the fleet folder, whatever it throws being a damaged file. */
export function parsed<T>(path: string, parse: (text: string) => T): T {
  const text = readFileSync(path, 'utf8')
  try {
    return parse(text)
  } catch {
    throw damaged(`${path} is damaged`)
  }
}

/**
 * A secret of the fleet folder: what `parse` makes of its file, or of what `make` answers, which the file holds from then on,
 * for its owner only.
 */
export function openSecret<T>(path: string, make: () => string, parse: (text: string) => T): T {
  if (existsSync(path)) return parsed(path, parse)
  const secret = make()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, secret, { mode: 0o600, flush: true, flag: 'wx' })
  return parse(secret)
}
