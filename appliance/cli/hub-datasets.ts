import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import type { Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import type { Database } from '../../regency/base/database.ts'
import type { Places } from '../../regency/base/places.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { findDifferences, printDifferences } from '../../regency/datasets/differences.ts'
import {
  extend,
  type Published,
  publish,
  readNewest,
  rollBack,
  type Stage,
  stages,
} from '../../regency/datasets/publishing.ts'
import { readDatasetFile } from '../../regency/datasets/read-file.ts'
import { listResidents } from '../../regency/datasets/residents.ts'
import { listStanding } from '../../regency/datasets/standing.ts'
import { systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { isWrittenDataset, type WrittenDataset, writtenDatasets } from '../wire/datasets.ts'

/* `balai hub publish`, `take-back` and `datasets`: what the regency sends down. The hub may be running meanwhile. */

export const datasetActions = ['publish', 'take-back', 'datasets'] as const
export type DatasetAction = (typeof datasetActions)[number]

export type DatasetOptions = {
  to: string
  stage: string
  note: string
  yes: boolean
  /** The file's content, where it was read already. */
  bytes?: Uint8Array | undefined
}

/** Carries it out and answers what to print. `ask` shows what changes and answers whether it goes out. */
export async function runDatasetAction(
  action: DatasetAction,
  [dataset = '', file]: string[],
  config: HubConfig,
  {
    to,
    stage,
    note,
    yes,
    bytes,
    by,
    ask = askOnTerminal,
  }: DatasetOptions & { by: Doer; ask?: (shown: string) => Promise<boolean> },
): Promise<string> {
  if (action !== 'datasets') assertName(dataset)
  const places = readPlaces(to)
  const how = readStage(stage)
  // Before anything is asked of PostgreSQL: whoever mistyped hears of it at once.
  const content = action === 'publish' && file !== undefined ? readFile(dataset as WrittenDataset, file, bytes) : null
  return await withDatabase(config.postgres.url, async (database) => {
    if (action === 'datasets') return await describeStanding(database)
    const name = dataset as WrittenDataset
    if (action === 'take-back')
      return describe(
        await database.inTransaction((client) => rollBack(client, { dataset: name, now: systemClock.wall() }, by)),
      )
    if (!content)
      return describe(
        await database.inTransaction((client) => extend(client, { dataset: name, places, stage: how }, by)),
        to,
      )
    const newest = await database.withClient((client) => readNewest(client, name))
    const shown = `${newest ? `Against version ${newest.version}:` : `The first version of ${name}:`}\n${printDifferences(findDifferences(name, newest?.content ?? null, content.content))}\n`
    if (!yes && !(await ask(shown))) return 'Nothing was published.\n'
    const given = {
      dataset: name,
      content: content.content,
      places,
      stage: how,
      expected: newest?.version ?? null,
      note,
      now: systemClock.wall(),
    }
    return `${yes ? shown : ''}${describe(await database.inTransaction((client) => publish(client, given, by)), to)}`
  })
}

function assertName(dataset: string): void {
  if (!isWrittenDataset(dataset))
    throw new AppError(
      'invalid',
      'datasets.unknown',
      dataset === 'residents'
        ? 'Residents are taken back at the box, on its page of imports.'
        : `There is no dataset "${dataset}". There are: ${writtenDatasets.join(', ')}, residents`,
    )
}

function readFile(dataset: WrittenDataset, path: string, bytes: Uint8Array = readFileSync(path)): { content: unknown } {
  const { content, problems } = readDatasetFile(dataset, bytes)
  if (problems.length > 0)
    throw new AppError(
      'invalid',
      'datasets.file',
      `${path}\n${problems.map(({ text }) => `  ${text}`).join('\n')}\nNothing was published.`,
    )
  return { content }
}

/** `all`, or codes of districts (six digits) or villages (ten), with dots or without, separated by commas. */
export function readPlaces(to: string): Places {
  if (to === 'all') return 'all'
  const codes = to.split(',').map((code) => code.trim().replaceAll('.', ''))
  if (codes.every((code) => /^[0-9]{10}$/.test(code))) return { villages: codes }
  if (codes.every((code) => /^[0-9]{6}$/.test(code))) return { districts: codes }
  throw new AppError(
    'invalid',
    'datasets.places',
    `--to is "${to}"; allowed: all, or codes of districts (six digits) or of villages (ten digits), with commas between`,
  )
}

export function readStage(stage: string): Stage {
  if (!Object.hasOwn(stages, stage))
    throw new AppError('invalid', 'datasets.stage', `--stage is "${stage}"; allowed: ${Object.keys(stages).join(', ')}`)
  return stage as Stage
}

function describe({ dataset, version, villages, of }: Published, to = 'all'): string {
  const rest = of - villages.length
  return (
    `${dataset} version ${version} goes to ${villages.length} of ${of} villages.\n` +
    (rest > 0 ? `When it has shown to be good: balai hub publish ${dataset} --to ${to} --stage all\n` : '')
  )
}

async function describeStanding(database: Database): Promise<string> {
  const rows = await listStanding(database)
  const lines = rows.flatMap(({ dataset, newest }) => {
    if (!newest) return []
    const { version, at, doer, offered, have, troubles } = newest
    return (
      `${dataset.padEnd(12)} version ${version} of ${new Date(at).toISOString().slice(0, 10)} by ${doer}: offered to ${offered}, ${have} have it\n` +
      troubles.map(({ village, why }) => `  ${village} does not take it: ${why}\n`).join('')
    )
  })
  const residents = (await listResidents(database)).map(
    ({ village, version, at, doer, said }) =>
      `residents    version ${version} of ${new Date(at).toISOString().slice(0, 10)} by ${doer}: ${village} ${describeSaid(said)}\n`,
  )
  return [...lines, ...residents].join('') || 'Nothing was ever published.\n'
}

function describeSaid(said: string | null): string {
  if (said === null) return 'has not read it yet'
  return said === 'read' ? 'has read it' : `does not take it: ${said}`
}

export async function askOnTerminal(shown: string): Promise<boolean> {
  process.stdout.write(shown)
  if (!process.stdin.isTTY)
    throw new AppError(
      'invalid',
      'datasets.unasked',
      'Nobody is there to ask; publish with --yes when this is what shall go out.',
    )
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await lines.question('Publish? [y/N] ')).trim())
  } finally {
    lines.close()
  }
}
