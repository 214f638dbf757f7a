import { compileLater } from '../base/compile-later.ts'
import { isDay } from '../base/time.ts'
import { checkNik } from '../residents/nik.ts'
import { Changes } from './views.ts'

const schema = compileLater(Changes)
const days = ['birthDate', 'marriageDate', 'divorceDate'] as const
const niks = ['nik', 'fatherNik', 'motherNik'] as const

/** The first field that cannot stand in a record; null: all can. What only looks odd is the regency's to judge. */
export function findWrongField(changes: Record<string, unknown>, today: string): string | null {
  if (!schema.Check(changes)) return schema.Errors(changes)[0]?.instancePath.split('/')[1] ?? 'fields'
  const wrongDay = days.find((field) => changes[field] !== undefined && !isDay(changes[field]))
  if (wrongDay) return wrongDay
  const isRefused = (nik: string) => checkNik(nik, { today }).some(({ severity }) => severity === 'refused')
  return niks.find((field) => isRefused(changes[field] ?? '')) ?? null
}
