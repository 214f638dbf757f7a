import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../base/errors.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { isBatchesName, isReceiptName, stickFileName } from '../wire/stick-file.ts'
import { readMe } from './read-me.ts'

/** Each holds all that the regency has not confirmed, so the newest is enough; some more are kept for a doubt. */
const mostFiles = 5
const mostReceiptBytes = 512 * 1024

type Office = { name: string; village: string }

/**
 * Writes a packed file and `BACA.txt` into a folder, whole or not at all. Throws AppError `stick.full` or `stick.failed`
 * where the stick does not take it: it is full, write-protected, or was pulled out. `at`: ms since 1970 UTC. Answers its name.
 */
export function writeToFolder(folder: string, office: Office, at: number, file: Buffer): string {
  const name = stickFileName('kirim', office.village, at)
  try {
    writeWhole(join(folder, name), file)
    writeWhole(join(folder, 'BACA.txt'), readMe(office))
    for (const old of ownFiles(folder, office.village).slice(mostFiles)) rmSync(join(folder, old))
    return name
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw new AppError('unavailable', 'stick.full', `${folder} is full.`)
    throw new AppError('unavailable', 'stick.failed', `${folder} does not take the file: ${message}`)
  }
}

/** What this village's box has written there, the newest first. */
const ownFiles = (folder: string, village: string): string[] =>
  readdirSync(folder)
    .filter((name) => isBatchesName(name) && name.startsWith(`kirim-${village}-`))
    .sort()
    .reverse()

/** The receipts for a village in a folder, by name and time of change, which is another where the file is. None where the folder cannot be read. */
export function findReceipts(folder: string, village: string): { path: string; stamp: string }[] {
  try {
    return readdirSync(folder)
      .filter((name) => isReceiptName(name, village))
      .sort()
      .map((name) => {
        const path = join(folder, name)
        const { size, mtimeMs } = statSync(path)
        return { path, stamp: `${path} ${size} ${mtimeMs}` }
      })
  } catch {
    return [] // no stick, or one that was pulled out just now
  }
}

export function readReceiptFile(path: string): Buffer {
  if (statSync(path).size > mostReceiptBytes)
    throw new AppError('invalid', 'stick.no-receipt', `${path} is no receipt of a hub.`)
  return readFileSync(path)
}
