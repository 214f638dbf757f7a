import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { isMounted } from '../backup/files.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { createChainIndex } from '../base/journal/chain-index.ts'
import { databasePath } from '../base/store/folder.ts'
import { openForReading } from '../base/store/reading.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { createSentPhotos } from '../cases/sent-photos-table.ts'
import { readBoxConfig } from '../config.ts'
import { readHardware } from '../health/readings.ts'
import { collectBatches } from '../relay/carried-batches.ts'
import { receiptFolder } from '../stick/stick.ts'
import { findReceipts, writeToFolder } from '../stick/stick-folder.ts'
import { packStick, readReceipt } from '../wire/stick-file.ts'
import { becomeOwner, type Command, configHelp, configPath } from './command.ts'

export const exportCommand: Command = {
  summary: 'carry what the regency has not got by a stick',
  help: `balai export [--to FOLDER] [--config balai.toml]
balai export --receipt FILE|FOLDER [--config balai.toml]

Where the line is away for long: writes all that the regency has not confirmed
into one file, sealed to its hub, and BACA.txt, which says what the file is. The
box may be running. At the regency: balai hub import FOLDER, or the page Stik of
the console; the receipt that it writes is brought back.

${configHelp('balai.toml')}
  --to FOLDER     where to (default: the USB stick in this box)
  --receipt FILE|FOLDER
                  take the regency's receipt. The running box does so within a
                  minute; of a stick that is plugged into it by itself
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, to: { type: 'string' }, receipt: { type: 'string' } },
    })
    const {
      data,
      village,
      name,
      hub_key: hub,
      backup_stick: stick,
    } = readBoxConfig(configPath('balai.toml', values.config))
    if (!hub)
      throw new AppError('conflict', 'stick.no-hub', 'This box does not know the key of a hub: it is not enrolled.')
    if (values.receipt !== undefined) return takeReceipts(values.receipt, { data, village, hub })
    const folder = values.to ?? stick
    if (values.to === undefined && !isMounted(stick))
      throw new AppError(
        'conflict',
        'stick.none',
        `No stick is mounted at ${stick}. Plug one in, or name a folder: --to`,
      )
    if (values.to !== undefined && !existsSync(folder))
      throw new AppError('not-found', 'stick.absent', `${folder} is not there.`)
    if (values.to === undefined) becomeOwner(data)
    const db = openForReading(databasePath(data))
    try {
      const acked = db.prepare<{ epoch: string }, number>('SELECT seq FROM cursor WHERE epoch = @epoch').pluck()
      const identity = openIdentity(data, readHardware())
      const carried = collectBatches({
        ...{ village, places: createChainIndex(db), identity },
        acked: (epoch) => acked.get({ epoch }) ?? 0,
        files: createSentPhotos(db),
      })
      if (carried.entries + carried.files === 0) {
        process.stdout.write('The regency has confirmed everything: there is nothing to carry.\n')
        return exitCode.ok
      }
      const at = systemClock.wall()
      const file = await packStick({ village, box: identity.box, at }, hub, carried.frames)
      const written = writeToFolder(folder, { name, village }, at, file)
      const photos = carried.files > 0 ? `, ${carried.files} photos of papers` : ''
      const rest = carried.rest ? ' More did not fit: again once this one’s receipt is in.' : ''
      process.stdout.write(
        `${join(folder, written)}: ${carried.entries} entries${photos}, ${Math.ceil(file.length / 1_000)} kB.${rest}\n`,
      )
      if (!carried.damaged) return exitCode.ok
      process.stderr.write('An entry does not verify: what stands behind it stays here. See: balai doctor\n')
      return exitCode.failed
    } finally {
      db.close()
    }
  },
}

/** Each is checked here, so that whoever types hears what is wrong; the running box takes it. */
function takeReceipts(place: string, { data, village, hub }: { data: string; village: string; hub: string }): number {
  if (!existsSync(place)) throw new AppError('not-found', 'stick.absent', `${place} is not there.`)
  const paths = statSync(place).isDirectory() ? findReceipts(place, village).map(({ path }) => path) : [place]
  if (paths.length === 0)
    throw new AppError('not-found', 'stick.absent', `${place} has no receipt for ${village}: terima-${village}-….balai`)
  const files = paths.map((path) => ({ path, bytes: readFileSync(path) }))
  for (const { bytes } of files) readReceipt(bytes, { village, hub })
  becomeOwner(data)
  mkdirSync(receiptFolder(data), { recursive: true, mode: 0o700 })
  for (const { path, bytes } of files) {
    writeWhole(join(receiptFolder(data), nameFor(path, village)), bytes)
    process.stdout.write(`${path}: the box takes it within a minute, or at its next start.\n`)
  }
  return exitCode.ok
}

/** By the name that the box looks for, whatever somebody called it. */
const nameFor = (path: string, village: string): string =>
  basename(path).startsWith(`terima-${village}-`) ? basename(path) : `terima-${village}-${basename(path)}.balai`
