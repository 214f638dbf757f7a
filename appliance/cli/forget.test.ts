import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { furnish, openTestBox, testVillage } from '../../testing/test-box.ts'
import { listBackups } from '../backup/files.ts'

const program = join(import.meta.dirname, '..', 'balai.js')
const place = mkdtempSync(join(tmpdir(), 'balai-forget-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

let data = ''
let stick = ''
beforeEach(async () => {
  data = mkdtempSync(join(place, 'data-'))
  stick = mkdtempSync(join(place, 'stick-'))
  const box = await openTestBox({ folder: data })
  await furnish(box)
  await box.close()
  writeFileSync(
    join(place, 'balai.toml'),
    `village = "${testVillage}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "${data}"\nbackup_stick = "${join(place, 'no-stick')}"\n`,
  )
})

const forget = (typed: string, ...words: string[]) =>
  spawnSync(process.execPath, [program, 'forget', '--config', join(place, 'balai.toml'), ...words], {
    ...{ encoding: 'utf8', input: `${typed}\n`, timeout: 60_000 },
  })

test('after a last backup and the right name nothing of the office is left', () => {
  const { status, stdout } = forget('tamansari', '--to', stick)
  expect([status, stdout]).toEqual([0, expect.stringMatching(/Desa Tamansari \(3510242008\): \d+ entries/)])
  expect(readdirSync(data)).toEqual([])
  expect(listBackups(stick)).toHaveLength(1)
})

test('another name, no place for the backup, or one inside of what goes: nothing changes', () => {
  // Reading leaves the files of SQLite's log.
  const files = () =>
    readdirSync(data)
      .filter((name) => !/-(wal|shm)$/.test(name))
      .sort()
  const before = files()
  expect(forget('Desa Kemiren', '--to', stick)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('That is not the name "Desa Tamansari". Nothing was changed.'),
  })
  expect(forget('Tamansari')).toMatchObject({ status: 78, stderr: expect.stringContaining('No stick is mounted') })
  mkdirSync(join(data, 'backups'), { recursive: true })
  expect(forget('Tamansari', '--to', join(data, 'backups')).status).toBe(78)
  rmSync(join(data, 'backups'), { recursive: true })
  expect(files()).toEqual(before)
  expect(existsSync(join(data, 'balai.db'))).toBe(true)
})

test('a box that runs is not erased', async () => {
  const box = await openTestBox({ folder: data })
  expect(forget('Tamansari', '--to', stick)).toMatchObject({
    status: 78,
    stderr: expect.stringContaining('Stop it first'),
  })
  await box.close()
  expect(existsSync(join(data, 'balai.db'))).toBe(true)
})
