import { AppError } from '../appliance/errors.ts'
import type { Database } from './database.ts'

export type VillageRow = {
  village: string
  kind: 'desa' | 'kelurahan'
  name: string
  district_code: string
  district: string
}

const columns = ['code', 'kind', 'name', 'district_code', 'district'] as const

/**
 * The regency's code table: a CSV with the columns code, kind, name, district_code and district, codes with dots
 * (35.10.01.2001) or without. Throws one AppError (`config`) that names every line it cannot take.
 */
export function parseVillages(csv: string): VillageRow[] {
  const [header = '', ...lines] = csv
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const names = splitLine(header).map((name) => name.trim().toLowerCase())
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0)
    throw configError([`line 1: lacks the columns ${missing.join(', ')}; allowed: ${columns.join(', ')}`])

  const problems: string[] = []
  const rows = new Map<string, VillageRow>()
  lines.forEach((line, index) => {
    const cells = splitLine(line)
    const cell = (column: (typeof columns)[number]) => (cells[names.indexOf(column)] ?? '').trim()
    const village = cell('code').replaceAll('.', '')
    const kind = cell('kind').toLowerCase()
    const district_code = cell('district_code').replaceAll('.', '')
    const where = `line ${index + 2}: `
    if (!/^[0-9]{10}$/.test(village))
      problems.push(`${where}code is "${cell('code')}"; allowed: ten digits, 35.10.01.2001`)
    else if (kind !== 'desa' && kind !== 'kelurahan')
      problems.push(`${where}kind is "${kind}"; allowed: desa, kelurahan`)
    else if (district_code !== village.slice(0, 6))
      problems.push(`${where}district_code is "${cell('district_code')}"; allowed: the first six digits of the code`)
    else if (!cell('name') || !cell('district')) problems.push(`${where}name or district is empty`)
    else if (rows.has(village)) problems.push(`${where}${village} stands there twice`)
    else rows.set(village, { village, kind, name: cell('name'), district_code, district: cell('district') })
  })
  if (problems.length > 0) throw configError(problems)
  return [...rows.values()]
}

/** One line of a CSV; a cell may stand in double quotes, and a doubled one in it is one. */
function splitLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

const configError = (problems: readonly string[]) =>
  new AppError('invalid', 'config', problems.map((text) => `villages: ${text}`).join('\n'), {
    mistakes: problems.length,
  })

/**
 * Brings the code table to what the file says today. A village whose row changed or is gone keeps its old row with the
 * day on which it ended: entries keep the code under which they were written (F45).
 */
export async function loadVillages(database: Database, rows: readonly VillageRow[], today: string): Promise<void> {
  await database.inTransaction(async (client) => {
    await client.query('LOCK TABLE village IN EXCLUSIVE MODE')
    await client.query(endChanged, [JSON.stringify(rows), today])
    await client.query(insertNew, [JSON.stringify(rows), today])
  })
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
