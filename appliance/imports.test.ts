import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/*
 * Who may import whom. A room is a folder of appliance/ or one of the other houses (regency, bench, provisioning); a file
 * directly in appliance/ stands by itself. `journal` means any file of that room, `lan/server.ts` this one file.
 * Tests and what starts real boxes for them may import everything.
 */

/** Pure, nothing of Node: pages speak by the same rules as the box’s own speaker, and say checks as `balai doctor` does. */
const pureForBrowsers = [
  'health/describe-checks.ts',
  'voice/announcer.ts',
  'voice/sentence.ts',
  'base/messages/fill.ts',
]

const mayImport: Record<string, readonly string[]> = {
  backup: ['base', 'base/journal', 'base/store'],
  base: ['base/web', 'package.json'],
  'base/broker': ['base', 'base/journal', 'relay', 'wire'],
  'base/journal': ['base', 'base/store', 'devices', 'health', 'people', 'print', 'queue', 'voice', 'wire'],
  'base/messages': ['base'],
  'base/store': ['base'],
  'base/web': ['base', 'base/store', 'devices', 'people', 'wire'],
  bookings: ['base', 'base/journal', 'base/store', 'base/web', 'office', 'queue'],
  cli: [
    'backup',
    'base',
    'base/journal',
    'base/messages',
    'base/store',
    'base/web',
    'open-box.ts',
    'config.ts',
    'enrolment',
    'health',
    'network',
    'office',
    'people',
    'projections.ts',
    'provisioning',
    'regency',
    'reports',
    'wire',
  ],
  'config.ts': ['base', 'enrolment', 'wire'],
  devices: ['base', 'base/journal', 'base/store', 'base/web'],
  enrolment: ['base', 'base/broker', 'base/journal', 'base/store', 'base/web', 'people', 'relay', 'wire'],
  estimate: ['base', 'base/journal', 'base/store', 'base/web', 'bookings', 'office', 'queue'],
  health: [
    'backup',
    'base',
    'base/journal',
    'base/store',
    'base/web',
    'devices',
    'enrolment',
    'print',
    'queue',
    'relay',
    'voice',
  ],
  network: ['base', 'base/web'],
  office: [
    'base',
    'base/journal',
    'base/store',
    'base/web',
    'bookings',
    'devices',
    'people',
    'print',
    'queue',
    'screens',
    'voice',
  ],
  pages: [
    'base/messages',
    'base/web',
    'bookings',
    'enrolment',
    'health',
    'network',
    'queue',
    'reports',
    'screens',
    'survey',
    'voice',
  ],
  people: ['base', 'base/journal', 'base/store', 'base/web', 'queue'],
  print: ['base', 'base/journal', 'base/messages', 'base/store', 'base/web', 'queue'],
  'projections.ts': ['base/journal', 'base/store', 'devices', 'people', 'print', 'queue', 'reports', 'voice'],
  provisioning: ['backup', 'base', 'base/messages', 'enrolment', 'pki', 'regency', 'reports', 'wire'],
  queue: ['base', 'base/journal', 'base/store', 'base/web', 'bookings', 'estimate', 'office', 'screens', 'survey'],
  regency: ['base', 'base/journal', 'base/web', 'pages', 'people', 'pki', 'queue', 'wire'],
  relay: ['base', 'base/broker', 'base/journal', 'base/store', 'base/web', 'wire'],
  reports: ['base', 'base/journal', 'base/messages', 'base/store', 'base/web', 'queue', 'survey'],
  screens: ['base/web', 'bookings', 'office', 'print', 'queue', 'voice'],
  survey: ['base', 'base/journal', 'base/store', 'base/web', 'queue'],
  voice: ['base', 'base/journal', 'base/store', 'base/web'],
  wire: ['base'],
}

/** Rooms that know everything, each with a reason: composition, and what tests and benchmarks start. */
const knowsEverything = ['open-box.ts', 'box-pages.ts', 'bench', 'testing']

const root = join(import.meta.dirname, '..')
const sources = ['appliance', 'regency', 'provisioning', 'bench', 'testing'].flatMap(readSources)
const isForTests = (file: string) => /\.test\.tsx?$|^testing\//.test(file)
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
  const whole = ['appliance/open-box.ts', 'regency/hub.ts']
  const importers = imports.filter(({ file, target }) => whole.includes(target) && file !== 'testing/test-box.ts')
  expect(importers.map(({ file }) => roomOf(file)).filter((room) => room !== 'cli' && room !== 'bench')).toEqual([])
})

test('pages take nothing but types from the box, and words of the voice and of checks', () => {
  const values = imports.filter(
    ({ file, target, onlyType }) =>
      roomOf(file) === 'pages' &&
      // Reads the catalogues for the program and the build; no page imports it.
      file !== 'appliance/base/messages/catalogues.ts' &&
      roomOf(target) !== 'pages' &&
      !onlyType &&
      !pureForBrowsers.some((one) => target.endsWith(one)),
  )
  expect(values.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
})

test('the table names no room that is not there', () => {
  const rooms = new Set(sources.map(({ file }) => roomOf(file)))
  expect(Object.keys(mayImport).filter((room) => !rooms.has(room))).toEqual([])
})

test('only the clock reads the time', () => {
  const tellsTime = /\bDate\.now\(|\bnew Date\(\)/
  const readers = sources.filter(
    ({ file, text }) => tellsTime.test(text) && !isForTests(file) && !['pages', 'bench'].includes(roomOf(file)),
  )
  expect(readers.map(({ file }) => file)).toEqual(['appliance/base/clock.ts'])
})

test('only program-files.ts knows where files of the program lie, so that the build carries each that is read', () => {
  const asks = /import\.meta\.(url|dirname|filename)|createRequire|new Worker\(/
  const askers = sources.filter(
    ({ file, text }) =>
      asks.test(text) && !isForTests(file) && roomOf(file) !== 'bench' && !file.startsWith('provisioning/program/'),
  )
  expect(askers.map(({ file }) => file)).toEqual(['appliance/base/program-files.ts'])
})

test('topic names exist in wire only', () => {
  const named = sources.filter(
    ({ file, text }) => /balai\/\d/.test(text) && !isForTests(file) && roomOf(file) !== 'wire',
  )
  expect(named.map(({ file }) => file)).toEqual([])
})

function isAllowed(from: string, target: string): boolean {
  const inside = target.replace(/^appliance\//, '')
  return (mayImport[from] ?? []).some((allowed) => inside === allowed || inside.startsWith(`${allowed}/`))
}

function roomOf(file: string): string {
  const [house = '', room = '', part = ''] = file.split('/')
  if (house !== 'appliance') return house
  return room === 'base' && !part.includes('.') ? `base/${part}` : room
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
