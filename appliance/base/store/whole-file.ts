import { closeSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

type Options = {
  /** By its owner only, unless it says otherwise. */
  mode?: number
  /** Whose it is to be, for root who writes where the service reads. */
  owner?: { uid: number; gid: number }
}

/**
 * Puts a file there in one step: whoever reads it, or starts after a power cut, finds the old one or the new one, whole.
 * It is on the disk before this returns. What throws leaves the old one.
 */
export function writeWhole(path: string, content: string | Uint8Array, { mode = 0o600, owner }: Options = {}): void {
  const fresh = `${path}.new`
  // One that a power cut has left may have another mode, or be a link.
  rmSync(fresh, { force: true })
  try {
    const file = openSync(fresh, 'wx', mode)
    try {
      writeFileSync(file, content)
      if (owner) fchownSync(file, owner.uid, owner.gid)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** The same in the data folder, for the service to read also where `sudo` types the command and stays root. */
export function writeForService(data: string, path: string, content: string): void {
  writeWhole(path, content, process.getuid?.() === 0 ? { owner: statSync(data) } : {})
}

/** A file of that name is there, gone or renamed also after a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
