import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'

/** The largest file that is taken, in bytes: 100,000 people with all columns are a third of it. */
export const mostBytes = 96 * 1024 * 1024

/** Keeps what comes as a file of this folder, readable by the box alone. Throws `imports.too-large`, `imports.empty`. */
export async function keepUpload(stream: Readable, folder: string): Promise<{ id: string; path: string }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const id = newId()
  const path = join(folder, id)
  let bytes = 0
  try {
    await pipeline(
      stream,
      async function* (parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          bytes += part.length
          if (bytes > mostBytes) throw new AppError('invalid', 'imports.too-large', 'The file is too large.')
          yield part
        }
      },
      createWriteStream(path, { mode: 0o600 }),
    )
    if (bytes === 0) throw new AppError('invalid', 'imports.empty', 'The file is empty.')
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
  return { id, path }
}
