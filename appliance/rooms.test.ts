import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { healthy } from '../testing/healthy-box.ts'
import type { Room } from './base/rooms/room.ts'
import { alarmChecksOf, pagesOf } from './base/rooms/room.ts'
import { listChecks } from './health/checks.ts'

import { rooms } from './rooms.ts'

const root = join(import.meta.dirname, '..')
const sourcesOf = ({ name }: Room) =>
  globSync(`appliance/${name}/**/*.ts`, { cwd: root }).filter((path) => !/\.test\.ts$/.test(path))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('no two rooms own one event, one table or one page', () => {
  const all = (of: (room: Room) => readonly string[]) => rooms.flatMap(of)
  const twice = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index)
  expect(twice(all(({ events = {} }) => Object.keys(events)))).toEqual([])
  expect(twice(all(({ tables = [] }) => tables))).toEqual([])
  expect(twice(all(({ pages = [] }) => pages.map(({ name }) => name)))).toEqual([])
})

test('each alarm that a room sets stands in its record, at a check that exists', () => {
  const checks = listChecks(healthy).map(({ code }) => code)
  expect(Object.values(alarmChecksOf(rooms)).filter((check) => !checks.includes(check))).toEqual([])
  const strangers = rooms.flatMap((room: Room) =>
    sourcesOf(room)
      .flatMap((path) => [...read(path).matchAll(/alarms\.set\(\s*'([a-z.-]+)'/g)].map(([, code = '']) => code))
      .filter((code) => !Object.keys(room.alarms ?? {}).some((one) => one === code || one === code.split('.')[0]))
      .map((code) => `${room.name} sets ${code}`),
  )
  expect(strangers).toEqual([])
})

test('what a room calls its front is there, and ARCHITECTURE says of each room what it is', () => {
  const fronts = rooms.flatMap(({ name, front = [] }: Room) => front.map((file) => `appliance/${name}/${file}`))
  expect(fronts.filter((path) => !existsSync(join(root, path)))).toEqual([])
  const plan = read('ARCHITECTURE.md')
  expect(rooms.filter(({ name }) => !plan.includes(`| \`appliance/${name}\` |`)).map(({ name }) => name)).toEqual([])
})

test('every page of a room is built', () => {
  const missing = pagesOf(rooms).filter(({ name }) => !existsSync(join(root, 'dist', 'pages', `${name}.html`)))
  expect(missing.map(({ name }) => name)).toEqual([])
})
