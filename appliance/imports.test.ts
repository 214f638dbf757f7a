import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { threads } from './base/program-files.ts'
import type { Room } from './base/rooms/room.ts'
import { rooms } from './rooms.ts'

/*
 * Who may import whom: a storey imports downwards only, and a room sees of a neighbour in its `needs` what that one calls
 * its front. What the rooms may do is derived from rooms.ts; the other storeys stand here. `base/*.ts` means files directly
 * in that folder, `base` all of it. Tests and what only tests use (testing, bench) may import everything.
 */

/** Pure, nothing of Node: pages speak by the same rules as the box’s own speaker, and say checks as `balai doctor` does. */
const pureForBrowsers = [
  'backup/kept.ts',
  'base/decode-text.ts',
  'base/messages/fill.ts',
  'base/qr-path.ts',
  'base/time.ts',
  'base/village-code.ts',
  'cases/paper-states.ts',
  'cases/photo-limits.ts',
  'cases/states.ts',
  'health/describe-checks.ts',
  'proposals/kinds.ts',
  'residents/codes.ts',
  'residents/mask.ts',
  'voice/announcer.ts',
  'voice/sentence.ts',
  'wire/judge-letter.ts',
  'wire/letter-statement.ts',
]
const ground = ['wire', 'pki', 'base']
const events = '*/events.ts'

const storeys: Record<string, readonly string[]> = {
  base: ['base/*.ts', 'package.json'],
  wire: ['base/*.ts'],
  pki: ['base/*.ts', 'wire'],
  'base/store': ['base/*.ts'],
  'base/messages': ['base/*.ts'],
  'base/journal': ['base/*.ts', 'base/store', 'wire'],
  'base/broker': ['base/*.ts', 'base/journal', 'base/store', 'wire'],
  'base/web': ['base/*.ts', 'base/store', 'wire'],
  'base/pdf': ['base/*.ts', 'base/messages', 'base/web'],
  'base/rooms': ['base'],

  // A composition knows every room; nothing but the command line, tests and benches knows it.
  'rooms.ts': ['base', '*/room.ts'],
  'config.ts': ['base', 'wire', 'automation/node-sets.ts', 'enrolment/membership.ts'],
  'surroundings.ts': [
    'base',
    'devices/attached-screen.ts',
    'enrolment/find-file.ts',
    'people/pin.ts',
    'updates/machine.ts',
  ],
  'open-journal.ts': [
    ...[...ground, 'config.ts', 'rooms.ts', 'surroundings.ts'],
    ...['backup/recovery.ts', 'enrolment/membership.ts', 'enrolment/move-office.ts'],
  ],
  // The thread that sets documents: what each room has printed.
  'pdf-thread.ts': [
    'cases/poster-paper.ts',
    'base',
    'letters/civil-form-paper.ts',
    'letters/dispatch-paper.ts',
    'claims/slip-paper.ts',
    'letters/letter-paper.ts',
    'letters/set-letter.ts',
    'letters/register-paper.ts',
    'print/test-page.ts',
    'reports/pdf-task.ts',
    'residents/figures-letter.ts',
    'residents/trail-letter.ts',
  ],
  'open-box.ts': [
    ...[...ground, 'config.ts', 'rooms.ts', 'surroundings.ts', 'open-journal.ts', '*/open.ts'],
    ...['health/readings.ts', 'network/profiles.ts'],
  ],

  // Types of what they show, and words that are pure.
  pages: [
    'base/alarms.ts',
    'base/web/office-view.ts',
    'enrolment/find-file.ts',
    '*/views.ts',
    '*-view.ts',
    ...pureForBrowsers,
  ],

  regency: [
    ...ground,
    ...['rooms.ts', events, 'office/hours.ts', 'queue/closed-as.ts', 'people/lockout.ts', 'people/pin.ts'],
    ...['pages/ui', 'pages/pages.ts', 'health/views.ts'],
  ],
  // The regency’s code table is also the list of those who get a file.
  provisioning: [...ground, 'regency', 'base/pdf/make-pdf.ts', 'backup/recovery.ts', 'enrolment/carried-keys.ts'],
  cli: [
    ...ground,
    ...['open-box.ts', 'rooms.ts', 'config.ts', 'regency', 'provisioning', 'backup', 'enrolment', 'health', 'network'],
    ...[
      'updates',
      'automation/host',
      'people/events.ts',
      'people/setup-code.ts',
      'office/hours.ts',
      'office/usual-services.ts',
      'base/pdf/make-pdf.ts',
      'residents/mask.ts',
      'residents/openings.ts',
      'residents/person.ts',
      'imports/read-file.ts',
      'imports/formats/opensid.ts',
      'cases/sent-photos-table.ts',
      'relay/carried-batches.ts',
      'stick',
    ],
  ],
}

const mayImport = (from: string): readonly string[] => {
  const room = rooms.find(({ name }) => name === from)
  if (!room) return storeys[from] ?? []
  return [...ground, ...room.needs.flatMap((name) => frontOf(rooms.find((one) => one.name === name)))]
}

const frontOf = (room: Room | undefined): string[] =>
  room ? ['events.ts', ...(room.front ?? [`${room.name}.ts`])].map((file) => `${room.name}/${file}`) : []

/** Storeys that know everything: what tests and benchmarks start. */
const knowsEverything = ['bench', 'testing']

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

test('the table names no storey that is not there, and every folder is a storey or a room of the list', () => {
  const names = [...Object.keys(storeys), ...rooms.map(({ name }) => name), ...knowsEverything]
  const found = new Set(sources.map(({ file }) => roomOf(file)))
  expect(names.filter((name) => !found.has(name))).toEqual([])
  expect([...found].filter((name) => !names.includes(name) && !name.endsWith('.test.ts'))).toEqual([])
  const folders = readdirSync(join(root, 'appliance')).filter((name) =>
    existsSync(join(root, 'appliance', name, 'room.ts')),
  )
  expect(folders.sort()).toEqual(rooms.map(({ name }) => name).sort())
})

test('a room needs rooms only that need it not, by whatever way', () => {
  const needs = (name: string, seen: string[]): string[] =>
    seen.includes(name)
      ? [[...seen, name].join(' → ')]
      : (rooms.find((room) => room.name === name)?.needs ?? []).flatMap((next) => needs(next, [...seen, name]))
  expect(rooms.flatMap(({ name }) => needs(name, []))).toEqual([])
})

test('no two folders import each other', () => {
  const roads = new Map<string, string[]>()
  for (const { file, target } of imports)
    if (dirname(file) !== dirname(target))
      roads.set(`${dirname(file)} → ${dirname(target)}`, [
        ...(roads.get(`${dirname(file)} → ${dirname(target)}`) ?? []),
        file,
      ])
  const both = [...roads.keys()].filter((road) => roads.has(road.split(' → ').reverse().join(' → ')))
  expect(both.map((road) => `${road}: ${roads.get(road)?.join(', ')}`)).toEqual([])
})

/** What a start of one of these modules loads of ours. */
function loadedBy(...modules: string[]): Set<string> {
  const reached = new Set(modules)
  for (const from of reached)
    for (const { target, onlyType } of imports.filter(({ file }) => file === from)) if (!onlyType) reached.add(target)
  return reached
}

test('what sets PDFs (13 MiB of a box) is loaded by its thread and by commands, and by nothing that runs all day', () => {
  const reached = loadedBy('appliance/open-box.ts', 'regency/hub.ts')
  expect(reached.size).toBeGreaterThan(400)
  expect(reached).not.toContain('appliance/base/pdf/make-pdf.ts')
})

test('threads, which begin anew for each paper and each file, load no schemas', () => {
  const reached = loadedBy(...Object.values(threads).map((thread) => `${thread}.ts`))
  expect(reached).toContain('appliance/base/pdf/make-pdf.ts')
  const withSchemas = sources.filter(
    ({ file, text }) => reached.has(file) && /^import (?!type).* from 'typebox/m.test(text),
  )
  expect(withSchemas.map(({ file }) => file)).toEqual([])
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
  const [folder, file] = [dirname(inside), inside.split('/').at(-1)]
  return mayImport(from).some((allowed) => {
    if (allowed.startsWith('*/')) return inside.split('/').length === 2 && `*/${file}` === allowed
    if (allowed.startsWith('*')) return inside.endsWith(allowed.slice(1))
    if (allowed.endsWith('/*.ts')) return folder === dirname(allowed)
    return inside === allowed || inside.startsWith(`${allowed}/`)
  })
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
