import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { issueCertificates, issueEnrolments } from './issue.ts'
import { revokeVillage } from './revoke.ts'

/* `balai fleet deliver` with an ssh and an scp that stand in for two other machines: they carry out here what is asked there. */

const now = Date.now()
const program = join(import.meta.dirname, '../../appliance/balai.js')
let made: Awaited<ReturnType<typeof openTestFleet>>
let [broker, hub, data, programs, trace] = ['', '', '', '', '']

beforeAll(async () => {
  made = await openTestFleet({ now, hubs: 1 })
  ;[broker, hub, data] = ['m/broker', 'm/etc', 'm/data'].map((name) => made.path(`../${name}`)) as [
    string,
    string,
    string,
  ]
  ;[programs, trace] = [made.path('../programs'), made.path('../trace')]
  writeFileSync(
    made.path('fleet.toml'),
    stringify({
      ...made.fleet.settings,
      ...{ broker_folder: broker, hub_folder: hub, hub_data: data },
      ...{ broker_ssh: ['root@broker-1', 'broker-2'], hub_ssh: ['rina@hub'] },
    }),
  )
  const offices = testOffices(2)
  await issueEnrolments(made.fleet, offices, { now, days: 30 })
  await issueCertificates(made.fleet, offices, { now })
  await revokeVillage(made.fleet, '3510242002', now)
  const stand = (name: string, script: string) => {
    mkdirSync(programs, { recursive: true })
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(programs, name), 0o755)
  }
  const dropOptions = 'while [ "$1" = -o ] || [ "$1" = -q ] || [ "$1" = -p ]; do [ "$1" = -o ] && shift; shift; done'
  const isOff = `case "$AWAY" in ?*) case "$*" in *"$AWAY"*) echo "ssh: connect to host $AWAY port 22: No route to host" >&2; exit 255;; esac;; esac`
  stand('ssh', `${dropOptions}\n${isOff}\necho "ssh $1" >> ${trace}\nsh -c "$2"`)
  stand(
    'scp',
    `${dropOptions}\n${isOff}\nfor to; do :; done\necho "scp \${to%%:*}" >> ${trace}\nwhile [ $# -gt 1 ]; do cp -p "$1" "\${to#*:}"; shift; done`,
  )
  stand('chown', `echo "chown $*" >> ${trace}`)
  stand('systemctl', `echo "systemctl $*" >> ${trace}`)
  // Without the owner, whom this machine need not have.
  stand('install', 'set -- $(echo "$@" | sed "s/-o balai -g balai //"); exec /usr/bin/install "$@"')
})
afterAll(() => made.remove())

const run = (args: string[], away = '') => {
  writeFileSync(trace, '')
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, AWAY: away }
  const fleet = [program, 'fleet', 'deliver', '--folder', made.folder, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, fleet, { encoding: 'utf8', env })
  return { status, stdout, stderr, trace: readFileSync(trace, 'utf8') }
}
const same = (here: string, there: string) => expect(readFileSync(there, 'utf8')).toBe(made.read(here))

test('a dry run prints each command and does nothing', () => {
  const { stdout, trace: done } = run(['--dry-run'])
  expect(done).toBe('')
  expect(existsSync(broker)).toBe(false)
  expect(stdout).toMatch(
    new RegExp(`^scp -q -p .*${made.folder}/broker/ca.crl .* root@broker-1:${broker}/.delivered/$`, 'm'),
  )
  expect(stdout.match(/^ssh /gm)?.length).toBeGreaterThanOrEqual(8)
})

test('lists, certificates and keys come to every broker and hub, in place at once and for their owner only', () => {
  const first = run([])
  expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('Everything is in place on 3 machines.') })
  expect(first.stdout).toContain('broker at broker-2: has the broker read its lists')
  for (const name of ['ca.crl', 'claim-ca.crl', 'broker.pem', 'broker.key', 'acl'])
    same(`broker/${name}`, join(broker, name))
  for (const name of ['hub.pem', 'hub.key', 'console.pem', 'ca.pem', 'authority/issuing-ca.key', 'hub.toml'])
    same(`hub-1/${name}`, join(hub, name))
  same('hub-1/hub-key.pem', join(data, 'hub-key.pem'))
  expect(readdirSync(hub)).not.toContain('hub-key.pem')
  for (const path of [join(broker, 'broker.key'), join(hub, 'authority/issuing-ca.key')])
    expect(statSync(path).mode & 0o077).toBe(0)
  expect([readdirSync(broker), readdirSync(hub)].flat()).not.toContain('.delivered')
  expect(first.trace).toMatch(
    /ssh root@broker-1\nscp root@broker-1\nssh root@broker-1\nchown mosquitto: .*\nssh root@broker-1\nsystemctl reload mosquitto\n/,
  )
  expect(first.trace).not.toContain('restart')
})

test('what was changed on the hub stays, what was renewed here goes there, and --now restarts', () => {
  writeFileSync(join(hub, 'hub.toml'), '# by hand')
  writeFileSync(join(data, 'hub-key.pem'), 'kept')
  writeFileSync(join(hub, 'hub.pem'), 'old')
  const { trace: done } = run(['--now'])
  expect(readFileSync(join(hub, 'hub.toml'), 'utf8')).toBe('# by hand')
  expect(readFileSync(join(data, 'hub-key.pem'), 'utf8')).toBe('kept')
  same('hub-1/hub.pem', join(hub, 'hub.pem'))
  expect(done).toMatch(/systemctl restart mosquitto[\s\S]*systemctl restart balai-hub\n$/)
})

test('a machine that is away is named, and keeps the others from nothing', () => {
  writeFileSync(join(hub, 'hub.pem'), 'old')
  const { status, stderr } = run([], 'broker-1')
  expect([status, stderr]).toEqual([
    1,
    'broker at root@broker-1: ssh ended with 255: ssh: connect to host broker-1 port 22: No route to host\nType balai fleet deliver again when that is mended.\n',
  ])
  same('hub-1/hub.pem', join(hub, 'hub.pem'))
})

test('status says villages with their names, chosen by words or the beginning of a code, and as JSON', () => {
  const status = (...words: string[]) =>
    spawnSync(process.execPath, [program, 'fleet', 'status', ...words, '--folder', made.folder], { encoding: 'utf8' })
      .stdout
  expect(status()).toMatch(
    /^3510242001 {2}file open .* {2}certificate good .* {2}Desa Desa 1, Licin\n3510242002 .*Desa Desa 2, Licin\n$/,
  )
  expect(status('licin', 'desa 2')).toMatch(/^3510242002 [^\n]*\n$/)
  expect(status('35.10.24').split('\n')).toHaveLength(3)
  expect(status('glagah')).toBe('No village fits glagah.\n')
  expect(JSON.parse(status('desa 2', '--json'))).toMatchObject([
    { village: '3510242002', name: 'Desa Desa 2', district: 'Licin', certificate: { state: 'revoked', at: now } },
  ])
  expect(status('35.10.24.2001')).toMatch(/^[0-9A-F]+ {2}made /i)
})
