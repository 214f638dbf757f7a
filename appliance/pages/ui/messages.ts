import { signal } from '@preact/signals'
import { fill, type Values } from '../../base/messages/fill.ts'
import { recall, remember } from './browser-memory.ts'
import { within } from './within.ts'

/** A key of the catalogues; messages.test.ts finds those that no catalogue has. */
export type MessageKey = `${string}.${string}`
type Texts = Record<string, string>
type Piece = { texts: Texts; load: Record<string, () => Promise<{ texts: Texts }>> }
type PageMessages = Piece & {
  home: string
  page: string
  names: Record<string, string>
  /** Of these languages those that no native speaker has read: offered where the office wishes it. */
  drafts: readonly string[]
}

const storageKey = 'balai.language'
// A page is drawn in the language it has rather than not at all.
const languageMs = 5000

// The language is one for the whole browser page, so it lives beside the functions that read it, as the DOM does.
let messages: PageMessages = { home: 'id', page: '', texts: {}, names: {}, drafts: [], load: {} }
let pieces: Piece[] = []
const texts = signal<Texts>({})
export const language = signal('id')
const offered = signal<readonly string[]>([])

/** Called by the generated module `messages:<page>` before anything of the page runs. */
export function installMessages(installed: PageMessages) {
  messages = installed
  pieces = [installed]
  texts.value = installed.texts
  language.value = installed.home
}

/** Called by the generated module `messages:<page>+<group>`; done when its words are here in the language that is shown. */
export function addMessages(piece: Piece): Promise<void> {
  pieces.push(piece)
  texts.value = { ...piece.texts, ...texts.value }
  return setLanguage(language.value, 'for-now')
}

const isOffered = (code: string) => !messages.drafts.includes(code) || offered.value.includes(code)

/** The languages whose catalogues exist, by code and own name, the default one first, and drafts that the office offers. */
export const languages = () =>
  Object.entries(messages.names)
    .filter(([code]) => isOffered(code))
    .sort(([a], [b]) => Number(b === messages.home) - Number(a === messages.home))

/** The draft languages that the office offers now. A page in one that it no longer does goes back to the default one. */
export function offerDrafts(codes: readonly string[]) {
  if (codes.join() !== offered.value.join()) offered.value = codes
  if (!isOffered(language.value)) void setLanguage(messages.home, 'for-now')
}

/** Shows the page in the language this browser chose before; the default one if it was none or cannot be loaded. */
export async function restoreLanguage() {
  await setLanguage(recall(storageKey) ?? messages.home, 'for-now')
}

/** A kiosk changes the language for one visitor (`for-now`), everyone else for their browser (`remember`). */
export async function setLanguage(code: string, keep: 'remember' | 'for-now') {
  if (keep === 'remember') remember(storageKey, code)
  const isHere = messages.load[code] === undefined
  try {
    const loaded = await within(languageMs, Promise.all(pieces.map(({ load }) => load[code]?.())))
    const all = [...pieces, ...loaded].map((piece) => piece?.texts)
    texts.value = Object.assign({}, ...all)
    language.value = isHere ? messages.home : code
  } catch {
    // The box is out of reach: the page stays in the language it has.
  }
  document.documentElement.lang = language.value
  const title = texts.value[`${messages.page}.title`]
  if (title) document.title = title
}

export const t = (key: MessageKey, values: Values = {}): string => fill(texts.value[key] ?? key, values, locale())

/** For keys made of a code that came from the box; undefined where this page has no sentence for it. */
export function find(key: string, values: Values = {}): string | undefined {
  const text = texts.value[key]
  return text === undefined ? undefined : fill(text, values, locale())
}

export const locale = () => texts.value['language.locale'] ?? 'id-ID'

/** 3482 is 3.482 in Indonesian. */
export const count = (value: number) => value.toLocaleString(locale())
