import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openLanCertificate } from '../../appliance/base/web/lan-certificate.ts'
import { boxHealth } from '../../testing/box-health.ts'
import { makeTestFolder } from '../../testing/hub-parts.ts'
import { freePort } from '../../testing/servers.ts'
import { openTestConsole } from '../../testing/test-console.ts'

/* A real Prometheus reads the hub's metrics: each rule is sound, and each panel of the dashboard shows something. */

const here = import.meta.dirname
const token = 'token-of-the-test'
const { folder, remove } = makeTestFolder('prometheus')
let place: Awaited<ReturnType<typeof openTestConsole>>
let api = ''
let stop = async () => {}

beforeAll(async () => {
  writeFileSync(join(folder, 'token'), `${token}\n`)
  const certain = { doubtful: false, floor: 0, now: Date.now() }
  const pair = await openLanCertificate(folder, ['localhost', '127.0.0.1'], certain)
  const [cert, key] = [join(folder, 'console.pem'), join(folder, 'console.key')]
  writeFileSync(cert, pair.cert)
  writeFileSync(key, pair.key)
  place = await openTestConsole({
    config: {
      console: { host: '127.0.0.1', port: 0, cert, key, metrics_token_file: join(folder, 'token') },
      backup_stamp: join(folder, 'token'),
    },
  })
  await place.database.query(
    `INSERT INTO contact (village, state, since, seen_at, version, health, health_at)
     VALUES ('3510012001', 'connected', now(), now(), '0.3.0', $1, now())`,
    [JSON.stringify({ ...boxHealth(['disk.low']), disk_free_bytes: 9e9, temperature_c: 51, backlog_entries: 12 })],
  )
  await place.database.query(
    `INSERT INTO certificate (village, serial, issued_at, expires_at) VALUES ('3510012001', '01', now(), now() + interval '90 days')`,
  )
  await place.database.query(
    `INSERT INTO enrolment (village, token_hash, issued_at, expires_at, misused_at) VALUES ('3510012001', '01', now(), now(), now())`,
  )
  await place.hub.alarms.look()
  const port = await freePort()
  copyFileSync(join(here, 'balai.rules.yml'), join(folder, 'balai.rules.yml'))
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [balai.rules.yml]
scrape_configs:
  - job_name: balai-hub
    scheme: https
    tls_config: { ca_file: ${cert} }
    authorization: { credentials_file: ${folder}/token }
    static_configs: [{ targets: ['127.0.0.1:${place.hub.http.port}'] }]
`,
  )
  const child = spawn(
    'prometheus',
    [
      ...[`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  stop = async () => {
    child.kill()
    await ended
  }
  api = `http://127.0.0.1:${port}/api/v1`
  // Two looks at least: a rate needs them.
  await vi.waitFor(
    async () => expect(await ask('count_over_time(up{job="balai-hub"}[1m]) > 2')).not.toEqual([]),
    60_000,
  )
}, 90_000)
afterAll(async () => {
  await stop()
  await place?.close()
  remove()
})

async function ask(expression: string): Promise<unknown[]> {
  const answer = await fetch(`${api}/query?query=${encodeURIComponent(expression)}`)
  const { status, data, error } = (await answer.json()) as {
    status: string
    data?: { result: unknown[] }
    error?: string
  }
  if (status !== 'success') throw new Error(`${expression}: ${error}`)
  return data?.result ?? []
}

test('the rules are sound, and each fires when it should and not before (promtool)', () => {
  for (const words of [
    ['check', 'rules', 'balai.rules.yml'],
    ['test', 'rules', 'balai.rules.test.yml'],
  ])
    expect(execFileSync('promtool', words, { cwd: here, encoding: 'utf8' })).toContain('SUCCESS')
})

test('every rule has a test', () => {
  const rules = readFileSync(join(here, 'balai.rules.yml'), 'utf8').match(/alert: \w+/g) ?? []
  const tests = readFileSync(join(here, 'balai.rules.test.yml'), 'utf8')
  expect(rules.length).toBeGreaterThan(10)
  for (const rule of rules) expect(tests).toContain(`alertname: ${rule.slice('alert: '.length)}`)
})

test('Prometheus evaluates each rule on the real metrics', async () => {
  const answer = await fetch(`${api}/rules`)
  const { data } = (await answer.json()) as { data: { groups: { rules: { name: string; health: string }[] }[] } }
  const rules = data.groups.flatMap((group) => group.rules)
  await vi.waitFor(async () => expect(rules.length).toBeGreaterThan(10))
  for (const { name, health } of rules) expect([name, health]).toEqual([name, expect.stringMatching(/^(ok|unknown)$/)])
  await vi.waitFor(
    async () => expect(await ask('ALERTS{alertname="BalaiTwoBoxesOfOneVillage"}')).toHaveLength(1),
    20_000,
  )
})

const dashboard = JSON.parse(readFileSync(join(here, '..', 'grafana', 'balai-hub.json'), 'utf8')) as {
  panels: { title: string; targets: { expr: string }[] }[]
}
const series = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const))

test.each(series)('the panel "%s" shows %s', async (_title, expression) => {
  // Of an expression with "or" Grafana shows the first part alone where their labels are equal.
  expect(expression).not.toContain(' or ')
  expect(await ask(expression)).not.toEqual([])
})
