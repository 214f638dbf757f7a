import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { by, furnish, openTestBox, testVillage } from '../../testing/test-box.ts'
import { exitCode } from '../base/errors.ts'

/* `balai backup` and `balai restore` as a technician runs them. */

const folder = mkdtempSync(join(tmpdir(), 'balai-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = join(import.meta.dirname, '..', 'balai.js')
const balai = (...args: string[]) => {
  const ran = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr }
}

test('F10: a backup of a running box is written, listed, refused while the box runs, put back once it is stopped, and holds numbers', async () => {
  writeFileSync(
    join(folder, 'balai.toml'),
    `village = "${testVillage}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "data"\nbackup_stick = "${folder}/stick"\n`,
  )
  const data = join(folder, 'data')
  expect(balai('backup')).toMatchObject({ status: exitCode.config, stderr: expect.stringContaining('balai.db') })
  const running = await openTestBox({ folder: data })
  const { services } = await furnish(running)
  const take = (box: typeof running) => box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  take(running)

  const written = balai('backup')
  expect(written).toMatchObject({
    status: exitCode.ok,
    stdout: expect.stringMatching(/: \d+ entries, \d+ kB, checked\.\n$/),
  })
  const [name = ''] = readdirSync(join(data, 'backups'))
  expect(name).toContain(testVillage)
  const path = join('data', 'backups', name)
  expect(balai('restore').stdout).toMatch(/balai-.*\.db {2}\d+ entries, until 2026-11-23 01:00 UTC/)
  const copied = balai('backup', '--to', 'elsewhere')
  expect(copied.stdout).toMatch(/^elsewhere.*checked/)

  take(running)
  expect(balai('restore', path)).toMatchObject({
    status: exitCode.config,
    stderr: expect.stringContaining('Stop it first'),
  })
  await running.close()
  writeFileSync(join(folder, 'half.db'), readFileSync(join(folder, path)).subarray(0, 30_000))
  expect(balai('restore', 'half.db')).toMatchObject({
    status: exitCode.failed,
    stderr: expect.stringContaining('half.db'),
  })
  expect(balai('restore', path)).toMatchObject({
    status: exitCode.ok,
    stdout: expect.stringContaining('Start the box.'),
  })
  expect(balai('verify').status).toBe(exitCode.ok)

  const restored = await openTestBox({ folder: data })
  try {
    expect(restored.journal.numbersHeld()).toBe('restored')
    expect(() => take(restored)).toThrow(expect.objectContaining({ code: 'queue.numbers-held' }))
    expect(readdirSync(data).filter((file) => file.startsWith('balai.db.')).length).toBeGreaterThan(0)
  } finally {
    await restored.close()
  }
})
