import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blankFile, eraseFolder } from './erase-folder.ts'
import { lockFolder } from './folder.ts'
import { writeWhole } from './whole-file.ts'

/*
 * `wipe.json` in the data folder: the regency has ordered that this box erases itself. It is there before the first key
 * goes, and stays when all else is gone: from then on nothing of this folder is opened any more.
 */

export type WipeMark = {
  state: 'wiping' | 'wiped'
  /** When it was ordered, by the box's clock, ms since 1970 UTC. */
  at: number
  /** Keys that balai.toml names in other folders; they are overwritten where this program may. */
  elsewhere: string[]
}

export const wipeFile = (data: string): string => join(data, 'wipe.json')

/** Null: nobody has ordered it. One that cannot be read is an order that goes on. */
export function readWipeMark(data: string): WipeMark | null {
  if (!existsSync(wipeFile(data))) return null
  try {
    return JSON.parse(readFileSync(wipeFile(data), 'utf8')) as WipeMark
  } catch {
    return { state: 'wiping', at: 0, elsewhere: [] }
  }
}

/** From here on the box is erased at its end, or at its next start before anything else. */
export const markWipe = (data: string, mark: Omit<WipeMark, 'state'>): void =>
  writeWhole(wipeFile(data), JSON.stringify({ state: 'wiping', ...mark } satisfies WipeMark))

/**
 * Erases what is left of a box that was told to. Again and again the same; answers the files that would not go. Throws
 * `store.in-use` while a box runs on this folder.
 */
export async function finishWipe(data: string): Promise<string[]> {
  const mark = readWipeMark(data)
  if (mark?.state !== 'wiping') return []
  const unlock = lockFolder(data)
  const left = await eraseFolder(data, (name) => name === 'wipe.json' || name.startsWith('lock.db')).finally(unlock)
  for (const path of mark.elsewhere) if (!blank(path)) left.push(path)
  await eraseFolder(data, (name) => name === 'wipe.json')
  writeWhole(wipeFile(data), JSON.stringify({ ...mark, state: 'wiped' } satisfies WipeMark))
  return left
}

/** It stays as a file without content, since balai.toml names it. */
function blank(path: string): boolean {
  try {
    if (existsSync(path)) blankFile(path)
    return true
  } catch {
    return false
  }
}
