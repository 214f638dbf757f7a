import type { LetterTemplates } from '../letters/views.ts'
import type { CatalogueService, DatasetOf } from '../wire/datasets.ts'
import type { Promised } from './promise.ts'
import { promisedLetters, relayedKinds } from './relayed-kinds.ts'
import type { CaseKind } from './views.ts'

type Sources = {
  templates: LetterTemplates['templates']
  /** The regency's catalogue; null: it has published none. */
  services: DatasetOf<'services'>['services'] | null
  agencies: DatasetOf<'agencies'>['agencies'] | null
}

/** Shown for an agency that the regency has not published. */
const usualAgencies: Readonly<Record<string, string>> = {
  disdukcapil: 'Dinas Kependudukan dan Pencatatan Sipil',
  'dinas-pendidikan': 'Dinas Pendidikan',
  'dinas-kesehatan': 'Dinas Kesehatan',
  polresta: 'Kepolisian Resor',
}

/** An agency by its code, as the regency publishes it. */
export function agencyOf(code: string | null, agencies: Sources['agencies']): CaseKind['agency'] {
  if (code === null) return null
  const found = agencies?.find((one) => one.code === code)
  return { code, name: found?.name ?? usualAgencies[code] ?? code, sealable: Boolean(found?.recipient) }
}

/**
 * All that citizens apply for here: every letter, what is relayed, and the regency's catalogue, which replaces what has the
 * same code.
 */
export function listKinds({ templates, services, agencies }: Sources): CaseKind[] {
  const agency = (code: string | null) => agencyOf(code, agencies)
  const published = (services ?? []).map((one) => ({
    ...nothing,
    ...{ code: one.code, title: one.name, papers: one.requires, within: promisedBy(one) },
    ...{ fee: one.fee ?? null, procedure: one.procedure ?? null, complaints: one.complaints ?? null },
    ...{ result: one.result ?? null },
    // The letter comes first: what the office writes itself goes nowhere else.
    template: templates.some(({ code }) => code === one.letter) ? (one.letter ?? null) : null,
    agency: agency(one.agency ?? null),
  }))
  const letters = templates.map(({ code, title, aka, papers }) => ({
    ...nothing,
    ...{ code, title, aka, papers, template: code, result: title, fee: 0 },
    within: promisedLetters[code] ?? null,
  }))
  const relayed = relayedKinds.map(({ agency: to, aka, papers, ...one }) => ({
    ...{ ...nothing, ...one, aka: [...aka], papers: [...papers], agency: agency(to), fee: 0 },
  }))
  const theirs = new Set(published.map(({ code }) => code))
  return [...letters, ...relayed, ...published].filter(
    (one) => !theirs.has(one.code) || published.some((kind) => kind === one),
  )
}

const nothing = {
  ...{
    aka: [],
    within: null,
    fee: null,
    procedure: null,
    complaints: null,
    result: null,
    template: null,
    agency: null,
  },
}

const promisedBy = ({ withinMinutes, withinDays }: CatalogueService): Promised =>
  withinMinutes ? { minutes: withinMinutes } : withinDays ? { days: withinDays } : null
