import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hubAlarms } from '../../regency/alarms/codes.ts'
import { actions } from '../../regency/base/audit.ts'
import { readCatalogues } from '../base/messages/catalogues.ts'
import { pagesOf } from '../base/rooms/room.ts'
import { draftLanguages } from '../office/settings.ts'
import { rooms } from '../rooms.ts'
import { readDrafts } from './drafts.ts'
import { mayMeet, readPages, sharedMessages } from './pages.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const find = (...patterns: string[]) =>
  globSync(patterns, { cwd: root }).filter((path) => !/\.test\.tsx?$|\.d\.ts$/.test(path))

const pages = await readPages()
const catalogues = readCatalogues()
const keys = new Set([...catalogues.values()].flatMap((catalogue) => Object.keys(catalogue)))
const groups = new Set([...keys].map((key) => key.split('.')[0] ?? ''))

const titles = Object.keys(pages).map((page) => new RegExp(`^${page}\\.title$`))
/** Rooms that put sentences on paper or at the terminal. */
const paperFiles = find(
  'appliance/print/*.ts',
  'appliance/base/pdf/*.ts',
  'appliance/reports/*.ts',
  'appliance/residents/{trail-letter,figures-sheet}.ts',
  'appliance/imports/problem-sheet.ts',
  'appliance/letters/{civil-form-paper,dispatch-paper,dispatch-sheet,letter-paper,register-paper,register-sheet}.ts',
  'appliance/proposals/describe-answer.ts',
  'appliance/claims/slip-paper.ts',
  'appliance/cases/{describe-state,poster-paper}.ts',
  'appliance/health/*.ts',
  'appliance/cli/doctor.ts',
  'regency/{doctor,notify}/*.ts',
  'appliance/cli/hub-{checks,doctor}.ts',
  'provisioning/fleet/{recovery-,}sheets.ts',
)
const pageFiles = new Set([
  ...Object.values(pages).flatMap(({ entry }) => reachable(entry)),
  ...paperFiles,
  'vite.config.ts',
  ...find('appliance/pages/keep/*.tsx'),
])
const homeLinks = pagesOf(rooms).flatMap(({ name, home }) => (home ? [`'home.${name}'`, `'home.${name}-what'`] : []))
const patterns = [
  ...titles,
  ...keyPatterns(homeLinks.join(' ')),
  ...[...pageFiles].flatMap((path) => keyPatterns(read(path))),
]
// Their codes come from the box and the hub: compared with the sources below.
const fromCodes = /^(error|alarm|relay\.reason)\./

describe.each([...catalogues.keys()])('%s', (path) => {
  const catalogue = catalogues.get(path) ?? {}

  test('has every key that any catalogue has', () => {
    expect([...keys].filter((key) => !Object.hasOwn(catalogue, key))).toEqual([])
  })

  test('has the placeholders that every catalogue has', () => {
    for (const [other, texts] of catalogues) {
      const differs = [...keys].filter((key) => placeholders(catalogue[key]) !== placeholders(texts[key]))
      expect(differs, `against ${other}`).toEqual([])
    }
  })

  test('has no empty sentence, no exclamation mark, and an ellipsis only on buttons that lead to a question', () => {
    const asks = /^desk\.(transfer|park|chain|call|void|reprint)$/
    const wrong = Object.entries(catalogue).filter(
      ([key, text]) => !text.trim() || /!|\.\.\./.test(text) || text.includes('…') !== asks.test(key),
    )
    expect(wrong).toEqual([])
  })
})

const drafts = readDrafts()

test('the drafts are the languages that an office may switch on, and none of those that are finished', () => {
  expect([...drafts.keys()].sort()).toEqual([...draftLanguages].sort())
  expect([...drafts.keys()].filter((code) => catalogues.has(code))).toEqual([])
})

describe.each([...drafts])('draft %s', (_code, draft) => {
  const indonesian = catalogues.get('id') ?? {}

  test('says what kiosk, display and phone say, with the placeholders of the Indonesian sentence', () => {
    const wrong = Object.entries(draft).filter(
      ([key, text]) =>
        !/^(language|ui|kiosk|display|phone)\./.test(key) ||
        !Object.hasOwn(indonesian, key) ||
        placeholders(text) !== placeholders(indonesian[key]),
    )
    expect(wrong).toEqual([])
    for (const page of ['kiosk', 'display', 'phone'])
      expect(Object.keys(draft).filter((key) => key.startsWith(`${page}.`)).length, page).toBeGreaterThan(10)
  })

  test('has a name, no empty sentence, no exclamation mark and no ellipsis', () => {
    expect(draft['language.name']).toBeTruthy()
    expect(Object.entries(draft).filter(([, text]) => !text.trim() || /!|…|\.\.\./.test(text))).toEqual([])
  })
})

test('every key that a page uses exists', () => {
  const missing = patterns.filter((pattern) => ![...keys].some((key) => pattern.test(key)))
  expect(missing.map(String)).toEqual([])
})

test('every key is used by a page', () => {
  const unused = [...keys].filter((key) => !fromCodes.test(key) && !patterns.some((pattern) => pattern.test(key)))
  expect(unused).toEqual([])
})

test.each(Object.entries(pages))('page %s carries every group of messages that it uses', (_name, page) => {
  const carried: readonly string[] = [...sharedMessages, ...page.messages, ...(page.later ?? [])]
  const used = reachable(page.entry).flatMap((path) =>
    keyPatterns(read(path)).map((pattern) => `${pattern.source.slice(1).split('\\.')[0]} (${path})`),
  )
  expect(used.filter((use) => !carried.includes(use.split(' ')[0] ?? ''))).toEqual([])
})

test.each(Object.entries(pages))('page %s names refusals that there are', (_name, { refusals }) => {
  const codes = [...keys].flatMap((key) => key.match(/^error\.(.+)$/)?.[1] ?? [])
  const named = refusals === 'all' ? [] : refusals
  expect(named.filter((one) => !codes.some((code) => code === one || code.startsWith(`${one}.`)))).toEqual([])
})

// What their routes are answered by; `unavailable` a kiosk says in words of its own, and the rest no page of theirs asks.
test.each([
  [
    'kiosk',
    ['queue/availability', 'queue/queue', 'claims/picking-up', 'office/tables', 'queue/tables'],
    /^clock|counter/,
  ],
  ['kiosk', ['bookings/bookings'], /^booking\.|booked|window/],
  ['phone', ['queue/undo', 'queue/call-answers', 'queue/tables', 'cases/take-home'], /^$/],
])('page %s says every refusal of %j', (name, files, others) => {
  const page = pages[name]
  if (!page) throw new Error(`There is no page ${name}`)
  const thrown = files
    .map((file) => read(`appliance/${file}.ts`))
    .flatMap((source) => [...source.matchAll(/(?:new AppError\(\s*'([a-z-]+)',\s*|refuse\()'([a-z.-]+)'/g)])
    .flatMap(([, kind, code = '']) => (kind === 'unavailable' ? [] : [code]))
  expect(thrown.length).toBeGreaterThan(2)
  expect(thrown.filter((code) => !others.test(code) && !mayMeet(page, code))).toEqual([])
})

const sources = find('appliance/**/*.ts', 'regency/**/*.ts')
  .filter((path) => !path.startsWith('appliance/pages/'))
  .map(read)
  .join('\n')
// What the pages say themselves when the box said nothing.
const ownCodes = ['unknown', 'unreachable']
// Said at the terminal or on the wire, never by a page.
const notForPages =
  /^(config|malformed|too-large|too-deep|store\.(absent|exists|newer|older|damaged)|journal\..+|restore\..+|fleet\..+|start\..+|conformance\..+|hub\.(backup-failed|clock-differs|residents-[a-z-]+)|datasets\.(unknown|places|stage|unasked))$/

test('every refusal in the code has its sentence', () => {
  const codes = [...sources.matchAll(/new AppError\(\s*'[a-z-]+',\s*'([a-z.-]+)'/g)].map((match) => match[1] ?? '')
  expect(codes.length).toBeGreaterThan(0)
  expect(codes.filter((code) => !notForPages.test(code) && !keys.has(`error.${code}`))).toEqual([])
})

test('every alarm that the box or the hub raises has its title and its remedy', () => {
  const ofBox = [...sources.matchAll(/alarms\.set\(\s*'([a-z.-]+)'/g)].map((match) => match[1])
  const ofHub = Object.keys(hubAlarms).map((code) => `hub.${code}`)
  expect(ofHub.length).toBeGreaterThan(7)
  const codes = [...ofBox, ...ofHub]
  expect(codes.length).toBeGreaterThan(ofHub.length)
  const missing = codes
    .flatMap((code) => [`alarm.${code}.title`, `alarm.${code}.remedy`])
    .filter((key) => !keys.has(key))
  expect(missing).toEqual([])
})

test('a title that has to be filled has a plain form for whoever says only the code', () => {
  for (const texts of catalogues.values()) {
    const titles = Object.entries(texts).filter(([key]) => /^alarm\..+\.title$/.test(key))
    const plain = titles.filter(([, text]) => text.includes('{')).map(([key]) => key.replace(/title$/, 'plain'))
    expect(
      Object.keys(texts)
        .filter((key) => /^alarm\..+\.plain$/.test(key))
        .sort(),
    ).toEqual(plain.sort())
    expect(plain.filter((key) => texts[key]?.includes('{'))).toEqual([])
  }
})

test('every action of the audit has its words, and no words are of another', () => {
  const words = [...keys].filter((key) => /^hub\.(deed|did)-/.test(key))
  expect(words.sort()).toEqual(actions.flatMap((action) => [`hub.deed-${action}`, `hub.did-${action}`]).sort())
})

test('every sentence for a code belongs to a code that the sources name', () => {
  const codes = [...keys].flatMap(
    (key) => key.match(/^(?:error|alarm|relay\.reason)\.(.+?)(?:\.title|\.remedy|\.plain)?$/)?.[1] ?? [],
  )
  const isNamed = (code: string) => [code, code.replace(/^hub\./, '')].some((name) => sources.includes(`'${name}'`))
  expect(codes.filter((code) => !isNamed(code) && !ownCodes.includes(code))).toEqual([])
})

/** What keys a file names: 'desk.next' in full, `desk.ended-${result}` as a pattern. */
function keyPatterns(source: string): RegExp[] {
  const literals = [...source.matchAll(/['`]([a-z]+\.[a-z][a-zA-Z0-9.${}?_-]*(?:\$\{[^}]*\}[a-z.-]*)?)['`]/g)]
  return literals
    .map((match) => match[1] ?? '')
    .filter((text) => groups.has(text.split('.')[0] ?? '') && !/\.(tsx?|css|json|html|svg|toml)$/.test(text))
    .map(
      (text) =>
        new RegExp(
          `^${text
            .split(/\$\{[^}]*\}/)
            .map(literally)
            .join('.+')}$`,
        ),
    )
}

function literally(text: string): string {
  return text.replace(/[.?]/g, '\\$&')
}

function placeholders(text = ''): string {
  return [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort().join(' ')
}

/** The page's own files: its entry and all that is imported from there by a relative path. */
function reachable(entry: string): string[] {
  const found = new Set([entry])
  for (const path of found) {
    for (const [, imported = ''] of read(path).matchAll(/(?:from |import\()'(\.[^']+\.tsx?)'/g)) {
      const next = relative(root, join(root, dirname(path), imported))
      if (!next.includes('queue/')) found.add(next)
    }
  }
  return [...found]
}
