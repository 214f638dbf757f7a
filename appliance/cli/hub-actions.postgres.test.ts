import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { makeRecoveryKey, recipientOf } from '../backup/recovery.ts'
import { exitCode } from '../base/errors.ts'
import { sealPart } from '../wire/private-parts.ts'

/* `balai hub <action>` and `balai hub-account` as an engineer runs them, beside a hub or without one. */

const folder = mkdtempSync(join(tmpdir(), 'balai-hub-'))
const program = join(import.meta.dirname, '..', 'balai.js')
const village = '3510242008'
const [first, second] = ['a'.repeat(22), 'b'.repeat(22)]
let opened: Awaited<ReturnType<typeof openTestDatabase>>

const run = (args: string[], input = '') => {
  const env = { ...process.env, SUDO_USER: 'rina' }
  const ran = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', input, env })
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr }
}
const hub = (...args: string[]) => run(['hub', ...args])
const account = (...args: string[]) => run(['hub-account', ...args], '605138\n')
const audited = async () =>
  (await opened.database.query('SELECT account, actor, action, village, data FROM audit ORDER BY id DESC LIMIT 1'))
    .rows[0]
const byRina = { account: null, actor: 'command line (rina)' }

beforeAll(async () => {
  opened = await openTestDatabase()
  writeFileSync(join(folder, 'villages.csv'), 'code,kind,name,district_code,district\n')
  writeFileSync(
    join(folder, 'hub.toml'),
    `name = "Kabupaten Uji"\ndata = "data"\nvillages = "villages.csv"\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\nclient_id = "hub-1"\n[postgres]\nurl = "${opened.server.url}"\n`,
  )
}, 60_000)
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

test('key prints the same key each time', () => {
  const { status, stdout } = hub('key')
  expect(status).toBe(exitCode.ok)
  expect(stdout).toMatch(/^[A-Za-z0-9_-]{40,}\n$/)
  expect(hub('key').stdout).toBe(stdout)
})

test('F44: of two boxes that said hello one is made the owner by name, an unknown one is refused', async () => {
  await opened.database.query('INSERT INTO stream (village, owner) VALUES ($1, $2)', [village, first])
  await opened.database.query(`INSERT INTO known_box (village, box, key) VALUES ($1, $2, 'k1'), ($1, $3, 'k2')`, [
    village,
    first,
    second,
  ])
  await opened.database.query(`INSERT INTO signing_key (village, key, box) VALUES ($1, 'k1', $2)`, [village, first])
  expect(hub('boxes', village).stdout).toMatch(new RegExp(`^${first}  owner .*\n${second}  not enrolled `, 'm'))
  expect(hub('owner', village, second)).toMatchObject({ status: exitCode.ok, stdout: expect.stringContaining(second) })
  expect(hub('boxes', village).stdout).toMatch(new RegExp(`${second}  owner`))
  expect(await audited()).toEqual({ ...byRina, action: 'box.owner-changed', village, data: { box: second } })
  expect(hub('owner', village, 'c'.repeat(22))).toMatchObject({
    status: exitCode.failed,
    stderr: expect.stringContaining('ccc'),
  })
})

test('F25: aside names what is set aside and why, replay has the village folded again', async () => {
  expect(hub('aside').stdout).toBe('Nothing is set aside.\n')
  await opened.database.query(
    `INSERT INTO set_aside (village, name, type, reason) VALUES ($1, '\\x01', 'queue.ticket-called', 'unknown ticket')`,
    [village],
  )
  expect(hub('aside').stdout).toBe(`${village}  queue.ticket-called  1  unknown ticket\n`)
  expect(hub('replay', village)).toMatchObject({ status: exitCode.ok, stdout: expect.stringContaining('folded again') })
  expect(await audited()).toEqual({ ...byRina, action: 'village.replayed', village, data: {} })
})

test('the first account is an administrator, the next ones readers, and a role is given by its name', async () => {
  expect(account('add', 'Rina').stdout).toBe('Rina may log in to the console as administrator.\n')
  expect(account('add', 'Dewi').stdout).toBe('Dewi may log in to the console as reader.\n')
  expect(account('add', 'Tono', '--role', 'operator').stdout).toBe('Tono may log in to the console as operator.\n')
  expect(account('role', 'tono', '--role', 'reader').status).toBe(exitCode.ok)
  expect(await audited()).toMatchObject({
    ...{ ...byRina, action: 'account.role-changed', village: null },
    data: { name: 'Tono', from: 'operator', to: 'reader' },
  })
  expect(account('add', 'Sari', '--role', 'boss').stderr).toContain('allowed: reader, operator, administrator')
  expect(account('role', 'Tono').status).toBe(exitCode.usage)
  const last = { status: exitCode.failed, stderr: expect.stringContaining('Rina is the last administrator') }
  expect(account('close', 'Rina')).toMatchObject(last)
  expect(account('role', 'Rina', '--role', 'reader')).toMatchObject(last)
  expect(account('close', 'Tono').status).toBe(exitCode.ok)
  expect(account('list').stdout).toBe('Dewi  reader\nRina  administrator\nTono  closed\n')
})

test('a wrong word and a wrong village code are named', () => {
  expect(hub('asside')).toMatchObject({ status: exitCode.usage, stderr: expect.stringContaining('There are: key') })
  expect(hub('boxes', '35.10.24').stderr).toBe('"35.10.24" is no village code: ten digits, as in 35.10.24.2008.\n')
  expect(hub('boxes').stderr).toBe('Name a village by its code: 35.10.24.2008\n')
  expect(hub('--fooo').stderr).toBe("balai: Unknown option '--fooo'\nWhat there is: balai hub --help\n")
  expect(account('pin').stderr).toContain('balai hub-account pin|second-factor-off|close NAME')
  expect(account('pim', 'Rina').stderr).toContain(
    'there is no "pim". There are: add, role, pin, second-factor-off, close, list',
  )
})

test('a village without a box, or of which nothing is here, is said; its code may have dots', () => {
  const nobody = hub('boxes', '35.99.99.2001')
  expect(nobody).toMatchObject({
    status: exitCode.ok,
    stdout: expect.stringContaining('No box of 3599992001, which is'),
  })
  expect(hub('replay', '35.99.99.2001')).toMatchObject({
    status: exitCode.failed,
    stderr: 'Nothing of 3599992001, which is not in villages.csv, is here that could be folded again.\n',
  })
})

test('open prints what is sealed to the regency, by its key alone, and is audited; a wrong key or none is said', async () => {
  const key = makeRecoveryKey()
  const own = await recipientOf(makeRecoveryKey())
  writeFileSync(join(folder, 'sealing.key'), `${key}\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'other.key'), 'not a key\n')
  for (let i = 0; i < 401; i++) {
    const { p, file } = await sealPart({ name: `Siti ${i}` }, i === 0 ? [own] : [own, await recipientOf(key)])
    const name = Buffer.from(String(i).padStart(32, '0'))
    await opened.database.query(
      `INSERT INTO entry (village, name, type, at, clock, actor, data, p) VALUES ($1, $2, $3, $4, 'synced', 'kiosk:1', '{"case":1}', $5)`,
      [village, name, i % 2 ? 'cases.opened' : 'cases.closed', 1_000 - (i % 7), p],
    )
    await opened.database.query('INSERT INTO sealed (village, name, file) VALUES ($1, $2, $3)', [village, name, file])
  }
  const all = hub('open', village, '--key', 'sealing.key')
  const lines = all.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect([all.status, all.stderr]).toEqual([exitCode.ok, '400 opened, 1 are not sealed to this key.\n'])
  expect(new Set(lines.map((line) => line.private.name)).size).toBe(400)
  expect(lines[0]).toEqual({
    village,
    type: expect.any(String),
    at: 994,
    name: expect.any(String),
    data: { case: 1 },
    private: { name: expect.any(String) },
  })
  expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).sort((a, b) => a - b))
  expect(await audited()).toEqual({ ...byRina, action: 'parts.opened', village, data: { type: '*' } })
  expect(hub('open', village, '--key', 'sealing.key', '--type', 'cases.opened').stderr).toBe('200 opened.\n')

  expect(hub('open', village)).toMatchObject({
    status: exitCode.config,
    stderr: expect.stringContaining('sealing.key of the fleet folder'),
  })
  expect(hub('open', village, '--key', 'other.key').stderr).toContain('other.key holds no key')
  expect(hub('open', village, '--key', 'none.key').stderr).toContain('none.key')
  expect(hub('open', '35', '--key', 'sealing.key').stderr).toContain('no village code')
}, 60_000)
