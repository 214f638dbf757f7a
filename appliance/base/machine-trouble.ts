import { statSync } from 'node:fs'
import { userInfo } from 'node:os'

/**
 * What the machine refused, in a sentence that names the file and what to do; null for an error that is none of the file
 * system's (those of Node carry `code`, `syscall` and `path`).
 */
export function describeMachineTrouble(error: unknown): string | null {
  const { code, syscall, path } = error as { code?: unknown; syscall?: unknown; path?: unknown }
  // Reading one that is open already names none.
  if (code === 'EISDIR' && path === undefined) return 'A folder was named where a file is wanted.'
  if (typeof code !== 'string' || typeof syscall !== 'string' || typeof path !== 'string') return null
  const say = sentences[code]
  return say ? say(path) : `${path}: ${(error as Error).message}`
}

const sentences: Record<string, (path: string) => string> = {
  EACCES: (path) =>
    `${path} is not open to the user ${userInfo().username}${ownerOf(path)}. Run this with sudo, or as the user who owns it.`,
  EPERM: (path) =>
    `${path} may not be changed by the user ${userInfo().username}${ownerOf(path)}. Run this with sudo, or as the user who owns it.`,
  ENOENT: (path) => `${path} is not there.`,
  ENOTDIR: (path) => `${path}: a part of this path is a file, not a folder.`,
  EISDIR: (path) => `${path} is a folder, not a file.`,
  EEXIST: (path) => `${path} is there already.`,
  EROFS: (path) =>
    `${path} lies on a read-only file system. A card that is worn out becomes read-only: see balai doctor.`,
  ENOSPC: (path) => `${path}: the disk is full.`,
  EIO: (path) => `${path}: the disk fails.`,
}

function ownerOf(path: string): string {
  try {
    return `, it belongs to user number ${statSync(path).uid}`
  } catch {
    return ''
  }
}
