import { closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeWhole } from './whole-file.ts'

/* Files by which the box, which may change nothing of the machine, meets what systemd runs as root. */

/** Whole or not at all: the other side looks at any moment. */
export function writeShared(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  writeWhole(path, text, { mode })
}

/** Null where there is none that is right. Root reads a file in a folder that is not root’s: a link there leads nowhere. */
export function readShared<T>(path: string, shape: { Check(value: unknown): value is T }): T | null {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
      return shape.Check(found) ? found : null
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}
