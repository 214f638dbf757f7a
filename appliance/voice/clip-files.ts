import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { clips } from './sentence.ts'

/** The clips that come with the program; display pages get the same ones by HTTP. */
export const builtInClips = join(import.meta.dirname, 'clips')

/**
 * The file of a clip: the one that this office recorded, if its folder has it, else the built-in one. Null for a name
 * that is no clip, so that a path from outside can never lead anywhere else.
 */
export function resolveClip(clip: string, recordedFolder: string | null): string | null {
  if (!clips.includes(clip)) return null
  const recorded = recordedFolder && join(recordedFolder, `${clip}.mp3`)
  return recorded && existsSync(recorded) ? recorded : join(builtInClips, `${clip}.mp3`)
}
