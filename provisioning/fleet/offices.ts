import { isIP } from 'node:net'
import type { CsvTable } from '../../appliance/base/csv.ts'
import { AppError } from '../../appliance/base/errors.ts'
import type { NetworkSettings } from '../../appliance/wire/enrolment.ts'
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
    problems.push(...[...findMistakes(network)].map((mistake) => `line ${line}: ${mistake}`))
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

function* findMistakes({ address, gateway, dns, wifi, apn }: NetworkSettings): Generator<string> {
  if (address && !isInterface(address)) yield `address is "${address}"; allowed: 192.168.1.10/24`
  if (address && !gateway) yield 'gateway is missing; allowed: the router’s address, 192.168.1.1'
  if (gateway && !isIP(gateway)) yield `gateway is "${gateway}"; allowed: the router’s address, 192.168.1.1`
  if (gateway && !address) yield 'gateway stands without address; allowed: both, or neither for DHCP'
  for (const server of dns ?? []) {
    if (!isIP(server)) yield `dns is "${server}"; allowed: addresses with spaces between, 1.1.1.1 8.8.8.8`
  }
  const nameBytes = Buffer.byteLength(wifi?.name ?? '')
  if (wifi && (nameBytes < 1 || nameBytes > 32)) yield 'wifi is empty or too long; allowed: 1 to 32 bytes'
  // Not repeated: what is wrong with a password is no business of a log.
  if (wifi?.password && !/^[ -~]{8,63}$/.test(wifi.password))
    yield 'wifi_password cannot be one; allowed: 8 to 63 characters of ASCII'
  if (apn && !/^[A-Za-z0-9.-]{1,63}$/.test(apn)) yield `apn is "${apn}"; allowed: letters, digits, dots, dashes`
}

function isInterface(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/')
  const version = isIP(address)
  return version !== 0 && rest.length === 0 && /^[0-9]+$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)
}
