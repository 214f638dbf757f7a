import { labelOf } from '../residents/codes.ts'
import type { Person } from '../residents/person.ts'
import type { CivilFormCode } from './civil-forms.ts'
import { type Issuer, longDate } from './values.ts'

/* What the forms of civil registration are made of. */

/** A filled form, as its paper sets it. */
export type FormContent = {
  number: string
  title: string
  /** By which regulation it asks for what it does. */
  rule: string
  /** F-1.01 has more columns than a page is wide. */
  landscape: boolean
  sections: FormSection[]
  /** Who signs: what stands above and below. */
  signatures: { above: string; name: string }[]
  /** Place and date. */
  place: string
}

export type FormSection =
  | { heading: string; rows: [string, string][] }
  | { heading: string; choice: readonly string[]; chosen: readonly string[] }
  | { heading: string; head: string[]; lines: string[][]; widths: (number | '*')[] }
  | { text: string }

export type FormParts = {
  code: CivilFormCode
  person: Person
  /** Those who stand in it besides. */
  family: readonly Person[]
  typed: Readonly<Record<string, string>>
  issuer: Issuer
  /** Ten digits. */
  village: string
  /** Of the form. */
  day: string
}

const head = 1
export const headOf = (all: readonly Person[]): Person | undefined => all.find(({ relation }) => relation === head)

export const word = (field: Parameters<typeof labelOf>[0], value: number | undefined): string =>
  value === undefined ? '' : (labelOf(field, value) ?? '')
export const dayOf = (day: string | undefined): string => (day ? longDate(day) : '')
export const shortDay = (day: string | undefined): string => (day ? day.split('-').reverse().join('-') : '')
export const contactOf = (typed: FormParts['typed']): [string, string][] => [
  ['Nomor telepon', typed.telepon ?? ''],
  ['Alamat surel', typed.email ?? ''],
]
export const choose = (heading: string, options: readonly string[], value = ''): FormSection => ({
  ...{ heading, choice: options },
  chosen: value.split('\n').filter(Boolean),
})

/** As a card has them: the head first. */
export const byRelation = (all: readonly Person[]): Person[] =>
  all.toSorted((one, other) => (one.relation ?? 99) - (other.relation ?? 99))
