import type { CsvTable } from '../../appliance/base/csv.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { findNetworkMistakes, type NetworkSettings } from '../../appliance/wire/network-settings.ts'
import { checkVillages, readVillages, type VillageRow } from '../../regency/base/villages.ts'

export type Office = VillageRow & { network: NetworkSettings }

/**
 * The offices of a villages.csv: the hub’s table, which may have the columns address, gateway, dns, wifi, wifi_password
 * and apn besides. Throws one AppError (`config`) that names every mistake, with `name` as the file’s name.
 */
export function parseOffices(csv: Uint8Array | string, name: string): Office[] {
  const table = readVillages(csv)
  const { rows, problems } = checkVillages(table)
  const cells = new Map(table.rows.map((row) => [row.line, row.cell]))
  const offices = rows.map(({ line, village }) => {
    const network = readNetwork(cells.get(line) ?? (() => ''))
    problems.push(
      ...findNetworkMistakes(network).map(
        ({ field, problem, allowed }) => `line ${line}: ${field} ${problem}; allowed: ${allowed}`,
      ),
    )
    return { ...village, network }
  })
  if (problems.length === 0 && offices.length === 0) problems.push('line 2: no village stands there')
  if (problems.length === 0) return offices
  const byLine = problems.sort((a, b) => lineOf(a) - lineOf(b)).map((text) => `${name}: ${text}`)
  throw new AppError('invalid', 'config', byLine.join('\n'), { mistakes: problems.length })
}

const lineOf = (problem: string) => Number(/^line (\d+)/.exec(problem)?.[1])

function readNetwork(cell: CsvTable['rows'][number]['cell']): NetworkSettings {
  const dns = cell('dns').split(/[ ;]+/).filter(Boolean)
  const [address, gateway, wifi, password, apn] = ['address', 'gateway', 'wifi', 'wifi_password', 'apn'].map(cell)
  return {
    ...(address ? { address } : {}),
    ...(gateway ? { gateway } : {}),
    ...(dns.length > 0 ? { dns } : {}),
    ...(wifi || password ? { wifi: { name: wifi ?? '', ...(password ? { password } : {}) } } : {}),
    ...(apn ? { apn } : {}),
  }
}
