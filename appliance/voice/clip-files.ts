import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isSea } from 'node:sea'
import { folderOf } from '../base/program-files.ts'
import { clips, isPaperClip, serviceClips } from './sentence.ts'

/** The clips that come with the program; display pages get the same ones by HTTP. */
export const builtInClips = folderOf('clips')

/**
 * The file of a clip: the one that this office recorded, if its folder has it, else the built-in one. Null for a name
 * that is no clip, so that a path from outside can never lead anywhere else, and for the name of a service or a paper that
 * nobody recorded.
 */
export function resolveClip(clip: string, recordedFolder: string | null): string | null {
  const isBuiltIn = clips.includes(clip)
  if (!isBuiltIn && !serviceClips.includes(clip) && !isPaperClip(clip)) return null
  const recorded = recordedFolder && join(recordedFolder, `${clip}.mp3`)
  if (recorded && existsSync(recorded)) return recorded
  return isBuiltIn ? join(builtInClips, `${clip}.mp3`) : null
}

/**
 * Where another program can read a clip: in the packed program they lie inside of it, where only it can look, and are
 * copied out when they are first played.
 */
export function createPlayable(): (file: string) => string {
  if (!isSea()) return (file) => file
  const folder = mkdtempSync(join(tmpdir(), 'balai-clips-'))
  return (file) => {
    if (!file.startsWith(builtInClips)) return file
    const copy = join(folder, basename(file))
    if (!existsSync(copy)) writeFileSync(copy, readFileSync(file))
    return copy
  }
}
