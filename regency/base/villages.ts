import { type CsvTable, readCsv } from '../../appliance/base/csv.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { lengthOf } from '../../appliance/base/tidy-text.ts'
import { audit, type Doer, hubItself } from './audit.ts'
import type { Database } from './database.ts'

export type VillageRow = {
  village: string
  kind: 'desa' | 'kelurahan'
  name: string
  district_code: string
  district: string
}

const columns = ['code', 'kind', 'name', 'district_code', 'district'] as const
/** What an office’s row may say of its network besides; the hub has no use for it, and reads the same file. */
export const networkColumns = ['address', 'gateway', 'dns', 'wifi', 'wifi_password', 'apn'] as const

/** Whom to call, and where the evening summary goes, where the file says it. */
export const contactColumns = ['contact', 'phone', 'technician', 'technician_phone', 'email'] as const

/** The table in a villages.csv, whoever reads it. */
export const readVillages = (csv: Uint8Array | string): CsvTable =>
  readCsv(csv, [...columns, ...contactColumns, ...networkColumns])

/**
 * The regency’s code table: a CSV with the columns code, kind, name, district_code and district, codes with dots
 * (35.10.01.2001) or without. Throws one AppError (`config`) that names every mistake in it.
 */
export function parseVillages(csv: Uint8Array | string): VillageRow[] {
  const { rows, problems } = checkVillages(readVillages(csv))
  if (problems.length > 0) throw configError(problems)
  return rows.map(({ village }) => village)
}

/** The villages of a table, each with its line, and all that is wrong with it; further columns are the caller’s. */
export function checkVillages(table: CsvTable): { rows: { line: number; village: VillageRow }[]; problems: string[] } {
  const problems = table.problems.map(({ text }) => text)
  const missing = columns.filter((column) => !table.columns.includes(column))
  if (missing.length > 0) {
    // A file that is no table has said so already.
    if (table.columns.length > 0 || problems.length === 0)
      problems.unshift(`line 1: lacks the columns ${missing.join(', ')}; needed: ${columns.join(', ')}`)
    return { rows: [], problems }
  }
  const firstLine = new Map<string, number>()
  const rows = table.rows.map(({ line, cell }) => {
    const village = cell('code').replaceAll('.', '')
    const kind = cell('kind').toLowerCase() as VillageRow['kind']
    const district_code = cell('district_code').replaceAll('.', '')
    const row = { village, kind, name: cell('name'), district_code, district: cell('district') }
    const twice = firstLine.get(village)
    problems.push(...[...findMistakes(row, cell)].map((mistake) => `line ${line}: ${mistake}`))
    if (twice) problems.push(`line ${line}: ${village} stands there twice, first in line ${twice}`)
    else firstLine.set(village, line)
    return { line, village: row }
  })
  return { rows, problems }
}

/** What is wrong with one row. */
function* findMistakes({ village, kind, name, district_code, district }: VillageRow, cell: (column: string) => string) {
  if (!/^([0-9]{10}|[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})$/.test(cell('code')))
    yield `code is "${cell('code')}"; allowed: ten digits, 35.10.01.2001`
  else if (district_code !== village.slice(0, 6))
    yield `district_code is "${cell('district_code')}"; allowed: the first six digits of the code`
  if (kind !== 'desa' && kind !== 'kelurahan') yield `kind is "${kind}"; allowed: desa, kelurahan`
  if (!isName(name)) yield `name is "${name}"; allowed: 1 to 50 letters`
  if (!isName(district)) yield `district is "${district}"; allowed: 1 to 50 letters`
  const email = cell('email')
  if (email !== '' && !/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/.test(email))
    yield `email is "${email}"; allowed: one address, kantor@desa.example.id`
  for (const column of contactColumns) {
    const text = cell(column)
    if (column.endsWith('phone') ? !isPhone(text) : lengthOf(text) > 80)
      yield `${column} is "${text}"; allowed: ${column.endsWith('phone') ? 'digits, +62 812 3456 7890' : 'at most 80 letters'}`
  }
}

const isPhone = (text: string) => text === '' || /^\+?[0-9 ()-]{5,20}$/.test(text)

/** balai.toml takes 60, with the kind before it. */
const isName = (text: string) => text !== '' && lengthOf(text) <= 50 && !/\p{Cc}/u.test(text)

const configError = (problems: readonly string[]) =>
  new AppError('invalid', 'config', problems.map((text) => `villages: ${text}`).join('\n'), {
    mistakes: problems.length,
  })

/**
 * Brings the code table to what the file says today. A village whose row changed or is gone keeps its old row with the
 * day on which it ended: entries keep the code under which they were written (F45). AppError `config` when other than
 * `drop` villages would be gone: a file of one heading line must not end a regency (N17). Answers what changed.
 * `difference`: a line for each village that is new, changed or ended.
 */
export async function loadVillages(
  database: Database,
  rows: readonly VillageRow[],
  today: string,
  { drop = 0, by = hubItself }: { drop?: number; by?: Doer } = {},
): Promise<{ added: number; changed: number; ended: string[]; difference: string[] }> {
  return database.inTransaction(async (client) => {
    await client.query('LOCK TABLE village IN EXCLUSIVE MODE')
    const before = await client.query<VillageRow>(
      'SELECT village, kind, name, district_code, district FROM village WHERE valid_to IS NULL ORDER BY village',
    )
    const codes = new Set(rows.map(({ village }) => village))
    const ended = before.rows.filter(({ village }) => !codes.has(village))
    if (ended.length !== drop) throw wouldEnd(ended, drop)
    const { rowCount: closed } = await client.query(endChanged, [JSON.stringify(rows), today])
    const { rowCount: opened } = await client.query(insertNew, [JSON.stringify(rows), today])
    const changed = (closed ?? 0) - ended.length
    const added = (opened ?? 0) - changed
    if (closed || opened) {
      const data = { added, changed, ended: ended.length }
      await audit(client, { ...by, action: 'villages.changed', data })
    }
    const difference = describeDifference(before.rows, rows)
    return { added, changed, ended: ended.map(({ village }) => village), difference }
  })
}

/** `+ 3510012001 Sarongan`, `~ 3510012001 Sarongan: name Sarongan → Sumberagung`, `- …`, in the order of the codes. */
function describeDifference(before: readonly VillageRow[], after: readonly VillageRow[]): string[] {
  const was = new Map(before.map((row) => [row.village, row]))
  const is = new Map(after.map((row) => [row.village, row]))
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((village) => {
    const [old, now] = [was.get(village), is.get(village)]
    if (!old) return [`+ ${village} ${now?.name}`]
    if (!now) return [`- ${village} ${old.name}`]
    const changes = columns.flatMap((column) => {
      const member = column === 'code' ? 'village' : column
      return old[member] === now[member] ? [] : [`${column} ${old[member]} → ${now[member]}`]
    })
    return changes.length > 0 ? [`~ ${village} ${old.name}: ${changes.join(', ')}`] : []
  })
}

function wouldEnd(ended: readonly VillageRow[], drop: number): AppError {
  const named = ended.slice(0, 5).map(({ village, name }) => `${village} ${name}`)
  const list =
    ended.length > named.length ? `${named.join(', ')} and ${ended.length - named.length} more` : named.join(', ')
  const message =
    ended.length === 0
      ? `villages: --drop ${drop} was said, and no village is missing in the file.`
      : `villages: ${ended.length} villages stand in the database and not in the file, and would end: ${list}. Is the file whole? If they are to end: balai hub villages --drop ${ended.length}`
  return new AppError('invalid', 'config', message, { ended: ended.length })
}

const given = 'json_to_recordset($1) AS given (village text, kind text, name text, district_code text, district text)'

const endChanged = `
  UPDATE village v
  SET valid_to = $2
  WHERE v.valid_to IS NULL AND NOT EXISTS (
    SELECT 1
    FROM ${given}
    WHERE (given.village, given.kind, given.name, given.district_code, given.district)
      = (v.village, v.kind, v.name, v.district_code, v.district)
  )`

/** Two changes on one day: the second replaces the first. */
const insertNew = `
  INSERT INTO village (village, kind, name, district_code, district, valid_from)
  SELECT given.village, given.kind, given.name, given.district_code, given.district, $2
  FROM ${given}
  WHERE NOT EXISTS (SELECT 1 FROM village v WHERE v.village = given.village AND v.valid_to IS NULL)
  ON CONFLICT (village, valid_from) DO UPDATE
  SET kind = excluded.kind, name = excluded.name, district_code = excluded.district_code, district = excluded.district, valid_to = NULL`
