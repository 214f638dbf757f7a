import { join } from 'node:path'
import { isMounted } from '../backup/files.ts'
import { AppError } from '../base/errors.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Relay } from '../relay/relay.ts'
import { packStick, readReceipt, stickFileName } from '../wire/stick-file.ts'
import { findReceipts, readReceiptFile, writeToFolder } from './stick-folder.ts'
import type { StickView } from './views.ts'

export type Stick = ReturnType<typeof createStick>

/** Where `balai export --receipt` puts what it is given: the running box takes it from there. */
export const receiptFolder = (data: string): string => join(data, 'receipts')

type Given = { name: string; box: string; stickFolder: string; onTaken: () => void }

/** What a stick carries to the regency, and the receipts that come back (SYNC-024). */
export function createStick(
  { journal, clock, data, log, live }: Pick<Base, 'journal' | 'clock' | 'data' | 'log' | 'live'>,
  { relay }: { relay: Pick<Relay, 'collect' | 'takeReceipt' | 'hubKey' | 'view' | 'filesWaiting'> },
  { name, box, stickFolder, onTaken }: Given,
) {
  const { village } = journal
  const { hubKey: hub } = relay
  /** Files that were looked at, taken or not. */
  const seen = new Set<string>()
  let written: StickView['written'] = null
  let taken: StickView['taken'] = null

  /** The file as it goes onto a stick. Throws `stick.no-hub`, `stick.nothing`. */
  async function pack(at: number) {
    if (hub === null)
      throw new AppError('conflict', 'stick.no-hub', 'This box does not know the key of a hub: it is not enrolled.')
    const carried = relay.collect()
    if (carried.damaged) log.error({}, 'a stick takes what stands before an entry that does not verify')
    if (carried.entries + carried.files === 0)
      throw new AppError(
        'conflict',
        'stick.nothing',
        'The regency has confirmed everything: there is nothing to carry.',
      )
    const file = await packStick({ village, box, at }, hub, carried.frames)
    return { file, entries: carried.entries, photos: carried.files, rest: carried.rest }
  }

  function note(at: number, file: string, packed: { entries: number; photos: number; rest: boolean }): void {
    const { entries, photos, rest } = packed
    written = { at, entries, photos, file, rest }
    live.changed()
  }

  /** Throws what readReceipt says, and what the disk does. Answers how much it has confirmed. */
  function takeReceipt(file: Buffer): { entries: number; photos: number } {
    if (hub === null) throw new AppError('conflict', 'stick.no-hub', 'This box does not know the key of a hub.')
    const { entries, files: photos } = relay.takeReceipt(readReceipt(file, { village, hub }))
    taken = { at: clock.read().at, entries, photos }
    log.info({ entries, photos }, 'a receipt of the regency was taken')
    onTaken()
    live.changed()
    return { entries, photos }
  }

  return {
    view(): StickView {
      const { waiting } = relay.view()
      const photosWaiting = relay.filesWaiting()
      return { possible: hub !== null, there: isMounted(stickFolder), waiting, photosWaiting, written, taken }
    },
    /** Onto the stick in the box. Throws `stick.none` besides what `pack` and the folder say. */
    async write(): Promise<void> {
      if (!isMounted(stickFolder)) throw new AppError('conflict', 'stick.none', 'There is no stick in the box.')
      const { at } = clock.read()
      const packed = await pack(at)
      note(at, writeToFolder(stickFolder, { name, village }, at, packed.file), packed)
    },
    /** For the stick of whoever asks. */
    async download(): Promise<{ name: string; file: Buffer }> {
      const { at } = clock.read()
      const packed = await pack(at)
      const file = stickFileName('kirim', village, at)
      note(at, file, packed)
      return { name: file, file: packed.file }
    },
    takeReceipt,
    /** Takes receipts that lie on the stick, or where a command has put them. One that does not hold is named in the log. */
    look(): void {
      const folders = [...(isMounted(stickFolder) ? [stickFolder] : []), receiptFolder(data)]
      for (const { path, stamp } of folders.flatMap((folder) => findReceipts(folder, village))) {
        if (seen.has(stamp)) continue
        seen.add(stamp)
        try {
          takeReceipt(readReceiptFile(path))
        } catch (error) {
          log.warn({ path, cause: (error as Error).message }, 'a receipt on the stick was not taken')
        }
      }
    },
  }
}
