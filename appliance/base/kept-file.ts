import { readFileSync } from 'node:fs'
import { AppError } from './errors.ts'

/**
 * What `parse` makes of a file that this program keeps beside its database. AppError `config` for one that a card has
 * damaged, with what to do: a program that is started anew would find it so again.
 */
export function readKept<T>(path: string, parse: (text: string) => T, remedy: string): T {
  const text = readFileSync(path, 'utf8')
  try {
    return parse(text)
  } catch {
    throw new AppError('invalid', 'config', `${path} is damaged. ${remedy}`)
  }
}
