import { hash } from 'node:crypto'
import type { Datasets } from '../datasets/datasets.ts'
import type { CatalogueService, DatasetOf } from '../wire/datasets.ts'
import { canonicalJson } from '../wire/hash.ts'
import type { Published } from './published-view.ts'

/* The regency's catalogue beneath the office's own services: what the village has not set itself is as the regency says. */

/** What a village may set otherwise than the regency. */
export const ownMembers = ['name', 'requires', 'minutes'] as const
export type OwnMember = (typeof ownMembers)[number]
type ServiceText = Pick<CatalogueService, OwnMember>

/** By member, the hash of what the regency had there when the village set its own. */
export type Own = Partial<Record<OwnMember, string>>

export type Catalogue = ReturnType<typeof createCatalogue>

/** The regency's side of an office: services, agencies, holidays and the hours that it proposes. */
export function createCatalogue(datasets: Pick<Datasets, 'read' | 'publishedAt'>) {
  let indexed: { of: DatasetOf<'services'> | null; byCode: Map<string, CatalogueService> } = {
    of: null,
    byCode: new Map(),
  }

  function byCode(): ReadonlyMap<string, CatalogueService> {
    const of = datasets.read('services')
    if (of !== indexed.of) indexed = { of, byCode: new Map(of?.services.map((one) => [one.code, one])) }
    return indexed.byCode
  }

  return {
    /** All that it offers, in its order. */
    services: (): readonly CatalogueService[] => datasets.read('services')?.services ?? [],
    service: (code: string | null): CatalogueService | null => (code === null ? null : (byCode().get(code) ?? null)),
    /** What is shown of a service besides what an office may set itself. */
    published: ({ fee = null, result = null, agency: code }: CatalogueService): NonNullable<Published> => ({
      ...{ fee, result },
      agency: datasets.read('agencies')?.agencies.find((one) => one.code === code)?.name ?? null,
      at: datasets.publishedAt('services') ?? 0,
    }),
    holidays: () => datasets.read('holidays')?.holidays ?? [],
    /** The hours that it proposes; null: none. */
    week: () => datasets.read('hours')?.week ?? null,
  }
}

/** What of a text differs from the catalogue, each with the hash of what it differs from. */
export const ownOf = (text: ServiceText, theirs: CatalogueService): Own =>
  Object.fromEntries(
    ownMembers
      .filter((member) => canonicalJson(text[member]) !== canonicalJson(theirs[member]))
      .map((member) => [member, hashOf(theirs[member])]),
  )

/** What the regency has changed where the village has its own: to be looked at by whoever set it. */
export const conflictsOf = (own: Own, theirs: CatalogueService): OwnMember[] =>
  ownMembers.filter((member) => own[member] !== undefined && own[member] !== hashOf(theirs[member]))

/** What counts: the village's own, else the regency's. */
export const follow = <T extends ServiceText>(stored: T, own: Own, theirs: CatalogueService): T => ({
  ...stored,
  ...Object.fromEntries(ownMembers.filter((member) => own[member] === undefined).map((one) => [one, theirs[one]])),
})

const hashOf = (value: unknown): string =>
  hash('sha256', canonicalJson(value), 'buffer').subarray(0, 8).toString('base64url')
