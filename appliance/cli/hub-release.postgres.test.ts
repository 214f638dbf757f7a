import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadVillages } from '../../regency/base/villages.ts'
import { makeTestFolder, openTestDatabase } from '../../testing/hub-parts.ts'
import { makeBundle, makeBundleKeys } from '../../testing/rauc-bundle.ts'

/* `balai hub release`, typed. */

const program = join(import.meta.dirname, '..', 'balai.js')
const { folder, remove } = makeTestFolder('release')
let opened: Awaited<ReturnType<typeof openTestDatabase>>
const bundle = (name: string, version: string, compatible = 'balai-pi') =>
  makeBundle(folder, { name, pair: 'ours', compatible, version, bytes: 1_200_000 })

beforeAll(async () => {
  opened = await openTestDatabase()
  const rows = Array.from({ length: 12 }, (_, n) => ({
    ...{ village: `35100120${String(n).padStart(2, '0')}`, kind: 'desa' as const, name: `Uji ${n}` },
    ...{ district_code: '351001', district: 'Uji' },
  }))
  await loadVillages(opened.database, rows, '2026-11-29', { drop: 0 })
  makeBundleKeys(folder, 'ours')
  writeFileSync(join(folder, 'villages.csv'), 'code,kind,name,district_code,district\n')
  writeFileSync(
    join(folder, 'hub.toml'),
    `name = "Kabupaten Uji"\ndata = "data"\nvillages = "villages.csv"\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n[postgres]\nurl = "${opened.server.url}"\n`,
  )
})
afterAll(async () => {
  await opened.close()
  remove()
})

function release(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'hub', 'release', ...words, '--config', join(folder, 'hub.toml')],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

test('a release is shown, sent to one village, said how it goes, stopped and let go on', () => {
  expect(release()).toEqual({ status: 0, stdout: 'No system was ever published.\n', stderr: '' })
  const first = bundle('first', '0.4.0')
  expect(release(first).stderr).toContain('publish with --yes')
  expect(release(first, '--yes')).toEqual({
    status: 0,
    stdout:
      'balai-pi: 0.4.0, 2 MB\nRelease 1 goes to 1 of 12 villages.\nIt goes on by itself when their boxes have run it for a day, and stops at the first that has trouble.\n',
    stderr: '',
  })
  // A kind of machine that this one is not for keeps its bundle.
  expect(release(bundle('pc', '0.5.0', 'balai-pc'), '--yes', '--stage', '10').stdout).toContain('to 10 of 12 villages')
  expect(release().stdout).toMatch(
    /^Release 2 of .*: balai-pc 0\.5\.0, balai-pi 0\.4\.0\nstage 10: offered to 10 of 12/,
  )
  expect(release('--stop').stdout).toContain('Release 2 is offered to nobody any more.')
  expect(release().stdout).toContain('It is stopped, by hand. On: balai hub release --go-on\n')
  expect(release('--go-on').stdout).toBe('Release 2 goes to 12 of 12 villages.\n')
  expect(release().stdout).not.toContain('stopped')
})

test('what is wrong with what was typed is said, and nothing goes out', () => {
  const before = release().stdout
  const rubbish = join(folder, 'rubbish.raucb')
  writeFileSync(rubbish, 'no bundle at all')
  const refused = release(rubbish, '--yes')
  expect(refused).toMatchObject({ status: 1, stdout: '' })
  expect(refused.stderr).toContain(`${rubbish} is no bundle of a system or program for images (.raucb)`)
  expect(refused.stderr).not.toMatch(/^\s+at /m)
  expect(release(join(folder, 'none.raucb')).stderr).toContain('none.raucb')
  expect(release('--stop', '--go-on').stderr).toContain('FILE, --go-on or --stop: one of them.')
  expect(release('--go-on', '--stage', 'half').stderr).toContain('--stage is "half"; allowed: 1, 10, all')
  expect(release('--go-on', '--to', 'Licin').stderr).toContain('--to is "Licin"')
  expect(release().stdout).toBe(before)
})
