import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTestFolder, openTestDatabaseAlone } from '../../testing/hub-parts.ts'
import { exitCode } from '../base/errors.ts'

/* `balai hub retention`, `role` and `backup` as somebody types them; each has its own test of what it does. */

const program = join(import.meta.dirname, '..', 'balai.js')
const { folder, remove } = makeTestFolder('hub-keeping')
let opened: Awaited<ReturnType<typeof openTestDatabaseAlone>>

beforeAll(async () => {
  opened = await openTestDatabaseAlone()
  writeFileSync(join(folder, 'villages.csv'), 'code,kind,name,district_code,district\n')
  const url = opened.server.url
  writeFileSync(
    join(folder, 'hub.toml'),
    `name = "Kabupaten Uji"\ndata = "data"\nvillages = "villages.csv"\nbackup_stamp = "stamp"\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n[postgres]\nurl = "${url}"\n[retention]\nmeter_days = 30\n`,
  )
  await opened.database.query(`INSERT INTO meter (village, day) VALUES ('3510012001', '2020-01-01')`)
}, 60_000)
afterAll(async () => {
  await opened.close()
  remove()
})

const hub = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'hub', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('retention says what would go, then removes it', async () => {
  const dry = hub('retention', '--dry-run')
  expect(dry).toMatchObject({ status: exitCode.ok, stderr: '' })
  expect(dry.stdout).toMatch(/^meter {12}before 20\d\d-\d\d-\d\d \(30 days\): 1 rows, \d+\.\d MB$/m)
  expect(dry.stdout).toMatch(/\n1 rows, \d+\.\d MB would go\. Nothing was removed\.\n$/)
  expect(hub('retention').stdout).toMatch(/\n1 rows, \d+\.\d MB removed\.\n$/)
  expect(hub('retention').stdout).toMatch(/\n0 rows, 0\.0 MB removed\.\n$/)
  const { rows } = await opened.database.query(`SELECT actor, data FROM audit WHERE action = 'retention.applied'`)
  expect(rows).toEqual([{ actor: expect.stringContaining('command line ('), data: { rows: 1, tables: 'meter 1' } }])
})

test('R3: retention by a clock that PostgreSQL contradicts removes nothing, and says both', async () => {
  await opened.database.query(`INSERT INTO meter (village, day) VALUES ('3510012001', current_date)`)
  const library = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'hub', 'retention'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{
        LD_PRELOAD: `/usr/lib/${library}/faketime/libfaketimeMT.so.1`,
        FAKETIME: '+4000d',
        DONT_FAKE_MONOTONIC: '1',
      },
    },
  })
  expect({ status, stdout }).toEqual({ status: exitCode.failed, stdout: '' })
  expect(stderr).toMatch(
    /^This machine's clock says 20.*, PostgreSQL's is 3456000\d\d s away from it: nothing was removed/,
  )
  const { rows } = await opened.database.query('SELECT 1 FROM meter')
  expect(rows).toHaveLength(1)
})

test('a role is made and told how it gets its password; without a name it says what to type', async () => {
  expect(hub('role', 'balai_reader')).toEqual({
    status: exitCode.ok,
    stdout:
      "balai_reader reads what names no person, and nothing else.\nIts password: sudo -u postgres psql --command '\\password balai_reader'\n",
    stderr: '',
  })
  expect(hub('role').stderr).toBe('Name one role that shall read: balai hub role balai_reader\n')
})

test('a backup is written, proved and stamped; a wrong number of them is said', () => {
  const done = hub('backup', '--keep', '3')
  expect(done).toMatchObject({
    status: exitCode.ok,
    stderr: expect.stringContaining('restoring it into balai_backup_check …'),
  })
  expect(done.stdout).toMatch(/\.dump: \d+\.\d MB, restored and sound: 0 entries of 0 villages\.\n$/)
  const [name = ''] = readdirSync(join(folder, 'data/backups'))
  expect(readFileSync(join(folder, 'stamp'), 'utf8')).toContain(name)
  expect(hub('backup', '--folder', 'elsewhere').status).toBe(exitCode.ok)
  expect(existsSync(join(folder, 'elsewhere'))).toBe(true)
  expect(hub('backup', '--keep', 'all').stderr).toBe('--keep is "all"; allowed: how many dumps stay, 1 to 1000\n')
})
