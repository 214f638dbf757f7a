import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Bytes that are read where they are asked for. `read` gives fewer where they end. */
export type Bytes = { length: number; read(at: number, bytes: number): Buffer }

/** So much is read at once of what is read from front to back. */
const windowBytes = 128 * 1024

/** A file, which is open only while it is read: nobody has to close it. For a thread that has nothing else to do meanwhile. */
export function fileBytes(path: string): Bytes {
  const length = statSync(path).size
  return {
    length,
    read(at, bytes) {
      const wanted = Buffer.alloc(Math.max(0, Math.min(bytes, length - at)))
      const file = openSync(path, 'r')
      try {
        let come = 0
        while (come < wanted.length) {
          const more = readSync(file, wanted, come, wanted.length - come, at + come)
          if (more === 0) break
          come += more
        }
        return wanted.subarray(0, come)
      } finally {
        closeSync(file)
      }
    },
  }
}

/** The same bytes, a large piece of which is kept for whoever asks for what is near. */
export function inWindows({ length, read }: Bytes): Bytes {
  let start = 0
  let window: Buffer = Buffer.alloc(0)
  return {
    length,
    read(at, bytes) {
      if (at < start || at + bytes > start + window.length)
        [start, window] = [at, read(at, Math.max(bytes, windowBytes))]
      return window.subarray(at - start, at - start + bytes)
    },
  }
}
