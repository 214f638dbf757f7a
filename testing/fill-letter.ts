import type { Template } from '../appliance/wire/letter-template.ts'

const sample = { text: 'Isian', long: 'Isian', day: '2026-11-01', number: '3', money: '1500000' } as const
const shown = { day: '1 November 2026', money: 'Rp1.500.000', family: '' } as const

/** Something for each field of a template, as a clerk types it; those of text are told apart by their number. */
export const fillIn = ({ fields }: Pick<Template, 'fields'>): Record<string, string> =>
  Object.fromEntries(
    fields.map(({ name, kind, options = [] }, index) => {
      if (kind === 'choice') return [name, options[0] ?? '']
      if (kind === 'family') return [name, 'abcdefghijkl']
      return [name, kind === 'text' || kind === 'long' ? `${sample[kind]} ke-${index}` : sample[kind]]
    }),
  )

/** How it stands on paper. */
export const onPaper = ({ kind }: Template['fields'][number], typed: string): string =>
  kind === 'day' || kind === 'money' || kind === 'family' ? shown[kind] : typed
