import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { syncFolder } from './whole-file.ts'

/** What has to go first: keys and codes, then the databases, then their copies; the rest follows. */
const order = [/\.(pem|key)$|^member\/|^recovery\.json|setup-code$/, /\.db(-wal|-shm)?$/, /^backups\//]
const pieceBytes = 1024 * 1024

const rankOf = (name: string): number => {
  const rank = order.findIndex((pattern) => pattern.test(name))
  return rank < 0 ? order.length : rank
}

/**
 * Erases what lies in a folder but what it is to `keep`: each file is overwritten and goes, keys first, on the disk before
 * this resolves. Cut short, it goes on when called again. Answers the names that would not go; a flash card may keep what
 * was overwritten in cells that no program reaches.
 */
export async function eraseFolder(folder: string, keep: (name: string) => boolean): Promise<string[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !keep(name))
  const files = names.filter((name) => !lstatSync(join(folder, name)).isDirectory())
  const left: string[] = []
  for (let rank = 0; rank <= order.length; rank++) {
    for (const name of files.filter((one) => rankOf(one) === rank)) {
      if (!eraseFile(join(folder, name))) left.push(name)
      await breathe() // the line on which the last word goes lives on
    }
    syncFolder(folder)
  }
  for (const name of readdirSync(folder)) {
    if (keep(name)) continue
    try {
      rmSync(join(folder, name), { recursive: true, force: true })
    } catch {
      // What is in it stands in `left`.
    }
  }
  syncFolder(folder)
  return left
}

/** Overwrites a file and takes it away; one that may not be written is unlinked all the same. False: it is still there. */
export function eraseFile(path: string): boolean {
  try {
    if (lstatSync(path).isFile()) blankFile(path)
  } catch {
    // A file system that is full of errors takes no writes; the name goes at least.
  }
  try {
    rmSync(path, { force: true })
    return true
  } catch {
    return false
  }
}

/** Overwrites a file with zeros, on the disk when this returns; it stays, as long as it was. Throws what the system says. */
export function blankFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    const zeros = Buffer.alloc(pieceBytes)
    const { size } = fstatSync(file)
    for (let at = 0; at < size; at += pieceBytes) {
      writeSync(file, zeros, 0, Math.min(pieceBytes, size - at), at)
      fdatasyncSync(file)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
