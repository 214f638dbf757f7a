import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openKeptLog, readKept } from './kept-log.ts'
import { createLocalTime, describeLogLine, parseLogLine } from './log-lines.ts'

const place = mkdtempSync(join(tmpdir(), 'balai-kept-log-'))
let data = ''
let at = 0
beforeEach(() => {
  data = mkdtempSync(join(place, 'data-'))
  at = 0
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

const open = () => {
  const kept = openKeptLog(data, { monotonicMs: () => at })
  return { kept, log: pino({ level: 'trace' }, kept) }
}
const file = () => join(data, 'warnings.jsonl')
const said = () => readKept(data).map(({ msg }) => msg)

test('warnings and errors are there after the next start, what is usual is not', () => {
  const { kept, log } = open()
  log.info('the box is open')
  log.warn({ trouble: 'refused' }, 'no connection to the broker')
  log.error({ err: new Error('disk I/O error') }, 'the disk failed')
  kept.flush()
  expect(said()).toEqual(['no connection to the broker', 'the disk failed'])
  expect(open().kept.newest()).toMatchObject([{ fields: { trouble: 'refused' } }, { msg: 'the disk failed' }])
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test('what ends the program is on the disk at once', () => {
  open().log.fatal('nothing has caught this')
  expect(said()).toEqual(['nothing has caught this'])
})

test('a line that a power cut has torn off is passed over, and spoils none that comes after it', () => {
  const { kept, log } = open()
  log.warn('before')
  kept.flush()
  appendFileSync(file(), '{"level":40,"time":17960181012')
  const next = open()
  next.log.warn('after')
  next.kept.flush()
  expect(said()).toEqual(['before', 'after'])
})

test('it never takes more than 2 MB, and the newest stays', () => {
  const { kept, log } = open()
  for (let n = 0; n < 1_200; n++) {
    log.error(
      { err: new Error(`failure ${n} ${'x'.repeat(250)}`), cause: 'y'.repeat(300), path: 'z'.repeat(2_000) },
      `number ${n} ${'.'.repeat(400)}`,
    )
    at += 1_000
    if (n % 3 === 0) kept.flush()
  }
  for (let n = 0; n < 4_000; n++) {
    log.warn({ path: `/${n}/${'z'.repeat(290)}` }, `again ${n} ${'.'.repeat(480)}`)
    if (n % 50 === 0) kept.flush()
  }
  kept.close()
  const sizes = readdirSync(data).map((name) => statSync(join(data, name)).size)
  expect(sizes).toHaveLength(2)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000)
  expect(Math.max(...sizes)).toBeGreaterThan(500_000)
  expect(said().at(-1)).toMatch(/^again 3999 /)
})

test('what repeats itself is written once an hour, with how often it came', () => {
  const { kept, log } = open()
  for (let minute = 0; minute < 150; minute++) {
    log.warn({ trouble: 'no-network' }, 'no connection to the broker')
    kept.flush()
    at += 60_000
  }
  log.warn({ trouble: 'refused' }, 'no connection to the broker')
  kept.close()
  expect(readKept(data).map(({ fields }) => [fields.trouble, fields.again])).toEqual([
    ['no-network', undefined],
    ['no-network', 59],
    ['no-network', undefined],
    ['no-network', 59],
    ['no-network', undefined],
    ['refused', undefined],
    ['no-network', 29],
  ])
})

test('nothing of people stands in it: no unknown field, no long number, nothing that an error quotes', () => {
  const { kept, log } = open()
  let failure: unknown
  try {
    JSON.parse('{"name":"Budi Santoso"')
  } catch (error) {
    failure = error
  }
  log.error(
    { err: failure, nik: '3510152012900001', name: 'Budi', path: '/var/lib/balai' },
    'a file of 3510152012900001',
  )
  log.warn({ flows: 'Budi Santoso has called' }, 'flows')
  log.warn({ cause: `unexpected '081234567890'` }, 'not understood')
  log.error({ err: new Error('the value "Budi Santoso" of 081234567890 is none') }, 'refused')
  kept.flush()
  const text = readFileSync(file(), 'utf8')
  expect(text).toContain('/var/lib/balai')
  expect(text).not.toMatch(/Budi|Santoso|3510152012900001|081234567890/)
})

test('a folder that takes no writes, or is not there, fails nobody', () => {
  const { kept, log } = open()
  rmSync(data, { recursive: true })
  log.warn('one')
  kept.flush()
  expect(existsSync(data)).toBe(false)
  const erased = openKeptLog(place, { mayWrite: () => false })
  pino({}, erased).warn('two')
  erased.close()
  expect(existsSync(join(place, 'warnings.jsonl'))).toBe(false)
  const unwritable = openKeptLog('/proc')
  pino({}, unwritable).warn('three')
  expect(() => unwritable.close()).not.toThrow()
})

test('a line in words has local time, level, what happened and what matters; of an error where it arose', () => {
  const error = {
    type: 'Error',
    message: 'disk I/O error',
    code: 'EIO',
    stack: 'Error: x\n    at write (/a/b.ts:1:2)\n    at c',
  }
  const text = JSON.stringify({
    ...{ level: 50, time: Date.UTC(2026, 10, 30, 6, 5, 22), pid: 7, hostname: 'balai' },
    ...{ path: '/var/lib/balai', cause: 'no room left', err: error, msg: 'the disk failed' },
  })
  const line = parseLogLine(text)
  expect(line && describeLogLine(line, createLocalTime('Asia/Jakarta'))).toBe(
    '2026-11-30 13:05:22 ERROR the disk failed  path=/var/lib/balai  cause="no room left"\n    Error EIO: disk I/O error\n    at write (/a/b.ts:1:2)',
  )
  expect([parseLogLine('Started balai.service'), parseLogLine('{"level":'), parseLogLine('{"a":1}')]).toEqual([
    null,
    null,
    null,
  ])
})
