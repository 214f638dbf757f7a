import { signal } from '@preact/signals'

/*
 * Where somebody is in the console stands in the address behind the `#`, so that a link, a bookmark and the way back show the
 * same: `#/villages?standing=action&district=Licin`, `#/village/3510242001`, `#/commands`.
 */

export const partNames = [
  'villages',
  'datasets',
  'commands',
  'proposals',
  'sticks',
  'notices',
  'accounts',
  'audit',
] as const
export type Part = (typeof partNames)[number]

/** What of the villages is seen; a member that is empty leaves nothing out. */
export type Filter = { q: string; standing: string; district: string; version: string; view: string }
const noFilter: Filter = { q: '', standing: '', district: '', version: '', view: '' }

export type Place = { part: Part; village: string | null; filter: Filter }

/** An address that says nothing that is known is the list of all villages. */
export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const [name, village] = path.split('/')
  const asked = new URLSearchParams(query)
  const filter = Object.fromEntries(Object.keys(noFilter).map((key) => [key, asked.get(key) ?? ''])) as Filter
  if (name === 'village' && village && /^[0-9]{10}$/.test(village)) return { part: 'villages', village, filter }
  return { part: partNames.find((part) => part === name) ?? 'villages', village: null, filter }
}

type Target = { part?: Part; village?: string | null; filter?: Partial<Filter> }

export function linkTo({ part = 'villages', village = null, filter = {} }: Target): string {
  const said = Object.entries(filter).filter(([, value]) => value !== '')
  const query = said.length > 0 ? `?${new URLSearchParams(said)}` : ''
  return `#/${village === null ? part : `village/${village}`}${query}`
}

// One page has one address.
export const place = signal<Place>(readPlace(location.hash))
addEventListener('hashchange', () => {
  place.value = readPlace(location.hash)
})

/** What is typed changes the address in its place: no way back through every letter. */
export function setFilter(change: Partial<Filter>): void {
  const filter = { ...place.peek().filter, ...change }
  history.replaceState(null, '', linkTo({ filter }))
  place.value = { part: 'villages', village: null, filter }
}
