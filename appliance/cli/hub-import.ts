import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { createCasePhotos } from '../../regency/agency/photos.ts'
import { audit, type Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import { openHubKey } from '../../regency/base/hub-key.ts'
import { openMembers } from '../../regency/base/members.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { createMeters } from '../../regency/delivery/meters.ts'
import { createReceiver } from '../../regency/delivery/receiver.ts'
import { createStrangers } from '../../regency/delivery/strangers.ts'
import { foldVillage } from '../../regency/folds/folding.ts'
import { folds } from '../../regency/folds.ts'
import { type Imported, importStick } from '../../regency/sticks/import-stick.ts'
import { createClock, systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { isBatchesName, mostStickBytes } from '../wire/stick-file.ts'

/* `balai hub import`: what sticks have brought. The hub may be running meanwhile, and folds it within a minute. */

export type BroughtFile = { path: string; bytes: Buffer }

/** The files that are named, or lie in a folder that is, the oldest first: read as the one who types, whose stick it is. */
export function readBrought(places: readonly string[]): BroughtFile[] {
  if (places.length === 0)
    throw new AppError('invalid', 'config', 'Name the stick’s folder or its file: balai hub import /media/stick')
  return places.flatMap(filesAt).map((path) => {
    if (statSync(path).size > mostStickBytes + 1024 * 1024)
      throw new AppError('invalid', 'stick.no-file', `${path} is larger than a box writes.`)
    return { path, bytes: readFileSync(path) }
  })
}

function filesAt(place: string): string[] {
  if (!existsSync(place)) throw new AppError('not-found', 'stick.absent', `${place} is not there.`)
  if (!statSync(place).isDirectory()) return [place]
  const found = readdirSync(place).filter(isBatchesName).sort()
  if (found.length === 0)
    throw new AppError('not-found', 'stick.absent', `${place} has no file kirim-….balai, which a box writes.`)
  return found.map((name) => join(place, name))
}

/**
 * Takes each, and says what became of it, a line or more for each; one that cannot be taken stops none behind it. Answers
 * whether all was taken, and the receipts, which lie beside their files afterwards.
 */
export async function runImport(
  files: readonly BroughtFile[],
  config: HubConfig,
  { by, say }: { by: Doer; say: (line: string) => void },
): Promise<{ whole: boolean; receipts: { path: string; bytes: Buffer }[] }> {
  return await withDatabase(config.postgres.url, async (database) => {
    const clock = createClock(systemClock)
    clock.setNtp(true)
    const log = pino({ level: 'silent' })
    const { key } = openHubKey(config.data, { mayMake: false })
    const members = await openMembers(database, log, clock.monotonicMs)
    const meters = createMeters(database, clock.monotonicMs)
    const photos = createCasePhotos(database)
    const receiver = createReceiver({
      ...{ database, clock, log, hubKey: key, meters, strangers: createStrangers(clock.monotonicMs) },
      ...{ publish: () => {}, photos },
    })
    const receipts: { path: string; bytes: Buffer }[] = []
    let whole = true
    for (const { path, bytes } of files) {
      try {
        const now = () => clock.read().at
        const imported = await importStick(bytes, {
          ...{ receiver, hubKey: key, isMember: members.has, now, photos },
          fold: (village) => foldVillage(database, village, folds),
        })
        await database.inTransaction((client) =>
          audit(client, {
            ...by,
            action: 'stick.imported',
            village: imported.village,
            data: { entries: imported.entries },
          }),
        )
        whole &&= imported.troubles.length === 0
        receipts.push({ path: join(dirname(path), imported.receipt.name), bytes: imported.receipt.file })
        say(describe(path, imported))
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        whole = false
        say(`${path}: not taken. ${error.message}\n`)
      }
    }
    await receiver.close()
    await meters.close()
    await members.settle()
    return { whole, receipts }
  })
}

const describe = (path: string, { village, entries, photos, troubles }: Imported): string =>
  [
    `${path}: village ${village}, ${[...sayNew(entries, photos)].join(', ') || 'nothing new'}.`,
    ...troubles.map(({ kind, code, message }) => `  ${kind === 'refused' ? `Refused (${code}): ${message}` : message}`),
    '',
  ].join('\n')

function* sayNew(entries: number, photos: number) {
  if (entries > 0) yield `${entries} new entries`
  if (photos > 0) yield `${photos} new photos of papers`
}

/** Beside the files, as the one who types. One that cannot be written is named: the stick may be write-protected. */
export function writeReceipts(receipts: readonly { path: string; bytes: Buffer }[], say: (line: string) => void): void {
  for (const { path, bytes } of receipts) {
    try {
      writeWhole(path, bytes)
      say(`${path}: the receipt. Bring it back to the office: on the stick in its box, or at /technician.\n`)
    } catch (error) {
      say(`${path}: the receipt could not be written (${(error as Error).message}). What was taken stays taken.\n`)
    }
  }
}
