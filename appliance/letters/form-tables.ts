import type { Person } from '../residents/person.ts'
import type { FormParts, FormSection } from './civil-form-parts.ts'
import { personValues } from './values.ts'

/** Those of a card who stand in a form. */
export const familyTable = (all: readonly Person[], day: string) => ({
  head: ['No.', 'NIK', 'Nama', 'Hubungan dalam keluarga'],
  widths: [18, 100, '*', 130] as (number | '*')[],
  lines: all.map((one, index) => [
    ...[`${index + 1}`, one.nik ?? '', one.name, personValues(one, day).hubungan_keluarga],
  ]),
})

export const witnessesOf = (typed: FormParts['typed']): FormSection[] =>
  ['1', '2'].map((n) => ({
    heading: `Data saksi ${n}`,
    rows: [
      ['Nama', typed[`saksi_${n}_nama`] ?? ''],
      ['NIK', typed[`saksi_${n}_nik`] ?? ''],
    ],
  }))
