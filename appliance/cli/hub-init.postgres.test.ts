import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHubConfig } from '../../regency/base/config.ts'
import { startFleetBroker } from '../../testing/fleet-broker.ts'
import { makeTestFolder, openTestDatabase } from '../../testing/hub-parts.ts'
import { freePort } from '../../testing/servers.ts'
import { openTestFleet } from '../../testing/test-fleet.ts'

/* `balai hub init` and `balai hub doctor`, typed, with a real fleet folder, broker and database. */

const { folder, remove } = makeTestFolder('hub-init')
const balai = join(import.meta.dirname, '..', 'balai.js')
const at = (name: string) => join(folder, name)
let made: Awaited<ReturnType<typeof openTestFleet>>
let broker: Awaited<ReturnType<typeof startFleetBroker>>
let database: Awaited<ReturnType<typeof openTestDatabase>>

beforeAll(async () => {
  const ports = { broker_port: await freePort(), enrol_port: await freePort(), hub_port: await freePort() }
  made = await openTestFleet({ now: Date.now(), ...ports, hubs: 1 })
  broker = await startFleetBroker(made)
  database = await openTestDatabase()
  writeFileSync(
    at('villages.csv'),
    'code,kind,name,district_code,district\n35.10.24.2008,desa,Tamansari,35.10.24,Licin\n',
  )
  mkdirSync(at('data'), { mode: 0o750 })
}, 60_000)
afterAll(async () => {
  await broker?.stop()
  await database?.close()
  made?.remove()
  remove()
})

function type(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [balai, 'hub', ...words], { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}
const config = () => ['--config', at('etc/hub.toml')]
const init = (...words: string[]) => type('init', ...words, ...config(), '--data', at('data'))
const answers = () => [
  '--villages',
  at('villages.csv'),
  '--database',
  database.server.url,
  '--password-file',
  '/dev/null',
]
const put = (text: string) => {
  writeFileSync(at('other.csv'), text)
  return at('other.csv')
}

test('without a terminal everything that is missing is named at once', () => {
  const { status, said } = init()
  expect(status).toBe(78)
  expect(said).toMatch(/missing:\n {2}FOLDER: .*\n {2}--villages FILE: .*\n {2}--database URL: /)
  expect(init(made.folder, '--villages', at('villages.csv'), '--database', database.server.url).said).toContain(
    '--password-file FILE: its password',
  )
})

test('on a terminal it asks, one thing after another, and shows no password', async () => {
  const line = [process.execPath, balai, 'hub', 'init', ...config(), '--data', at('data')].join(' ')
  // util-linux's script gives it a terminal.
  const child = spawn('script', ['-qec', line, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answersTo = {
    'The fleet folder': made.folder,
    'villages.csv,': at('villages.csv'),
    'PostgreSQL, Enter for': 'postgres://balai@127.0.0.1:9/balai',
    'Its password': 'kata-sandi-rahasia',
  }
  const answered: string[] = []
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const [question, answer] = Object.entries(answersTo)[answered.length] ?? []
    if (question === undefined || !said.includes(question)) return
    answered.push(question)
    child.stdin.write(`${answer}\r`)
  })
  await new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  expect(answered).toEqual(Object.keys(answersTo))
  expect(said).toContain('Nothing was written')
  expect(said).not.toContain('kata-sandi-rahasia')
})

test.each<[string, () => string[], string]>([
  ['no fleet folder', () => [folder, ...answers()], 'is no fleet folder and no hub-1 of one'],
  [
    'a table of one heading',
    () => [made.folder, ...answers(), '--villages', put('code,kind,name,district_code,district\n')],
    'has a heading and no village',
  ],
  [
    'a table with mistakes',
    () => [
      made.folder,
      ...answers(),
      '--villages',
      put('code,kind,name,district_code,district\n35,desa,A,35.10.24,B\n'),
    ],
    'line 2: code is "35"',
  ],
  [
    'a password that everybody sees',
    () => [made.folder, ...answers(), '--database', 'postgres://balai:secret@localhost/balai'],
    'which other users of this machine could see',
  ],
  [
    'a database that is not there',
    () => [made.folder, ...answers(), '--database', database.server.url.replace(/[^/]+$/, 'absent')],
    'createdb --owner balai balai.\nbalai hub init: Nothing was written.',
  ],
  [
    'a server that is not there',
    () => [made.folder, ...answers(), '--database', 'postgres://balai@127.0.0.1:9/balai'],
    'nobody answers at its address',
  ],
])('%s is refused in words, and nothing is written', (_name, words, sentence) => {
  const { status, said } = init(...words())
  expect([status, said]).toEqual([78, expect.stringContaining(sentence)])
  expect(said).not.toContain('secret')
  expect(existsSync(at('etc/hub.toml'))).toBe(false)
  expect(existsSync(at('data/hub-key.pem'))).toBe(false)
})

test('a folder that was copied in part is named file by file', () => {
  cpSync(join(made.folder, 'hub-1'), at('part'), { recursive: true })
  rmSync(at('part/hub-key.pem'))
  expect(init(at('part'), ...answers()).said).toContain('hub-key.pem is missing: copy the whole folder hub-1')
  copyFileSync(join(made.folder, 'hub-1/hub-key.pem'), at('part/hub-key.pem'))
  rmSync(at('part/authority/lan-ca.key'))
  expect(init(at('part'), ...answers()).said).toMatch(/missing: \S+authority\/lan-ca\.key\. Copy the whole folder/)
  copyFileSync(join(made.folder, 'hub-1/hub.key'), at('part/authority/lan-ca.key'))
  expect(init(at('part'), ...answers()).said).toMatch(/lan-ca\.key is not the key of .*lan-ca\.pem/)
})

test('the fleet folder becomes a hub that starts, every file for whom it is', () => {
  const { status, said } = init(made.folder, ...answers())
  expect([status, said]).toEqual([0, expect.stringMatching(/^\+ Database: PostgreSQL \d+/)])
  expect(said).toMatch(/^\+ Broker: mqtts:\S+; lets the hub in and grants every topic$/m)
  expect(said).toMatch(/1 villages\. Next:\n {2}sudo balai hub-account add[\s\S]*systemctl start balai-hub/)
  const modeOf = (name: string) => (statSync(at(name)).mode & 0o777).toString(8)
  expect(
    ['etc', 'etc/hub.toml', 'etc/hub.key', 'etc/authority', 'etc/authority/issuing-ca.key', 'data/hub-key.pem'].map(
      modeOf,
    ),
  ).toEqual(['750', '640', '640', '750', '640', '600'])
  const read = readHubConfig(at('etc/hub.toml'))
  expect(read).toMatchObject({ data: at('data'), authority: at('etc/authority') })
  expect(read.postgres.url).toBe(database.server.url)
  expect(read.console.url).toMatch(/^https:\/\/balai\.example\.go\.id:\d+$/)
  expect(readFileSync(at('etc/hub-key.pub'), 'utf8').trim()).toBe(type('key', ...config()).said.trim())
})

test('a second time nothing is overwritten, and it says what to do', () => {
  const before = readFileSync(at('etc/hub.toml'), 'utf8')
  expect(init(made.folder, ...answers())).toEqual({
    status: 78,
    said: expect.stringMatching(/is there already, and is not overwritten\. .*--renew.*balai hub doctor/),
  })
  rmSync(at('etc/hub.toml'))
  writeFileSync(at('key'), readFileSync(at('data/hub-key.pem')))
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('data/hub-key.pem')])
  expect(init(made.folder, ...answers()).said).toMatch(/another key than .*hub-key\.pem, and is not overwritten/)
  copyFileSync(at('key'), at('data/hub-key.pem'))
  writeFileSync(at('etc/hub.toml'), before)
})

test('after a rotation --renew brings the new certificates and leaves the rest', () => {
  const before = readFileSync(at('etc/hub.pem'), 'utf8')
  execFileSync(process.execPath, [balai, 'fleet', 'rotate', '--folder', made.folder], { stdio: 'ignore' })
  rmSync(at('data/hub-key.pem'))
  const { status, said } = init(made.folder, '--renew')
  expect([status, said]).toEqual([0, expect.stringContaining('sudo systemctl restart balai-hub')])
  expect(readFileSync(at('etc/hub.pem'), 'utf8')).not.toBe(before)
  expect(readFileSync(at('data/hub-key.pem'), 'utf8')).toBe(readFileSync(at('key'), 'utf8'))
})

test('doctor says what is good and what needs somebody, in words and as JSON', () => {
  const { status, said } = type('doctor', ...config(), '--language', 'en')
  expect(status).toBe(1)
  expect(said).toMatch(/^Hub of Kabupaten Uji, Jawa Timur\n/)
  expect(said).toMatch(/^! Hub: the program does not run; .*\n {4}Start it: sudo systemctl start balai-hub/m)
  expect(said).toMatch(/^\+ Broker: mqtts:\S+; lets the hub in/m)
  expect(said).toMatch(/^\+ Certificate: towards the broker; valid for 82\d more days/m)
  expect(said).toMatch(/^\+ Hub key: /m)
  expect(said).toMatch(/^! Console accounts: none yet/m)
  expect(said).toMatch(/^- Backup of the database: not watched/m)
  const { checks } = JSON.parse(type('doctor', ...config(), '--json').said) as {
    checks: { code: string; state: string }[]
  }
  expect(checks.filter(({ state }) => state === 'attention').map(({ code }) => code)).toEqual(['program', 'accounts'])
})

test('doctor tells an absent hub.toml and another key apart from a fault', () => {
  expect(type('doctor', '--config', at('none.toml'), '--language', 'en')).toEqual({
    status: 1,
    said: expect.stringContaining('sudo balai hub init FOLDER'),
  })
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('data/hub-key.pem')])
  expect(type('doctor', ...config(), '--language', 'en').said).toMatch(/^! Hub key: \S+ is not the key with which/m)
  copyFileSync(at('key'), at('data/hub-key.pem'))
})
