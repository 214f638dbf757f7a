import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { dayMs } from '../base/time.ts'
import { asideDays } from './kept.ts'

/*
 * The backups of a folder. A box's clock may say anything, so they are ordered by a number that rises with each one made
 * in that folder; the date in the name is for people.
 */

/** `balai-3510242008-000123-2026-12-01T02-00-00Z.db`; older programs left the number out. Sealed: `….db.age`. */
const pattern = /^balai-(\d{10})-(?:(\d{6,})-)?(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.db(?:\.age)?$/

type Named = { path: string; village: string; number: number; at: number }

export const backupFolder = (data: string): string => join(data, 'backups')

/** The path for the next backup in a folder. `at`, ms since 1970 UTC, is what the clock says and orders nothing. */
export function nextBackupPath(folder: string, village: string, at: number, ending: '.db' | '.db.age'): string {
  const last = Math.max(0, ...namesIn(folder).map(({ number }) => number))
  const date = new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')
  return join(folder, `balai-${village}-${String(last + 1).padStart(6, '0')}-${date}Z${ending}`)
}

/** The backups of a folder, of one village or of all, the one made last first. */
export function listBackups(folder: string, village?: string): string[] {
  const found = namesIn(folder).filter((one) => village === undefined || one.village === village)
  const old = found.filter(({ number }) => number === 0).map((one) => ({ ...one, rows: countRows(one.path) }))
  return [
    ...found.filter(({ number }) => number > 0).sort((a, b) => b.number - a.number || b.at - a.at),
    ...old.sort((a, b) => b.rows - a.rows || b.at - a.at),
  ].map(({ path }) => path)
}

/** The oldest backups of a folder go. */
export function keepNewest(folder: string, count: number, village?: string): void {
  for (const old of listBackups(folder, village).slice(count)) rmSync(old)
}

/** What a restore has put aside, once it is old enough by its name. `certain`: a moment that is certainly past, ms since 1970 UTC. */
export function removeOldAsides(database: string, certain: number): void {
  const beginning = `${basename(database)}.before-restore-`
  for (const name of readdirSync(dirname(database))) {
    const [, day, hour, minute, second] =
      /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)/.exec(name.slice(beginning.length)) ?? []
    if (!name.startsWith(beginning) || !day) continue
    if (Date.parse(`${day}T${hour}:${minute}:${second}Z`) + asideDays * dayMs < certain)
      rmSync(join(dirname(database), name))
  }
}

/** Which backup of a folder was made last, what date its name says (ms since 1970 UTC), and how large it is. */
export function newestBackup(folder: string): { path: string; at: number; bytes: number } | null {
  const [path] = listBackups(folder)
  return path ? { path, at: parseName(folder, basename(path))?.at ?? 0, bytes: statSync(path).size } : null
}

/** A folder counts as a stick while something is mounted there: an empty mount point would fill the card instead. */
export function isMounted(folder: string): boolean {
  try {
    return statSync(folder).dev !== statSync(dirname(folder)).dev
  } catch {
    return false
  }
}

function namesIn(folder: string): Named[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => parseName(folder, name) ?? [])
}

function parseName(folder: string, name: string): Named | null {
  const [, village, number = '0', day, hour, minute, second] = pattern.exec(name) ?? []
  if (!village) return null
  return {
    path: join(folder, name),
    village,
    number: Number(number),
    at: Date.parse(`${day}T${hour}:${minute}:${second}Z`),
  }
}

/** How long the journal in a backup without a number is: a journal only grows. 0 where it cannot be read. */
function countRows(path: string): number {
  try {
    const db = new Database(path, { readonly: true })
    try {
      return db.prepare<[], number>('SELECT coalesce(max(row), 0) FROM entry').pluck().get() ?? 0
    } finally {
      db.close()
    }
  } catch {
    return 0
  }
}
