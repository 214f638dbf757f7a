import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import { assertRoomToSpare } from '../base/store/disk-space.ts'
import type { Store } from '../base/store/store.ts'
import { syncFolder } from '../base/store/whole-file.ts'
import { voiceEvents } from './events.ts'
import { readMp3 } from './mp3.ts'
import { clips, isPaperClip, paperClip, serviceClips } from './sentence.ts'

const shortest = 0.1
const longest = 6

type Command = { clip: string; actor: string; key: string | null }

/**
 * This office's own clips: a folder of files that stand for the built-in ones. The journal says who recorded which. `papers`:
 * what people bring to any service.
 */
export function createRecordings(store: Store, journal: Journal, folder: string, papers: () => readonly string[]) {
  const pen = journal.pen(voiceEvents)
  const known = new Set([...clips, ...serviceClips])
  const pathOf = (clip: string) => join(folder, `${clip}.mp3`)

  keepRenamed(folder)
  // Asked with every view of the kiosk, hence not read from the folder each time.
  const recorded = new Set(readFolder(folder).filter((clip) => known.has(clip) || isPaperClip(clip)))

  function assertClip(clip: string): void {
    // A recording of a paper that no service asks for any more may still be taken away.
    if (!known.has(clip) && !recorded.has(clip) && !papers().some((paper) => paperClip(paper) === clip))
      throw new AppError('not-found', 'voice.clip-unknown', `There is no clip ${clip}.`)
  }

  return {
    /** Clips that were recorded here, by name. */
    list: (): string[] => [...recorded].sort(),

    /** Prefixes of services whose name was recorded: A. */
    services: (): string[] =>
      [...recorded].filter((clip) => serviceClips.includes(clip)).map((clip) => clip.slice(-1).toUpperCase()),

    /** Papers of any service whose name was recorded. */
    papers: (): string[] => [...new Set(papers())].filter((paper) => recorded.has(paperClip(paper))),

    /** Keeps a clip in place of the built-in one. Throws `voice.clip-form` for anything but short mono MP3 of 22,050 Hz. */
    record({ clip, mp3, actor, key }: Command & { mp3: Buffer }): void {
      assertClip(clip)
      assertRoomToSpare(store.diskSpace())
      const { mono, seconds, rest } = readMp3(mp3)
      if (!mono || rest > 0 || seconds < shortest || seconds > longest)
        throw new AppError(
          'invalid',
          'voice.clip-form',
          `A clip is mono MP3 of 22,050 Hz, ${shortest} to ${longest} seconds long.`,
          { longest },
        )
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      // Written beside and moved: a display that plays it meanwhile gets the old one or the new one, never half.
      const fresh = join(folder, `${newId()}.part`)
      writeFileSync(fresh, mp3, { flush: true })
      const sha256 = createHash('sha256').update(mp3).digest('base64url')
      store.write((tx) => {
        if (!pen.entryByKey(key, 'voice.clip-recorded'))
          pen.append(tx, { type: 'voice.clip-recorded', actor, key, data: { clip, sha256 } })
        renameSync(fresh, pathOf(clip))
        syncFolder(folder)
      })
      recorded.add(clip)
    },

    /** Goes back to the built-in clip. */
    remove({ clip, actor, key }: Command): void {
      assertClip(clip)
      store.write((tx) => {
        if (!pen.entryByKey(key, 'voice.clip-removed'))
          pen.append(tx, { type: 'voice.clip-removed', actor, key, data: { clip } })
        rmSync(pathOf(clip), { force: true })
      })
      recorded.delete(clip)
    },
  }
}

/** Until version 0.3 the clip had the older spelling; an office's own recording of it stays its own. */
function keepRenamed(folder: string): void {
  const [before, now] = ['nomor-antrian', 'nomor-antrean'].map((clip) => join(folder, `${clip}.mp3`)) as [
    string,
    string,
  ]
  if (existsSync(before) && !existsSync(now)) renameSync(before, now)
}

function readFolder(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mp3'))
    .map((file) => file.slice(0, -'.mp3'.length))
}
