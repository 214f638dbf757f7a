import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import { readVillageCode } from '../../regency/base/places.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { publishResidents, readRecipient } from '../../regency/datasets/residents.ts'
import { dateIn, systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { isDay } from '../base/time.ts'
import { inspectFile, readPeople, recognisedFields, saysWho } from '../imports/read-file.ts'
import { sealResidents } from '../wire/sealed-residents.ts'
import { askOnTerminal } from './hub-datasets.ts'

/* `balai hub publish residents`: a file of people, sealed here to the box of their village. The hub keeps it sealed only. */

/** What a file is, as the box will read it. `rows`: of people; `refused`, `asked`: those that a box will not take by itself. */
export type ResidentsFile = {
  source: string
  bytes: Buffer
  format: string
  sheet: string | null
  rows: number
  refused: number
  asked: number
  asOf: string
  mark: string | null
}

type Told = { village: string; asOf: string | undefined; mark: string | undefined; zone: string }

/**
 * Reads a file as the page of a village does, and keeps nobody of it. Throws what reading throws (`imports.…`), and
 * `imports.no-name` where no column is taken for a name.
 */
export async function readResidentsFile(path: string, { village, asOf, mark, zone }: Told): Promise<ResidentsFile> {
  const today = dateIn(zone, systemClock.wall())
  const day = asOf ?? today
  if (!isDay(day) || day > today)
    throw new AppError(
      'invalid',
      'hub.residents-day',
      `--as-of is "${day}"; allowed: a day that is not to come, 2026-11-30`,
    )
  if (mark !== undefined && (mark.trim() === '' || mark.length > 60))
    throw new AppError('invalid', 'hub.residents-mark', '--mark: allowed: the name of a programme, at most 60 letters')
  const inspection = await inspectFile(path)
  const { format, sheet } = inspection
  const fields = recognisedFields(inspection)
  if (format === 'aid' && mark === undefined && !Object.values(fields).includes('marks'))
    throw new AppError(
      'invalid',
      'hub.residents-mark',
      `${path} is a list of aid: say of which programme, --mark "PKH 2026"`,
    )
  if (!saysWho(fields, mark ?? null))
    throw new AppError(
      'invalid',
      'imports.no-name',
      `${path}: no column is known for the name; a box knows it by a heading like "Nama".`,
    )
  let refused = 0
  let asked = 0
  const { rows } = await readPeople(
    path,
    {
      ...{ format, sheet, fields, today, asOf: day, area: village.slice(0, 6) },
      ...(mark === undefined ? {} : { mark }),
    },
    async (parsed) => {
      for (const { problems } of parsed) {
        if (problems.some(({ severity }) => severity === 'refused')) refused++
        else if (problems.some(({ severity }) => severity === 'asked')) asked++
      }
    },
  )
  const source = basename(path).slice(0, 100)
  return { source, bytes: readFileSync(path), format, sheet, rows, refused, asked, asOf: day, mark: mark ?? null }
}

/** Seals it and gives it to the village; answers what to print. `ask` shows what goes out and answers whether it shall. */
export async function runResidents(
  file: ResidentsFile,
  config: HubConfig,
  {
    village,
    yes,
    by,
    ask = askOnTerminal,
  }: { village: string; yes: boolean; by: Doer; ask?: (shown: string) => Promise<boolean> },
): Promise<string> {
  return await withDatabase(config.postgres.url, async (database) => {
    const recipient = await database.withClient((client) => readRecipient(client, village))
    const shown = describe(file, village)
    if (!yes && !(await ask(shown))) return 'Nothing was published.\n'
    const { source, asOf, mark, bytes } = file
    const sealed = await sealResidents({ village, source, asOf, mark }, bytes, recipient)
    const given = { village, sealed, recipient, now: systemClock.wall() }
    const sent = await database.inTransaction((client) => publishResidents(client, given, by))
    const size = `${Math.ceil(sent.bytes / 1_000).toLocaleString('en')} kB`
    return `${yes ? shown : ''}residents version ${sent.version} goes to ${village}, sealed to its box (${size}).\n`
  })
}

/** No name of anybody, and no cell. */
function describe({ source, format, sheet, rows, refused, asked, asOf, mark }: ResidentsFile, village: string): string {
  const what = [`${source}: ${format}`, sheet && `sheet ${sheet}`, `${rows} people as of ${asOf}`, mark && `of ${mark}`]
  const waits = refused + asked
  return (
    `${what.filter(Boolean).join(', ')}, for ${village}\n` +
    (waits > 0
      ? `${refused} rows are refused and ${asked} have to be decided: at the box it waits for secretary or head.\n`
      : 'Every row is clear by itself: the box uses it at once, unless it knows somebody otherwise.\n')
  )
}

/** The one village of `--to`. */
export function readOneVillage(to: string): string {
  if (to !== 'all' && !to.includes(',')) return readVillageCode(to)
  throw new AppError(
    'invalid',
    'hub.village',
    'Residents are of one village: balai hub publish residents FILE --to 35.10.24.2008',
  )
}
