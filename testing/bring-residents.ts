import { Readable } from 'node:stream'
import type { Box } from '../appliance/open-box.ts'
import type { Person } from '../appliance/residents/person.ts'

/** Members of a person as columns of a list of one's own, with the headings that people write. */
const headings: [keyof Person, string][] = [
  ['nik', 'NIK'],
  ['kk', 'No KK'],
  ['name', 'Nama'],
  ['sex', 'Jenis Kelamin'],
  ['birthPlace', 'Tempat Lahir'],
  ['birthDate', 'Tanggal Lahir'],
  ['relation', 'Hubungan Keluarga'],
  ['address', 'Alamat'],
  ['hamlet', 'Dusun'],
  ['rw', 'RW'],
  ['rt', 'RT'],
  ['motherName', 'Nama Ibu'],
  ['status', 'Status Dasar'],
]

/** A list of people as CSV; `order` puts its columns into another order. */
export function residentSheet(people: readonly Partial<Person>[], order = headings.map((_, index) => index)): string {
  const columns = order.map((index) => headings[index] as [keyof Person, string])
  const lines = people.map((person) => columns.map(([field]) => String(person[field] ?? '')).join(';'))
  return [columns.map(([, heading]) => heading).join(';'), ...lines, ''].join('\r\n')
}

type By = { actor: string; key?: string | null; asOf?: string; source?: string; mark?: string | null }

/** Brings a file as the page does, up to where it lies ready. */
export async function bringFile(
  { imports }: Pick<Box, 'imports'>,
  file: string | Buffer,
  { actor, key = null, asOf = '2026-11-01', source = 'penduduk.csv', mark = null }: By,
) {
  const inspected = await imports.receive(Readable.from([Buffer.from(file)]))
  const fields = Object.fromEntries(
    inspected.columns.flatMap(({ index, field }) => (field ? [[index, field] as const] : [])),
  )
  await imports.check({ upload: inspected.upload, source, asOf, fields, mark, actor, key })
  await imports.whenRead()
  return inspected
}

/** The same, and in use at once. */
export async function bringResidents(box: Pick<Box, 'imports'>, file: string | Buffer, by: By): Promise<void> {
  await bringFile(box, file, by)
  box.imports.apply({ actor: by.actor, key: null })
}
