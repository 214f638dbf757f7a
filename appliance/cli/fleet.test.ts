import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exitCode } from '../base/errors.ts'

/* `balai fleet` as an engineer of the regency types it. */

const program = join(import.meta.dirname, '..', 'balai.js')
const place = mkdtempSync(join(tmpdir(), 'balai-fleet-cli-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

function fleet(...args: string[]) {
  const options = { cwd: place, encoding: 'utf8', input: '' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'fleet', ...args], options)
  return { status, stdout, stderr }
}

const regency = ['--regency', 'Kabupaten Uji', '--zone', 'WIB', '--broker', 'broker.example', '--hub', 'hub.example']

test('from nothing to files for each village, and back from one of them', () => {
  expect(fleet('issue', 'villages.csv').stderr).toMatch(/is no fleet folder. Make one: balai fleet init fleet/)
  const missing = fleet('init', 'fleet', '--zone', 'WIB')
  expect(missing.stderr).toBe('--regency: is missing\n--broker: is missing\n--hub: is missing\n')
  expect(missing.status).toBe(exitCode.config)
  const wrong = fleet('init', 'fleet', ...regency, '--hubs', '0', '--broker', 'mqtts://broker:8883', '--hub-port', 'x')
  expect(wrong.stderr).toMatch(/^--broker: is not right.*\n--hub-port: is not right.*\n--hubs: is not right.*\n$/)
  expect(readdirSync(place)).toEqual([])

  expect(fleet('init', 'fleet', ...regency, '--fallback-brokers', 'two.example,three example').stderr).toMatch(
    /^--fallback-brokers: is not right; allowed: hosts of brokers/,
  )

  const made = fleet('init', 'fleet', ...regency, '--broker-port', '18883', '--fallback-brokers', 'two.example')
  expect(made).toMatchObject({ status: exitCode.ok, stderr: '' })
  expect(readFileSync(join(place, 'fleet/broker/balai.conf'), 'utf8')).toMatch(/^listener 18883$/m)
  expect(readFileSync(join(place, 'fleet/fleet.toml'), 'utf8')).toContain('fallback_brokers = [ "two.example" ]')
  const again = fleet('init', 'fleet', ...regency)
  expect(again.status).toBe(exitCode.failed)
  expect(again.stderr).toMatch(/is not empty/)

  expect(fleet('issue', 'villages.csv')).toMatchObject({
    status: exitCode.config,
    stderr: 'villages.csv: cannot be read (ENOENT)\n',
  })
  const csv = ['code,kind,name,district_code,district', '35.10.24.2008,desa,Tamansari,35.10.24,Licin', '1,desa,A,1,B']
  writeFileSync(join(place, 'villages.csv'), csv.join('\n'))
  expect(fleet('issue', 'villages.csv').stderr).toMatch(/^villages.csv: line 3: code is "1"; allowed: /)
  writeFileSync(join(place, 'villages.csv'), csv.slice(0, 2).join('\n'))
  expect(fleet('issue', 'villages.csv').stdout).toContain('1 made in fleet/villages, 0 kept as they were.\n')
  expect(fleet('issue', 'villages.csv').stdout).toMatch(
    /^0 made in fleet\/villages, 1 kept as they were\.\n[\s\S]*Another one is made with the first/,
  )
  // N25: a row that says something else than the file is named, with what differs.
  const changed = ['code,kind,name,district_code,district,wifi', `${csv[1]},Balai`]
  writeFileSync(join(place, 'villages.csv'), changed.join('\n'))
  expect(fleet('issue', 'villages.csv').stdout).toContain('3510242008 was kept, and its row says another wifi.\n')
  writeFileSync(join(place, 'villages.csv'), csv.slice(0, 2).join('\n'))
  const byHand = fleet('certificates', 'villages.csv').stdout
  expect(byHand).toContain('1 made in fleet/boxes, 0 kept as they were.\n')
  expect(byHand).toContain('sudo install -o root -g balai -m 0640 3510242008/* /etc/balai/\n')
  expect(fleet('revoke', '35.10.24.2008').stdout).toMatch(/^35\.10\.24\.2008: 2 taken back/)
  expect(fleet('revoke', '35.10.24.2008').status).toBe(exitCode.failed)
  expect(readFileSync(join(place, 'fleet/villages/sheets.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
  const recovery = join(place, 'fleet/villages/recovery.pdf')
  expect(readFileSync(recovery).subarray(0, 5).toString()).toBe('%PDF-')
  expect(statSync(recovery).mode & 0o077, 'the words are for nobody else').toBe(0)
  // A second sheet is made with the words of the first, and with nothing else.
  const words = join(place, 'words')
  const key = readFileSync(join(place, 'fleet/recovery/3510242008.key'), 'utf8')
  writeFileSync(words, 'abandon '.repeat(24))
  expect(fleet('recovery', '3510242008', '--words-file', 'words')).toMatchObject({ status: exitCode.failed })
  expect(readdirSync(join(place, 'fleet/villages'))).not.toContain('recovery-3510242008.pdf')
  writeFileSync(words, key)
  expect(fleet('recovery', '35.10.24.2008', '--words-file', 'words').stdout).toContain(
    'recovery-3510242008.pdf: the words',
  )
  expect(statSync(join(place, 'fleet/villages/recovery-3510242008.pdf')).mode & 0o077).toBe(0)
  expect(fleet('recovery', '3510242009', '--words-file', 'words').stderr).toContain('has had no file here')
  expect(fleet('status').stdout).toMatch(/^3510242008 {2}file revoked .* certificate revoked /)
  expect(fleet('reissue', '35.10.24.2008').stdout).toMatch(/^fleet\/villages\/balai-enrol-3510242008.json is made/)
  const box = 'b'.repeat(22)
  const wipe = (input: string, ...more: string[]) => {
    const args = [program, 'fleet', 'wipe', '35.10.24.2008', '--box', box, ...more]
    return spawnSync(process.execPath, args, { cwd: place, encoding: 'utf8', input })
  }
  const ordersIn = () => readdirSync(join(place, 'fleet')).filter((name) => name.startsWith('wipe-'))
  expect(fleet('wipe', '35.10.24.2008').stderr).toMatch(
    /^--box: is missing or no id of a box .* balai hub boxes 3510242008/,
  )
  for (const typed of ['', '3510242008\n', '3510242009\nwipe\n', '3510242008\nhapus\n'])
    expect(wipe(typed)).toMatchObject({
      status: exitCode.failed,
      stderr: expect.stringContaining('Nothing was ordered'),
    })
  expect(wipe('', '--yes')).toMatchObject({ status: exitCode.usage })
  expect(ordersIn()).toEqual([])
  expect(wipe('35.10.24.2008\nwipe\n').stdout).toMatch(
    /^fleet\/wipe-3510242008-\S+\.json is the order\.[\s\S]*\nbalai hub command wipe --order wipe-3510242008-/,
  )
  const [order = ''] = ordersIn()
  expect(JSON.parse(readFileSync(join(place, 'fleet', order), 'utf8'))).toMatchObject({ village: '3510242008', box })
  expect(fleet('list', '--due')).toMatchObject({
    status: exitCode.failed,
    stdout: expect.stringContaining('3510242008'),
  })
  expect(fleet('list', '--due', '5')).toMatchObject({ status: exitCode.ok, stdout: 'Nothing ends within 5 days.\n' })
  expect(fleet('rotate').stdout).toContain('fleet/broker/broker.pem')
  expect(fleet('share')).toMatchObject({
    status: exitCode.failed,
    stdout: expect.stringContaining('names no hub_config'),
  })
}, 180_000)

test.each([
  ['no words', []],
  ['an unknown word', ['make', 'x']],
  ['a file too many', ['issue', 'a.csv', 'b.csv']],
  ['a list of what', ['list']],
  ['days that are no number', ['issue', 'a.csv', '--days', 'ten']],
])('%s: usage, with what is typed', (_, args) => {
  expect(fleet(...args).stderr).toMatch(
    /^(It is typed so:\nbalai fleet |balai fleet: .* There are: init, issue, .*, broker\n)/,
  )
  expect(fleet(...args).status).toBe(exitCode.usage)
})
