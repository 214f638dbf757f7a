import { isCoded, labelOf as labelOfCode } from '../../residents/codes.ts'
import type { Person, ResidentRecord } from '../../residents/views.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

/** What the record shows of a person, in the order in which it is read. Name, NIK and family card stand above. */
export const groups = [
  { name: 'birth', fields: ['sex', 'birthPlace', 'birthDate', 'birthCertificate', 'blood'] },
  { name: 'home', fields: ['address', 'hamlet', 'rw', 'rt', 'currentAddress'] },
  {
    name: 'family',
    fields: [
      ...(['relation', 'marital', 'marriageCertificate', 'marriageDate', 'divorceCertificate', 'divorceDate'] as const),
      ...(['fatherName', 'fatherNik', 'motherName', 'motherNik'] as const),
    ],
  },
  { name: 'work', fields: ['religion', 'education', 'schooling', 'work', 'citizenship', 'ethnicity'] },
  {
    name: 'papers',
    fields: [
      ...(['status', 'ktpEl', 'recording', 'passport', 'passportUntil', 'kitas'] as const),
      ...(['insurance', 'insuranceNumber', 'disability'] as const),
    ],
  },
] as const satisfies readonly { name: string; fields: readonly (keyof Person)[] }[]

type Opening = ResidentRecord['trail'][number]
type Shown = (typeof groups)[number]['fields'][number]

const dates: readonly string[] = ['birthDate', 'marriageDate', 'divorceDate', 'passportUntil']

/** The official word of a code, as it stands on a family card; the same in every language. A code that no table has, as it is. */
export const labelOf = (field: string, code: number): string =>
  (isCoded(field) ? labelOfCode(field, code) : null) ?? String(code)

/** A field as it is read; null: not known. */
export function fieldText(field: Shown, person: Person, age: number | null): string | null {
  const value = person[field]
  if (value === undefined) return null
  const text = valueText(field, value)
  return field === 'birthDate' && age !== null
    ? `${text} (${t('residents.age', { n: age }).replaceAll(' ', '\u00a0')})`
    : text
}

/** One value as it is read: a code by its word, a day as a date. */
export const valueText = (field: string, value: string | number): string =>
  typeof value === 'number' ? labelOf(field, value) : dates.includes(field) ? formatOfficeDay(value) : value

/** For which number, or why: as one sentence. */
export const whyOpened = ({ ticket, reason, note }: Pick<Opening, 'ticket' | 'reason' | 'note'>): string =>
  [
    ticket && t('residents.for-ticket', { number: ticket }),
    reason && reason !== 'other' && t(`residents.reason-${reason}`),
    note,
  ]
    .filter(Boolean)
    .join(' · ')
