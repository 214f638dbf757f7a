/*
 * What happens in a village's families, and what a form asks of each. Papers after the requirements that offices hang out
 * (Permendagri 109/2019; the lists of OpenSID's letters). Pages read this too.
 */

export const kinds = ['born', 'died', 'moved-in', 'moved-out', 'married', 'corrected'] as const
export type Kind = (typeof kinds)[number]

/** Fields that Dukcapil owns, and an office only proposes. */
export const proposable = [
  ...(['name', 'nik', 'kk', 'sex', 'birthPlace', 'birthDate', 'address', 'hamlet', 'rw', 'rt', 'relation'] as const),
  ...(['religion', 'education', 'work', 'marital', 'blood', 'fatherName', 'fatherNik', 'motherName'] as const),
  ...(['motherNik', 'birthCertificate', 'marriageCertificate', 'marriageDate'] as const),
  ...(['divorceCertificate', 'divorceDate'] as const),
] as const
export type Proposable = (typeof proposable)[number]

type Asked = {
  /** Of whom a record is needed; a newborn and who comes from elsewhere have none yet. */
  person: 'known' | 'new'
  fields: readonly Proposable[]
  /** Of these fields, what cannot be left out. */
  needs: readonly Proposable[]
  /** Whether a place belongs to it: where somebody died, where from or where to somebody moved. */
  place: 'asked' | 'needed' | null
  /** Whether another person belongs to it: the one whom somebody married. */
  other: boolean
  papers: readonly string[]
}

export const asks: Readonly<Record<Kind, Asked>> = {
  born: {
    person: 'new',
    fields: ['name', 'sex', 'birthPlace', 'kk', 'motherName', 'motherNik', 'fatherName', 'fatherNik'],
    needs: ['name', 'sex', 'birthPlace'],
    ...{ place: null, other: false },
    papers: ['birth-letter', 'sptjm', 'marriage-book', 'kk', 'ktp', 'witnesses'],
  },
  died: {
    ...{ person: 'known', fields: [], needs: [], place: 'asked', other: false },
    papers: ['death-letter', 'kk', 'ktp', 'witnesses'],
  },
  'moved-in': {
    person: 'new',
    fields: ['name', 'nik', 'kk', 'sex', 'birthPlace', 'birthDate', 'relation', 'address', 'hamlet', 'rw', 'rt'],
    needs: ['name'],
    ...{ place: 'needed', other: false },
    papers: ['move-letter', 'kk', 'ktp'],
  },
  'moved-out': {
    ...{ person: 'known', fields: [], needs: [], place: 'needed', other: false },
    papers: ['kk', 'ktp', 'move-letter'],
  },
  married: {
    ...{ person: 'known', fields: ['marriageCertificate'], needs: [], place: 'asked', other: true },
    papers: ['marriage-book', 'kk', 'ktp'],
  },
  corrected: {
    ...{ person: 'known', fields: proposable, needs: [], place: null, other: false },
    papers: ['birth-certificate', 'diploma', 'marriage-book', 'kk', 'ktp', 'court-order', 'letter'],
  },
}

export const papers = [...new Set(kinds.flatMap((kind) => asks[kind].papers))]

/** What the event itself says of a person, besides the fields that were typed. */
export function changedBy(kind: Kind, on: string): Record<string, string | number> {
  if (kind === 'born') return { birthDate: on, relation: 4, marital: 1, status: 1 }
  if (kind === 'died') return { status: 2 }
  if (kind === 'moved-out') return { status: 3 }
  if (kind === 'married') return { marital: 2, marriageDate: on }
  return {}
}
