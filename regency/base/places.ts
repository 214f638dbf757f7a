import { AppError } from '../../appliance/base/errors.ts'
import type { Client } from './database.ts'

/** The whole regency, some districts (six digits), or some villages (ten digits). */
export type Places = 'all' | { districts: readonly string[] } | { villages: readonly string[] }

/** Those of the code table today. Throws `places.nowhere` for a code that it does not have, or where none is meant. */
export async function readVillages(client: Client, places: Places): Promise<string[]> {
  const { rows } = await client.query<{ village: string }>(
    'SELECT village FROM village WHERE valid_to IS NULL ORDER BY village',
  )
  const known = rows.map(({ village }) => village)
  const nowhere = (what: string) =>
    new AppError('invalid', 'places.nowhere', `${what} is not in villages.csv.`, { place: what })
  if (places === 'all') {
    if (known.length === 0) throw nowhere('A village')
    return known
  }
  const codes = 'districts' in places ? places.districts : places.villages
  const strange = codes.find((code) => !known.some((village) => village.startsWith(code)))
  if (strange !== undefined || codes.length === 0) throw nowhere(strange ?? 'No village')
  return known.filter((village) => codes.some((code) => village.startsWith(code)))
}

/** `all`, or codes of districts (six digits) or villages (ten), with dots or without, with commas between. Throws `places.malformed`. */
export function parsePlaces(text: string): Places {
  if (text.trim() === 'all') return 'all'
  const codes = text.split(',').map((code) => code.trim().replaceAll('.', ''))
  if (codes.every((code) => /^[0-9]{10}$/.test(code))) return { villages: codes }
  if (codes.every((code) => /^[0-9]{6}$/.test(code))) return { districts: codes }
  throw new AppError(
    'invalid',
    'places.malformed',
    `"${text}" names no places; allowed: all, or codes of districts (six digits) or of villages (ten digits), with commas between`,
  )
}

/** One village, as somebody types it: ten digits, with dots or without. Throws `hub.village`. */
export function readVillageCode(text = ''): string {
  const code = text.replaceAll('.', '')
  if (/^[0-9]{10}$/.test(code)) return code
  throw new AppError(
    'invalid',
    'hub.village',
    text === ''
      ? 'Name a village by its code: 35.10.24.2008'
      : `"${text}" is no village code: ten digits, as in 35.10.24.2008.`,
  )
}
