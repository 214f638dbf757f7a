import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A page that is built. */
export type Page = {
  /** What it begins with; in its folder's `page.ts` the file's name. */
  entry: string
  /** `auto` follows the system's light or dark. */
  theme: 'auto' | 'light' | 'dark'
  /** Groups of messages that it carries besides `sharedMessages`. */
  messages: readonly string[]
  /** Groups that come with a part which it loads when it is opened, by `messages:<page>+<group>`. */
  later?: readonly string[]
  /** What it may be refused by, whole rooms or single codes: a kiosk has 60 KiB in all and no use for the desk's words. */
  refusals: readonly string[] | 'all'
}

/** What a folder's `page.ts` says of the pages in it, by their addresses. */
export type Pages = Readonly<Record<string, Page>>

/** Groups that every page carries. */
export const sharedMessages = ['language', 'ui', 'error'] as const

/** Of no room, and nothing that a citizen is told: to log in, to ask the secretary, that a page is not one of the box's. */
const staffCodes = ['unknown-caller', 'forbidden', 'locked', 'cross-site', 'charset', 'key-reused']

/** Whether it carries the sentence of this code (`store.full`). What is left of no room (`unreachable`) every page does. */
export function mayMeet({ refusals }: Pick<Page, 'refusals'>, code: string): boolean {
  if (refusals === 'all' || refusals.includes(code)) return true
  const [room = '', ...rest] = code.split('.')
  return rest.length === 0 ? !staffCodes.includes(room) : refusals.includes(room)
}

/** All pages of the repository, each declared in its own folder; entries are paths from the root. */
export async function readPages(): Promise<Record<string, Page>> {
  const found: Record<string, Page> = {}
  for (const path of globSync(['appliance/pages/*/page.ts', 'regency/*/page.ts']).sort()) {
    const { pages } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { pages: Pages }
    for (const [name, page] of Object.entries(pages)) found[name] = { ...page, entry: join(dirname(path), page.entry) }
  }
  return found
}
