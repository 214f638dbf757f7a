import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { folderOf } from '../../appliance/base/program-files.ts'
import { publicKeyOf, readPrivateKey } from '../../appliance/wire/sign.ts'
import { districtOf } from '../../appliance/wire/topics.ts'
import type { HubConfig } from '../base/config.ts'
import { checkVillages, readVillages, type VillageRow } from '../base/villages.ts'
import type { CertificateReading, DistrictsReading, KeyReading, VillagesReading } from './checks.ts'

/* What `balai hub doctor` reads on the hub's machine. Each reading fails alone, and changes nothing. */

/** The certificates that hub.toml names, and the authorities. */
export function readCertificates({ mqtt, console: page, authority }: HubConfig): CertificateReading[] {
  const files: [CertificateReading['use'], string | undefined][] = [
    ['hub', mqtt.cert],
    ['ca', mqtt.ca],
    ['console', page.cert],
    ['issuing', authority && join(authority, 'issuing-ca.pem')],
    ['lan', authority && join(authority, 'lan-ca.pem')],
  ]
  return files.flatMap(([use, file]): CertificateReading[] => {
    if (file === undefined) return []
    try {
      return [{ use, endsAt: new X509Certificate(readFileSync(file)).validToDate.getTime(), reason: '' }]
    } catch (error) {
      return [{ use, endsAt: null, reason: `${file}: ${(error as Error).message}` }]
    }
  })
}

/** hub-key.pem, against what `balai hub init` has noted beside hub.toml. */
export function readHubKey({ data, authority }: HubConfig, configFile: string): KeyReading {
  const path = join(data, 'hub-key.pem')
  const noted = join(dirname(configFile), 'hub-key.pub')
  if (!existsSync(path)) return { state: authority === undefined ? 'may-make' : 'absent', path, key: '' }
  try {
    const key = publicKeyOf(readPrivateKey(readFileSync(path, 'utf8')))
    if (existsSync(noted) && readFileSync(noted, 'utf8').trim() !== key) return { state: 'other', path, key }
    return { state: (statSync(path).mode & 0o077) === 0 ? 'good' : 'open', path, key }
  } catch {
    return { state: 'unread', path, key: '' }
  }
}

/** When the file was last touched, ms since 1970 UTC; null: it is not there, or none is named. */
export function readTouched(stamp: string | undefined): number | null {
  try {
    return stamp === undefined ? null : statSync(stamp).mtimeMs
  } catch {
    return null
  }
}

/** What dashboard and alert rules ask of the hub, by name. */
export function readAskedMetrics(): string[] {
  // The packed file system gives names only.
  const files = (['dashboards', 'alertRules'] as const).flatMap((name) =>
    readdirSync(folderOf(name))
      .filter((file) => /\.json$|\.rules\.yml$/.test(file))
      .map((file) => join(folderOf(name), file)),
  )
  const named = files.flatMap((path) => readFileSync(path, 'utf8').match(/\bbalai_(?:hub|village)_[a-z_]+\b/g) ?? [])
  return [...new Set(named)].sort()
}

/** What only the database tells; null where it has no tables yet. */
export type TableReading = {
  villages: VillageRow[]
  /** Villages of which any hub has heard. */
  heard: string[]
  accounts: { open: number; administrators: number }
  alarms: { code: string; details: Record<string, string | number> }[]
}

/** Throws what PostgreSQL throws: `tryDatabase` has said whether it can be asked. */
export async function readTables(url: string): Promise<TableReading | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 10_000 })
  client.on('error', () => {}) // what failed is what the question throws
  try {
    await client.connect()
    const { rows: found } = await client.query<{ is: boolean }>(
      `SELECT to_regclass('village') IS NOT NULL AND to_regclass('account') IS NOT NULL AND to_regclass('alarm') IS NOT NULL AS is`,
    )
    if (!found[0]?.is) return null
    const { rows: villages } = await client.query<VillageRow>(
      'SELECT village, kind, name, district_code, district FROM village WHERE valid_to IS NULL',
    )
    const { rows: heard } = await client.query<{ village: string }>('SELECT village FROM contact')
    const { rows: accounts } = await client.query<{ open: number; administrators: number }>(
      `SELECT count(*)::int AS open, (count(*) FILTER (WHERE role = 'administrator'))::int AS administrators
       FROM account
       WHERE closed_at IS NULL`,
    )
    const { rows: alarms } = await client.query<TableReading['alarms'][number]>(
      `SELECT code, coalesce(details, '{}') AS details FROM alarm WHERE village = '' ORDER BY since`,
    )
    return {
      ...{ villages, alarms, heard: heard.map(({ village }) => village) },
      accounts: accounts[0] ?? { open: 0, administrators: 0 },
    }
  } finally {
    void client.end().catch(() => {})
  }
}

/** villages.csv, and how the database's table differs from it. */
export function compareVillages(
  csv: Uint8Array,
  table: TableReading | null,
): { reading: VillagesReading; rows: VillageRow[] } {
  const { rows: checked, problems } = checkVillages(readVillages(csv))
  const rows = checked.map(({ village }) => village)
  // An empty table is one of a hub that was never started: everything in it would be new.
  if (!table || table.villages.length === 0)
    return { reading: { villages: rows.length, problems, difference: null }, rows }
  const before = new Map(table.villages.map((row) => [row.village, JSON.stringify(wordsOf(row))]))
  const known = rows.filter(({ village }) => before.has(village))
  const difference = {
    added: rows.length - known.length,
    changed: known.filter((row) => before.get(row.village) !== JSON.stringify(wordsOf(row))).length,
    ended: table.villages.filter(({ village }) => !rows.some((row) => row.village === village)).length,
  }
  return { reading: { villages: rows.length, problems, difference }, rows }
}

const wordsOf = ({ kind, name, district_code, district }: VillageRow) => [kind, name, district_code, district]

/** Districts of hub.toml against those of villages.csv, and of those that another hub should serve. */
export function findDistricts(
  mine: readonly string[] | undefined,
  rows: readonly VillageRow[],
  heard: readonly string[],
): DistrictsReading {
  if (!mine) return { unknown: [], unserved: [] }
  const all = new Set(rows.map(({ district_code }) => district_code))
  const answered = new Set(heard.map(districtOf))
  return {
    unknown: mine.filter((code) => !all.has(code)),
    unserved: [...all].filter((code) => !mine.includes(code) && !answered.has(code)).sort(),
  }
}
