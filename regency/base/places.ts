import { AppError } from '../../appliance/base/errors.ts'
import type { Client } from './database.ts'

/** The whole regency, some districts (six digits), or some villages (ten digits). */
export type Places = 'all' | { districts: readonly string[] } | { villages: readonly string[] }

/** Those of the code table today. Throws `datasets.nowhere` for a code that it does not have, or where none is meant. */
export async function readVillages(client: Client, places: Places): Promise<string[]> {
  const { rows } = await client.query<{ village: string }>(
    'SELECT village FROM village WHERE valid_to IS NULL ORDER BY village',
  )
  const known = rows.map(({ village }) => village)
  const nowhere = (what: string) =>
    new AppError('invalid', 'datasets.nowhere', `${what} is not in villages.csv.`, { place: what })
  if (places === 'all') {
    if (known.length === 0) throw nowhere('A village')
    return known
  }
  const codes = 'districts' in places ? places.districts : places.villages
  const strange = codes.find((code) => !known.some((village) => village.startsWith(code)))
  if (strange !== undefined || codes.length === 0) throw nowhere(strange ?? 'No village')
  return known.filter((village) => codes.some((code) => village.startsWith(code)))
}
