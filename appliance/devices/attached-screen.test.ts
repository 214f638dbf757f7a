import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAttachedScreen } from './attached-screen.ts'

/* The box and root's script on one folder; systemctl writes down what it is told. */

const script = join(import.meta.dirname, '../../provisioning/debian/usr/lib/balai/attached-screen')

let place: string
let settings: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'balai-attached-'))
  settings = join(place, 'etc-screen')
  mkdirSync(join(place, 'bin'))
  writeFileSync(join(place, 'cage'), '')
  writeFileSync(join(place, 'bin', 'systemctl'), `#!/bin/sh\necho "$@" >>'${place}/told'\n`)
  chmodSync(join(place, 'bin', 'systemctl'), 0o755)
})
afterEach(() => rmSync(place, { recursive: true }))

const open = (more: object = {}) =>
  createAttachedScreen(place, { settings, compositor: join(place, 'cage'), memoryBytes: 1024 ** 3, ...more })
/** As systemd starts it when the wish is written, and at each start of the machine. */
const apply = () =>
  execFileSync('sh', [script], {
    env: {
      PATH: `${join(place, 'bin')}:${process.env.PATH}`,
      BALAI_WISH: join(place, 'attached-screen'),
      BALAI_SCREEN: settings,
    },
  })
const told = () => readFileSync(join(place, 'told'), 'utf8').trim().split('\n')

test('what a technician chooses is what the screen starts with, and is started once', () => {
  const screen = open()
  expect(screen.view()).toEqual({ possible: 'yes', page: 'none', turned: 0 })
  screen.set({ page: 'kiosk', turned: 90 })
  expect(screen.view()).toEqual({ possible: 'yes', page: 'kiosk', turned: 90 })
  apply()
  expect(readFileSync(settings, 'utf8')).toBe('BALAI_PAGE=kiosk\nBALAI_ROTATE=90\n')
  apply()
  expect(told()).toEqual(['--no-block restart balai-screen.service'])
})

test('none takes it away again', () => {
  const screen = open()
  screen.set({ page: 'display', turned: 0 })
  apply()
  screen.set({ page: 'none', turned: 0 })
  apply()
  expect(() => readFileSync(settings)).toThrow('ENOENT')
  expect(told()).toEqual(['--no-block restart balai-screen.service', '--no-block stop balai-screen.service'])
})

test('what install.sh has set stands until somebody chooses, and nothing is asked of systemd meanwhile', () => {
  writeFileSync(settings, 'BALAI_PAGE=display\nBALAI_ROTATE=270\n')
  expect(open().view()).toEqual({ possible: 'yes', page: 'display', turned: 270 })
  apply()
  expect(() => told()).toThrow('ENOENT')
})

test.each([
  ['without a compositor', { compositor: '/nowhere/cage' }, 'no-browser'],
  ['with 512 MB', { memoryBytes: 512 * 1024 ** 2 }, 'memory'],
])('a machine %s says so, and takes no page', (_what, machine, possible) => {
  const screen = open(machine)
  expect(screen.view()).toMatchObject({ possible })
  expect(() => screen.set({ page: 'kiosk', turned: 0 })).toThrow('cannot show pages')
  screen.set({ page: 'none', turned: 0 })
})

test('a box that was taken over puts nothing else into the settings that root reads', () => {
  writeFileSync(join(place, 'attached-screen'), 'BALAI_PAGE=kiosk\nLD_PRELOAD=/tmp/evil.so\nBALAI_ROTATE=90;reboot\n')
  apply()
  expect(readFileSync(settings, 'utf8')).toBe('BALAI_PAGE=kiosk\nBALAI_ROTATE=normal\n')
  rmSync(settings)
  writeFileSync(join(place, 'attached-screen'), 'BALAI_PAGE=$(reboot)\n')
  apply()
  expect(() => readFileSync(settings)).toThrow('ENOENT')
})
