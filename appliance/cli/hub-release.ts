import { type FileHandle, open } from 'node:fs/promises'
import type { Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import type { Database } from '../../regency/base/database.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import type { Published } from '../../regency/datasets/publishing.ts'
import { readBundle } from '../../regency/releases/bundle-file.ts'
import { storeFile } from '../../regency/releases/files.ts'
import { continueRelease, publishRelease, readRollout, stopRelease } from '../../regency/releases/rollout.ts'
import { systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { SystemFile } from '../wire/releases.ts'
import { askOnTerminal, readPlaces, readStage } from './hub-datasets.ts'

/* `balai hub release`: which system the boxes run that were written as an image. The hub may be running meanwhile. */

/** Bundles are opened by whoever types the command: they may be readable for nobody else. */
export const openBundles = (paths: readonly string[]): Promise<OpenBundle[]> =>
  Promise.all(paths.map(async (path) => ({ path, file: await open(path, 'r') })))
type OpenBundle = { path: string; file: FileHandle }

type Options = {
  to: string
  /** undefined: one village, or with `goOn` all of them. */
  stage: string | undefined
  note: string
  now: boolean
  yes: boolean
  goOn: boolean
  stop: boolean
  by: Doer
  /** Shows what goes out and answers whether it shall. */
  ask?: (shown: string) => Promise<boolean>
  /** Told how far a bundle has come into the database. */
  onProgress?: (line: string) => void
}

/**
 * Carries it out and answers what to print: with bundles a new release, without how the newest one goes. Closes the
 * bundles.
 */
export async function runRelease(bundles: readonly OpenBundle[], config: HubConfig, options: Options): Promise<string> {
  try {
    return await carryOut(bundles, config, options)
  } finally {
    for (const { file } of bundles) await file.close()
  }
}

async function carryOut(bundles: readonly OpenBundle[], config: HubConfig, options: Options): Promise<string> {
  const { to, stage, goOn, stop, by } = options
  const places = readPlaces(to)
  const chosen = stage === undefined ? undefined : readStage(stage)
  if (Number(goOn) + Number(stop) + Number(bundles.length > 0) > 1)
    throw new AppError('invalid', 'config', 'FILE, --go-on or --stop: one of them.')
  const files: SystemFile[] = []
  for (const { path, file } of bundles) files.push(await readBundle(path, file))
  assertOfEachKind(files)
  return await withDatabase(config.postgres.url, async (database) => {
    const now = systemClock.wall()
    if (stop) {
      const release = await database.inTransaction((client) => stopRelease(client, { now }, by))
      return `Release ${release} is offered to nobody any more. Boxes that have begun end what they began.\n`
    }
    if (goOn)
      return describe(
        await database.inTransaction((client) =>
          continueRelease(client, { stage: chosen ?? 'all', now, ...(to === 'all' ? {} : { places }) }, by),
        ),
      )
    if (files.length === 0) return await describeRollout(database)
    const shown = files.map(({ compatible, version, bytes }) => `${compatible}: ${version}, ${MB(bytes)} MB\n`).join('')
    if (!options.yes && !(await (options.ask ?? askOnTerminal)(shown))) return 'Nothing was published.\n'
    for (const [index, { file }] of bundles.entries()) {
      const one = files[index]
      if (one)
        await storeFile(database, file, one, (done) => options.onProgress?.(`${done} of ${one.parts.length} MiB kept`))
    }
    const published = await database.inTransaction((client) =>
      publishRelease(
        client,
        { files, when: options.now ? 'now' : 'night', places, stage: chosen ?? '1', note: options.note, now },
        by,
      ),
    )
    return `${options.yes ? shown : ''}${describe(published)}`
  })
}

const MB = (bytes: number): number => Math.ceil(bytes / 1_000_000)

function assertOfEachKind(files: readonly SystemFile[]): void {
  const twice = files.find(({ compatible }, index) => files.findIndex((one) => one.compatible === compatible) < index)
  if (twice)
    throw new AppError('invalid', 'releases.twice', `Two of these bundles are for ${twice.compatible}; one goes out.`)
}

function describe({ version, villages, of }: Published): string {
  const rest = of - villages.length
  return (
    `Release ${version} goes to ${villages.length} of ${of} villages.\n` +
    (rest > 0
      ? 'It goes on by itself when their boxes have run it for a day, and stops at the first that has trouble.\n'
      : '')
  )
}

async function describeRollout(database: Database): Promise<string> {
  const rollout = await database.withClient(readRollout)
  if (!rollout) return 'No system was ever published.\n'
  const { release, at, doer, versions, stage, stopped, offered, meant, done, passed, troubles } = rollout
  return [
    `Release ${release} of ${new Date(at).toISOString().slice(0, 10)} by ${doer}: ${versions.map(({ compatible, version }) => `${compatible} ${version}`).join(', ')}`,
    `stage ${stage}: offered to ${offered} of ${meant} villages, ${done} run it, ${passed} pass over it, ${offered - done - passed - troubles.length} to come`,
    ...troubles.map(({ village, outcome, reason }) => `  ${village} ${outcome}${reason ? `: ${reason}` : ''}`),
    ...(stopped
      ? [
          stopped.village === null
            ? 'It is stopped, by hand. On: balai hub release --go-on'
            : `It is stopped: ${stopped.village} ${stopped.why}. On, when that is understood: balai hub release --go-on`,
        ]
      : []),
    '',
  ].join('\n')
}
