import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/*
 * Who may import whom. A room is a folder of appliance/ or one of the other houses (regency, bench, provisioning); a file
 * directly in appliance/ stands by itself. `journal` means any file of that room, `lan/server.ts` this one file.
 * Tests and what starts real boxes for them may import everything.
 */

const pageParts = ['lan/callers.ts', 'lan/listen.ts', 'lan/live.ts', 'lan/live-route.ts', 'lan/server.ts']
const queueFront = ['queue/command.ts', 'queue/events.ts', 'queue/queue.ts', 'queue/settings.ts', 'queue/views']
/** Pure, nothing of Node: pages speak by the same rules as the box’s own speaker, and say checks as `balai doctor` does. */
const pureForBrowsers = ['health/say.ts', 'voice/announcer.ts', 'voice/sentence.ts']
const feature = ['journal', 'store', ...pageParts]

const mayImport: Record<string, readonly string[]> = {
  'cli.ts': ['commands', 'machine-trouble.ts', 'version.ts'],
  'config.ts': ['toml.ts', 'wire', 'enrolment/membership.ts'],
  'csv.ts': [],
  'projections.ts': ['journal', 'store', '*/projection.ts'],
  'toml.ts': [],
  'version.ts': ['package.json'],
  'watchdog-thread.ts': ['watchdog.ts'],

  store: [],
  wire: [],
  // Event types are declared beside their feature; the type `Entry` is the union of them.
  journal: ['store', 'wire', '*/events.ts'],
  queue: [...feature, 'print/events.ts', 'voice/events.ts'],
  people: [...feature, 'lan/sessions.ts', ...queueFront],
  admin: [
    ...pageParts,
    'lan/devices.ts',
    'people/people.ts',
    'print/paper.ts',
    'queue/catalogue/usual-services.ts',
    'voice/voice.ts',
    ...queueFront,
  ],
  voice: [...feature, 'health/alarms.ts', ...queueFront],
  print: [...feature, 'health/alarms.ts', 'pages/messages', ...queueFront],
  reports: [...feature, 'pages/messages', 'queue/survey/survey.ts', ...queueFront],
  lan: ['journal', 'store', 'wire/lan-names.ts', 'people/people.ts', 'queue/command.ts'],
  health: [
    ...feature,
    'backup/files.ts',
    'backup/recovery.ts',
    'backup/unsaved.ts',
    'enrolment/find-file.ts',
    'lan/devices.ts',
    'print/paper.ts',
    'relay/relay.ts',
    'voice/voice.ts',
    ...queueFront,
  ],
  enrolment: [
    'wire',
    'journal',
    'store',
    ...pageParts,
    'lan/certificate.ts',
    'health/alarms.ts',
    'people/setup-code.ts',
    'queue/command.ts',
    'relay/identity.ts',
    'relay/link.ts',
    'relay/relay.ts',
    'relay/chain-verdict.ts',
    'relay/tls.ts',
    'version.ts',
  ],
  network: [...pageParts, 'health/alarms.ts', 'queue/command.ts'],
  relay: ['journal', 'store', 'wire', 'health/alarms.ts', 'queue/views'],
  pages: [
    'network/views.ts',
    'enrolment/find-file.ts',
    'health/views.ts',
    'queue/views',
    'reports/views.ts',
    ...pureForBrowsers,
  ],

  regency: [
    'wire',
    'csv.ts',
    ...pageParts,
    'lan/sessions.ts',
    'people/lockout.ts',
    'people/pin.ts',
    'toml.ts',
    'version.ts',
    'journal/entry.ts',
    'queue/events.ts',
    'queue/views',
    'pages/ui',
    'pages/messages',
  ],
  // The regency’s code table is also the list of those who get a file.
  provisioning: [
    'wire',
    'csv.ts',
    'toml.ts',
    'version.ts',
    'regency',
    'pages/messages',
    'reports/make-pdf.ts',
    'backup/recovery.ts',
    'enrolment/seal.ts',
  ],
  backup: ['store', 'journal', 'health/alarms.ts'],
  commands: [
    'backup',
    'box.ts',
    'config.ts',
    'enrolment',
    'projections.ts',
    'version.ts',
    'watchdog.ts',
    'journal',
    'store',
    'health',
    'network',
    'pages/messages',
    'people/events.ts',
    'people/setup-code.ts',
    'queue/catalogue/usual-services.ts',
    'lan/certificate.ts',
    'regency',
    'reports/make-pdf.ts',
    'wire/enrolment.ts',
    'provisioning',
  ],
}

/** The few words that every room speaks. */
const forEverybody = ['clock.ts', 'errors.ts', 'ids.ts', 'open-in-order.ts', 'program-files.ts']

/** Rooms that know everything, each with a reason: composition, and what tests and benchmarks start. */
const knowsEverything = ['box.ts', 'box-pages.ts', 'test-box.ts', 'bench']

const root = join(import.meta.dirname, '..')
const sources = ['appliance', 'regency', 'provisioning', 'bench'].flatMap(readSources)
const isForTests = (file: string) =>
  /\.test\.tsx?$|^regency\/(test-box|testing)\.ts$|^provisioning\/fleet\/(fleet-broker|test-fleet|test-regency)\.ts$|^appliance\/pages\/(browser|browser-office|play-days)\.ts$|^appliance\/queue\/(play-office-day|test-office)\.ts$/.test(
    file,
  )
const imports = sources
  .filter(({ file }) => !isForTests(file))
  .flatMap(({ file, text }) => readImports(file, text).map((one) => ({ file, ...one })))

test('each room imports only what the table allows', () => {
  const strangers = imports.filter(({ file, target }) => {
    const from = roomOf(file)
    return from !== roomOf(target) && !knowsEverything.includes(from) && !isAllowed(from, target)
  })
  expect(strangers.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
})

test('box and hub meet only in commands, tests and benchmarks', () => {
  const whole = ['appliance/box.ts', 'regency/hub.ts']
  const importers = imports.filter(({ file, target }) => whole.includes(target) && file !== 'appliance/test-box.ts')
  expect(importers.map(({ file }) => roomOf(file)).filter((room) => room !== 'commands' && room !== 'bench')).toEqual(
    [],
  )
})

test('pages take nothing but types from the box, and words of the voice and of checks', () => {
  const values = imports.filter(
    ({ file, target, onlyType }) =>
      roomOf(file) === 'pages' &&
      // Reads the catalogues for the program and the build; no page imports it.
      file !== 'appliance/pages/messages/catalogues.ts' &&
      roomOf(target) !== 'pages' &&
      !onlyType &&
      !pureForBrowsers.some((one) => target.endsWith(one)),
  )
  expect(values.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
})

test('the table names no room that is not there', () => {
  const rooms = new Set(sources.map(({ file }) => roomOf(file)))
  const planned = ['voice', 'print']
  expect(Object.keys(mayImport).filter((room) => !rooms.has(room) && !planned.includes(room))).toEqual([])
})

test('only the clock reads the time', () => {
  const tellsTime = /\bDate\.now\(|\bnew Date\(\)/
  const readers = sources.filter(
    ({ file, text }) => tellsTime.test(text) && !isForTests(file) && !['pages', 'bench'].includes(roomOf(file)),
  )
  expect(readers.map(({ file }) => file)).toEqual(['appliance/clock.ts'])
})

test('only program-files.ts knows where files of the program lie, so that the build carries each that is read', () => {
  const asks = /import\.meta\.(url|dirname|filename)|createRequire|new Worker\(/
  const askers = sources.filter(
    ({ file, text }) =>
      asks.test(text) && !isForTests(file) && roomOf(file) !== 'bench' && !file.startsWith('provisioning/program/'),
  )
  expect(askers.map(({ file }) => file)).toEqual(['appliance/program-files.ts', 'provisioning/debian-root.ts'])
})

test('topic names exist in wire only', () => {
  const named = sources.filter(
    ({ file, text }) => /balai\/\d/.test(text) && !isForTests(file) && roomOf(file) !== 'wire',
  )
  expect(named.map(({ file }) => file)).toEqual([])
})

function isAllowed(from: string, target: string): boolean {
  const inside = target.replace(/^appliance\//, '')
  return [...forEverybody, ...(mayImport[from] ?? [])].some((allowed) =>
    allowed.startsWith('*/')
      ? inside.endsWith(allowed.slice(1)) && inside.split('/').length === 2
      : inside === allowed || inside.startsWith(`${allowed}/`),
  )
}

function roomOf(file: string): string {
  const [house = '', room = ''] = file.split('/')
  return house === 'appliance' ? room : house
}

function readSources(house: string): { file: string; text: string }[] {
  return readdirSync(join(root, house), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'))
    .map((file) => ({ file: join(house, file), text: readFileSync(join(root, house, file), 'utf8') }))
}

/** What a file imports of ours, by its path from the root. */
function readImports(file: string, text: string): { target: string; onlyType: boolean }[] {
  const found = text.matchAll(
    /^(?:import|export) (?<type>type )?[^'"]*?from '(?<named>\.[^']+)'|^import '(?<bare>\.[^']+)'|import\(\s*'(?<lazy>\.[^']+)'/gm,
  )
  return [...found].map(({ groups = {} }) => {
    const path = groups.named ?? groups.bare ?? groups.lazy ?? ''
    return { target: normalize(join(dirname(file), path)), onlyType: Boolean(groups.type) }
  })
}
