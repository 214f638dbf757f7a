import { rmSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { AppError } from '../base/errors.ts'
import { type Inspection, inspectFile } from './read-file.ts'
import { keepUpload } from './upload.ts'

/** A file as it was looked at. `upload`: the id by which the page goes on with it. */
export type ReceivedFile = { upload: string; path: string; inspection: Inspection }

/** The one file that came last and is not put to use yet. `folder`: where files lie while they are read, and no longer. */
export function createReceiving(folder: string) {
  let received: ReceivedFile | null = null
  rmSync(folder, { recursive: true, force: true })

  function forget(): void {
    if (received) rmSync(received.path, { force: true })
    received = null
  }
  return {
    /** In the place of the one before it. Throws what `inspectFile` and `keepUpload` throw. */
    async take(stream: Readable): Promise<ReceivedFile> {
      const { id, path } = await keepUpload(stream, folder)
      try {
        const inspection = await inspectFile(path)
        forget()
        received = { upload: id, path, inspection }
        return received
      } catch (error) {
        rmSync(path, { force: true })
        throw error
      }
    },
    /** Throws `imports.no-upload`. */
    get(upload: string): ReceivedFile {
      if (received?.upload === upload) return received
      throw new AppError('not-found', 'imports.no-upload', 'This file is not here any more: choose it again.')
    },
    /** It was read, or could not be. */
    finish(file: Pick<ReceivedFile, 'path'>): void {
      rmSync(file.path, { force: true })
      if (received?.path === file.path) received = null
    },
    forget,
  }
}
