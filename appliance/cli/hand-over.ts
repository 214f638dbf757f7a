import { chownSync, copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * A file that root names, for the user that this command goes on as (`becomeOwner`, after this): itself where everybody
 * may read it, else a copy in the data folder. `remove` takes the copy away.
 */
export function handOver(file: string, dataFolder: string): { path: string; remove: () => void } {
  const mine = { path: file, remove: () => {} }
  if (process.getuid?.() !== 0 || !existsSync(file) || !existsSync(dataFolder)) return mine
  const { uid, gid } = statSync(dataFolder)
  if (uid === 0 || isOpenToAll(resolve(file))) return mine
  const path = join(dataFolder, `handed-over-${basename(file)}`)
  copyFileSync(file, path)
  chownSync(path, uid, gid)
  return { path, remove: () => rmSync(path, { force: true }) }
}

/** Whether anybody may read the file and enter each folder on the way to it. */
function isOpenToAll(file: string): boolean {
  if ((statSync(file).mode & 0o004) === 0) return false
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
