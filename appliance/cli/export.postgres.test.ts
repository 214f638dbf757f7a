import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../testing/hub-parts.ts'
import { furnish, openTestBox, testVillage } from '../../testing/test-box.ts'
import { exitCode } from '../base/errors.ts'

/* `balai export` at the office and `balai hub import` at the regency, as they are typed. */

const folder = mkdtempSync(join(tmpdir(), 'balai-export-'))
const stick = join(folder, 'stick')
const program = join(import.meta.dirname, '..', 'balai.js')
const balai = (...args: string[]) => {
  const ran = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr }
}
let opened: Awaited<ReturnType<typeof openTestDatabase>>
let hubKey = ''

beforeAll(async () => {
  opened = await openTestDatabase()
  mkdirSync(stick)
  writeFileSync(
    join(folder, 'villages.csv'),
    `code,kind,name,district_code,district\n${testVillage},desa,Tamansari,${testVillage.slice(0, 6)},Licin\n`,
  )
  writeFileSync(
    join(folder, 'hub.toml'),
    `name = "Kabupaten Uji"\ndata = "hub"\nvillages = "villages.csv"\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n[postgres]\nurl = "${opened.server.url}"\n`,
  )
  hubKey = balai('hub', 'key').stdout.trim()
  expect(balai('hub', 'villages').status).toBe(exitCode.ok)
  writeFileSync(
    join(folder, 'balai.toml'),
    `village = "${testVillage}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "data"\nhub_key = "${hubKey}"\nbackup_stick = "${folder}/nothing"\n`,
  )
}, 60_000)
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

const countPlaces = async () => (await opened.database.query('SELECT FROM place')).rows.length
const filesOf = (kind: 'kirim' | 'terima') => readdirSync(stick).filter((name) => name.startsWith(kind))

test('SYNC-024: beside a running box a stick is written, taken through kill -9 once, and its receipt brought back', async () => {
  const box = await openTestBox({ folder: join(folder, 'data'), hubKey })
  const { services } = await furnish(box)
  for (let n = 0; n < 900; n++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  expect(balai('export')).toMatchObject({
    status: exitCode.failed,
    stderr: expect.stringContaining('No stick is mounted'),
  })
  expect(balai('export', '--to', 'nowhere').stderr).toContain('nowhere is not there')
  const written = balai('export', '--to', stick)
  expect(written).toMatchObject({ status: exitCode.ok, stdout: expect.stringMatching(/: \d+ entries, \d+ kB\.\n$/) })
  const [name = ''] = filesOf('kirim')
  expect(readFileSync(join(stick, 'BACA.txt'), 'utf8')).toContain('Desa Tamansari')
  const all = box.store.db.prepare<[], number>('SELECT count(*) FROM place').pluck().get() ?? 0

  for (const afterMs of [700, 900, 1_100]) {
    const importing = spawn(process.execPath, [program, 'hub', 'import', stick], { cwd: folder, stdio: 'ignore' })
    const ended = once(importing, 'exit')
    setTimeout(() => importing.kill('SIGKILL'), afterMs)
    await ended
  }
  expect(balai('hub', 'import', stick)).toMatchObject({
    status: exitCode.ok,
    stdout: expect.stringMatching(/village \d{10}, (nothing new|\d+ new entries)\.[\s\S]*the receipt/),
  })
  expect(await countPlaces()).toBe(all)
  expect(balai('hub', 'import', join(stick, name)).stdout).toContain('nothing new')
  expect(await countPlaces()).toBe(all)

  // What is wrong is named beside what is right, and stops none behind it.
  writeFileSync(join(stick, 'kirim-0000000000-x.balai'), readFileSync(join(stick, name)).subarray(0, 4_000))
  expect(balai('hub', 'import', stick)).toMatchObject({
    status: exitCode.failed,
    stdout: expect.stringMatching(/not taken\. The file is cut short[\s\S]*nothing new/),
  })
  expect(balai('hub', 'import').stderr).toContain('Name the stick’s folder or its file')
  expect(balai('hub', 'import', folder).stderr).toContain('has no file kirim-')

  expect(balai('export', '--receipt', join(stick, name)).stderr).toContain('no receipt of a hub')
  expect(balai('export', '--receipt', stick)).toMatchObject({
    status: exitCode.ok,
    stdout: expect.stringContaining('the box takes it within a minute'),
  })
  await box.look()
  expect(box.stick.view().waiting).toBe(0)
  expect(balai('export', '--to', stick).stdout).toContain('nothing to carry')
  await box.close()
}, 120_000)
