import { randomInt, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../base/store/whole-file.ts'

export type SetupCode = ReturnType<typeof createSetupCode>

/**
 * The one-time code that makes the first technician, or a new one when the last was lost. It stands in a file that only
 * its owner (root, on a box) reads, is shown by `balai setup-code`, and never reaches a log.
 */
export function createSetupCode(folder: string) {
  const path = join(folder, 'setup-code')
  const read = (): string | null => (existsSync(path) ? readFileSync(path, 'utf8').trim() : null)

  return {
    exists: () => existsSync(path),
    read,
    /** Makes a code unless one is open. Ten digits: a technician reads it from one screen and types it at another. */
    make(): string {
      const open = read()
      if (open) return open
      const code = String(randomInt(10 ** 5)).padStart(5, '0') + String(randomInt(10 ** 5)).padStart(5, '0')
      writeWhole(path, `${code}\n`)
      return code
    },
    matches(typed: string): boolean {
      const code = Buffer.from(read() ?? '')
      const given = Buffer.from(typed.replaceAll(/[\s-]/g, ''))
      return code.length > 0 && code.length === given.length && timingSafeEqual(code, given)
    },
    remove: () => rmSync(path, { force: true }),
  }
}
