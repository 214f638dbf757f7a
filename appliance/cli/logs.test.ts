import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../testing/hub-parts.ts'
import { startBox } from '../../testing/programs.ts'
import { openKeptLog } from '../base/kept-log.ts'
import { createLocalTime } from '../base/log-lines.ts'
import { readSince } from './logs.ts'

const program = join(import.meta.dirname, '..', 'balai.js')
const folder = mkdtempSync(join(tmpdir(), 'balai-logs-'))
const programs = join(folder, 'programs')
const line = (time: string, level: number, more: object) =>
  JSON.stringify({ level, time: Date.parse(time), pid: 1, hostname: 'balai', ...more })
const written = [
  'Started balai.service',
  line('2026-11-30T01:00:00Z', 30, { msg: 'the box is open', port: 80 }),
  line('2026-11-30T02:00:00Z', 40, { trouble: 'refused', msg: 'no connection to the broker' }),
  line('2026-11-30T03:00:00Z', 50, {
    err: { type: 'Error', message: 'disk I/O error', stack: '' },
    msg: 'the disk failed',
  }),
  '    at a trace of node',
  '{"level":50,"time":17',
]

beforeAll(() => {
  mkdirSync(programs)
  writeFileSync(join(folder, 'log'), written.join('\n'))
  // As `journalctl -o cat` prints, with what it was asked for.
  writeFileSync(join(programs, 'journalctl'), `#!/bin/sh\necho "$@" > ${folder}/asked\ncat ${folder}/log\n`)
  chmodSync(join(programs, 'journalctl'), 0o755)
  writeFileSync(
    join(folder, 'balai.toml'),
    'village = "3510152012"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIT"\ndata = "data"\n',
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (args: string[], { input, path = programs }: { input?: string; path?: string } = {}) =>
  spawnSync(process.execPath, [program, 'logs', ...args], {
    ...{ cwd: folder, encoding: 'utf8', env: { PATH: `${path}:/bin:/usr/bin`, TZ: 'UTC' } },
    ...(input === undefined ? {} : { input }),
  })

test('lines of the machine’s journal are words in the office’s time, by level and since when', () => {
  const all = run([])
  expect(all.stdout).toBe(
    `Started balai.service
2026-11-30 10:00:00 INFO  the box is open  port=80
2026-11-30 11:00:00 WARN  no connection to the broker  trouble=refused
2026-11-30 12:00:00 ERROR the disk failed
    Error: disk I/O error
    at a trace of node
{"level":50,"time":17
`,
  )
  const some = run(['--hub', '--level', 'error', '--since', '2026-11-30 03:00', '--follow'])
  expect(some.stdout).toMatch(/^Started balai.service\n2026-11-30 03:00:00 ERROR the disk failed/)
  const asked = spawnSync('cat', [join(folder, 'asked')], { encoding: 'utf8' }).stdout
  expect(asked).toBe(
    `--output=cat --no-pager --unit=balai-hub --since=@${Date.UTC(2026, 10, 30, 3) / 1_000} --follow\n`,
  )
})

test('A15: what others have said obeys no terminal: not a field, not an error, not a line of another program', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\u202e'
  const said = [
    line('2026-11-30T01:00:00Z', 40, { msg: `refused ${evil}`, name: 'x', from: `a${evil}` }),
    line('2026-11-30T01:00:00Z', 50, { err: { type: 'Error', message: evil, stack: '' }, msg: 'failed' }),
    `not ours ${evil}`,
  ]
  const { stdout } = spawnSync(process.execPath, [program, 'logs', '-'], { input: said.join('\n'), encoding: 'utf8' })
  expect(stdout.split('\n').length).toBeGreaterThan(3)
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
})

test('a file and standard input are read just so', () => {
  const since = ['--since', '2026-11-30 11:00', '--level', 'warn']
  const said = `Started balai.service
2026-11-30 11:00:00 WARN  no connection to the broker  trouble=refused
`
  expect(run(['log', ...since]).stdout.startsWith(said)).toBe(true)
  expect(run(['-', ...since], { input: written.join('\n') }).stdout.startsWith(said)).toBe(true)
})

test('what the box has kept is shown without its program', () => {
  mkdirSync(join(folder, 'data'))
  const kept = openKeptLog(join(folder, 'data'))
  pino({ timestamp: () => `,"time":${Date.UTC(2026, 10, 30, 2)}` }, kept).warn({ trouble: 'no-dns' }, 'no connection')
  kept.close()
  expect(run(['--kept']).stdout).toBe('2026-11-30 11:00:00 WARN  no connection  trouble=no-dns\n')
  expect(run(['--kept', '--level', 'error']).stdout).toBe('')
})

test('a box that has stopped has left its warnings there', async () => {
  const own = join(folder, 'box')
  const box = await startBox({ folder: own, village: '3510152012', brokerUrl: 'mqtt://127.0.0.1:1' })
  await until(() => readFileSync(join(own, 'log'), 'utf8').includes('no connection to the broker'))
  await box.pause()
  const said = run(['--kept', '--config', join(own, 'balai.toml')]).stdout
  await box.stop()
  expect(said).toMatch(/ WARN {2}no connection to the broker {2}.*ECONNREFUSED/)
}, 60_000)

test('a machine without a journal, and words that do not fit, are sentences', () => {
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const none = spawnSync(process.execPath, [program, 'logs'], { cwd: folder, encoding: 'utf8', env: { PATH: empty } })
  expect([none.status, none.stderr]).toEqual([1, expect.stringMatching(/^This machine has no journal .*--kept\n$/)])
  expect(run(['--level', 'loud']).stderr).toMatch(/^--level is "loud"; allowed: trace, /)
  expect(run(['--since', 'gestern']).stderr).toMatch(/^--since is "gestern"; allowed: 30m/)
  expect(run(['nothing-there']).stderr).toBe('balai: nothing-there is not there.\n')
  expect(run(['--kept', '--follow']).status).toBe(64)
})

test('since when is said as a length, a day or a minute of the office', () => {
  const now = Date.UTC(2026, 10, 30, 20)
  const inJakarta = createLocalTime('Asia/Jakarta')
  expect(readSince('90m', now, inJakarta)).toBe(now - 5_400_000)
  expect(readSince('today', now, inJakarta)).toBe(Date.UTC(2026, 10, 30, 17))
  expect(readSince('2026-11-30', now, inJakarta)).toBe(Date.UTC(2026, 10, 29, 17))
  expect(readSince('2026-11-30T08:30', now, inJakarta)).toBe(Date.UTC(2026, 10, 30, 1, 30))
})
