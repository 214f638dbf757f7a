import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../../testing/build-once.ts'
import { mayMount, openDebianRoot } from '../../testing/debian-root.ts'
import { eventually, openCaller, serveVisitors, setUpByHttp } from '../../testing/office-by-http.ts'

/*
 * docs/deployment.md, typed word for word: a fleet machine, a server and a box, each a Debian of its own with the built
 * packages, Debian's Mosquitto and PostgreSQL, from nothing to a ticket in the table. Then the accidents of its last table.
 * systemd does not run there: what units say is done by testing/stand-in-systemctl.
 */

const root = join(import.meta.dirname, '..', '..')
const read = (name: string) => readFileSync(join(root, 'docs', name), 'utf8')
const page = read('deployment.md')
const village = '3510242008'
const consolePort = 8090
const boxUrl = 'http://127.0.0.1'
const machines = {} as Record<'fleet' | 'server' | 'box', ReturnType<typeof openDebianRoot>>
type Machine = keyof typeof machines

/** The lines of one block: the n-th (from 0) of this document that begins with the name of this machine. */
function linesOf(machine: string, n = 0, document = page): string[] {
  const blocks = [...document.matchAll(/^```sh\n# ([a-z ]+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === machine)
  const text = blocks[n]?.[2] ?? ''
  return text
    .replaceAll(/\\\n\s*/g, '')
    .trim()
    .split('\n')
}
const csv = /```csv\n([\s\S]*?)```/.exec(page)?.[1] ?? ''

function type(machine: Machine, line: string, input = '') {
  const path = 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const { status, stdout, stderr } = machines[machine].run(
    ['env', path, 'sh', '-c', `mkdir -p /srv/typed && cd /srv/typed && ${line}`],
    ['DEBIAN_FRONTEND=noninteractive'],
    input,
  )
  return { status, said: stdout + stderr }
}

/** Each line ends well, or with the exit code that is given for it. */
function typeAll(machine: Machine, lines: readonly string[], inputs: Record<string, string> = {}): string[] {
  expect(lines.join('')).not.toBe('')
  return lines.map((line) => {
    const input = Object.entries(inputs).find(([beginning]) => line.startsWith(beginning))?.[1]
    const { status, said } = type(machine, line, input)
    if (!line.includes('balai doctor')) expect([line, status, said]).toEqual([line, 0, said])
    return said
  })
}

function openMachine(name: Machine): void {
  const machine = openDebianRoot()
  machines[name] = machine
  const sudo =
    '#!/bin/sh\nif [ "$1" = -u ]; then u=$2; shift 2; exec setpriv --reset-env --reuid="$u" --regid="$u" --init-groups env PATH="$PATH" "$@"; fi\nexec "$@"\n'
  const script = [
    'cat >/usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo',
    `cp ${root}/testing/stand-in-systemctl /usr/local/bin/systemctl && chmod 755 /usr/local/bin/systemctl`,
    'ln -s systemctl /usr/local/bin/journalctl',
    'printf "127.0.0.1 broker.example.go.id balai.example.go.id\\n" >>/etc/hosts',
    // Nothing newer than what this machine has, and somebody who says yes.
    'rm -rf /var/lib/apt/lists/* && echo \'APT::Get::Assume-Yes "true";\' >/etc/apt/apt.conf.d/99yes',
    // A clock that NTP keeps.
    'printf "#!/bin/sh\\necho yes\\n" >/usr/local/bin/timedatectl && chmod 755 /usr/local/bin/timedatectl',
  ]
  const made = machine.run(['sh', '-ec', script.join('\n')], [], sudo)
  if (made.status !== 0) throw new Error(made.stderr)
}

/** What somebody carries from one machine to another, on a stick. */
function carry(from: Machine, path: string, to: Machine): void {
  const { stdout } = machines[from].run(['base64', '-w0', `/srv/typed/${path}`])
  machines[to].run(['sh', '-c', `mkdir -p /srv/typed && base64 -d >/srv/typed/${path.split('/').at(-1)}`], [], stdout)
}

const bring = (machine: Machine, ...patterns: string[]) =>
  type(machine, patterns.map((pattern) => `cp ${root}/dist/${pattern} .`).join(' && '))

beforeAll(() => {
  if (!mayMount) return
  buildProgram(root)
  for (const name of ['fleet', 'server', 'box'] as const) openMachine(name)
  // Debian's package starts it when it is installed.
  type('server', 'systemctl start postgresql')
}, 600_000)
afterAll(() => {
  for (const name of ['box', 'server'] as const)
    if (machines[name]) type(name, 'systemctl stop balai balai-hub mosquitto postgresql')
  for (const machine of Object.values(machines)) machine.remove()
}, 120_000)

/** The console as a browser of the regency asks it. */
function askConsole(method: string, path: string, { body, cookie = '' }: { body?: object; cookie?: string } = {}) {
  return new Promise<{ status: number; body: string; cookie: string }>((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port: consolePort, method, path, servername: 'balai.example.go.id' },
        ca: rootCertificate,
        headers: { 'x-balai': '1', cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
      },
      (response) => {
        let text = ''
        const answer = () => {
          const set = (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ')
          resolve({ status: response.statusCode ?? 0, body: text, cookie: set })
        }
        response.setEncoding('utf8').on('data', (part) => {
          text += part
          if (!path.startsWith('/live') || !/^event: view\ndata: .*\n\n/m.test(text)) return
          answer()
          response.destroy()
        })
        response.on('end', answer)
        response.on('error', () => {})
      },
    )
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}
let rootCertificate = ''

const doctor = () => type('server', 'sudo balai hub doctor --language en')

describe.runIf(mayMount)('docs/deployment.md', () => {
  test('the fleet machine: the package is verified, keys and enrolment files are made', () => {
    bring('fleet', 'balai-hub_*_amd64.deb*', 'SHA256SUMS', 'release.pub')
    typeAll('fleet', linesOf('fleet machine'))
    type('fleet', 'cat >villages.csv', csv)
    const said = typeAll('fleet', linesOf('fleet machine', 1)).join('')
    expect(said).toContain('fleet is made')
    // As Excel in Indonesia saves it, and with a heading that would have given an office an open Wi-Fi.
    type('fleet', 'cat >excel.csv', `\ufeff${csv.replaceAll(',', ';').replaceAll('\n', '\r\n')};;;;\r\n`)
    const again = type('fleet', 'balai fleet issue excel.csv --folder fleet')
    expect([again.status, again.said]).toEqual([0, expect.stringContaining('2 kept')])
    type('fleet', 'cat >wrong.csv', csv.replace('district\n', 'district,wifi_pasword\n'))
    const wrong = type('fleet', 'balai fleet issue wrong.csv --folder fleet')
    expect(wrong.said).toContain('"wifi_pasword" is no heading that is known. Is it "wifi_password"?')
    expect(wrong.status).not.toBe(0)
    rootCertificate = type('fleet', 'cat fleet/root-ca.pem').said
    expect(type('fleet', 'ls fleet/villages').said).toContain(`balai-enrol-${village}.json`)
  }, 120_000)

  test('the server: broker, database and hub; doctor has nothing to say', () => {
    bring('server', 'balai-hub_*_amd64.deb*', 'SHA256SUMS')
    carry('fleet', 'server.tar.gz', 'server')
    typeAll('server', linesOf('server'))
    const kept = linesOf('server', 1).filter((line) => !line.startsWith('rm '))
    const said = typeAll('server', kept, { 'sudo balai hub-account': '605138\n' })
    expect(said[0]).toMatch(/^\+ Database: PostgreSQL .*\n[\s\S]*^\+ Broker: .*lets the hub in/m)
    expect(said.at(-1)).not.toMatch(/^!/m)
    expect(type('server', 'sudo balai hub doctor')).toMatchObject({ status: 0 })
    const hub = type('server', 'ps -o user= -p $(cat /run/stand-in/balai-hub.pid)')
    expect(hub.said.trim()).toBe('balai')
  }, 180_000)

  test('a box: from the enrolment file to a ticket that the console shows and PostgreSQL has', async () => {
    bring('box', 'install.sh', 'balai_*_amd64.deb*', 'SHA256SUMS', 'release.pub')
    carry('fleet', `fleet/villages/balai-enrol-${village}.json`, 'box')
    const said = typeAll('box', linesOf('box'))
    const code = /^(\d{5} \d{5})$/m.exec(said.join('\n'))?.[1] ?? ''
    await eventually('the kiosk page', async () => (await openCaller(boxUrl).download('/kiosk')).status === 200)
    await eventually('a certificate', async () =>
      /^\+ Kabupaten: tersambung/m.test(type('box', 'sudo balai doctor').said),
    )
    const office = await setUpByHttp(boxUrl, code)
    const visitor = openCaller(boxUrl)
    await eventually('the office day', async () => ((await visitor.view('/live/line')) as { day: string | null }).day)
    expect(await serveVisitors(boxUrl, office, 1)).toEqual(['A001'])

    const ask = (question: string) => type('server', `sudo -u postgres psql -At balai -c "${question}"`)
    const tickets = `SELECT count(*) FROM ticket WHERE village = '${village}'`
    await eventually('the ticket in PostgreSQL', async () => ask(tickets).said.trim().endsWith('1'))
    const account = ask('SELECT account FROM account').said.trim()
    const login = await askConsole('POST', '/api/session', { body: { account, pin: '605138' } })
    expect([login.status, login.body]).toEqual([200, login.body])
    await eventually('the village on the console', async () => {
      const { body } = await askConsole('GET', '/live/hub', { cookie: login.cookie })
      const { villages } = JSON.parse(/^event: view\ndata: (.*)$/m.exec(body)?.[1] ?? '{}') as {
        villages: { village: string; state: string; ticketsToday: number; backlog: number }[]
      }
      const mine = villages.find((one) => one.village === village)
      return mine?.state === 'connected' && mine.ticketsToday === 1 && mine.backlog === 0
    })
    expect(doctor().said).toMatch(/^\+ Table of villages: 2 villages; as in the database$/m)
  }, 240_000)

  test('the accidents of its last table are said in words, and what it says to do mends them', () => {
    const restart = () => type('server', 'sudo systemctl restart balai-hub; sudo journalctl -u balai-hub -n 50').said

    expect(type('server', linesOf('server', 1)[0] ?? '').said).toContain('is there already, and is not overwritten')

    type('server', 'cp /var/lib/balai/hub-key.pem kept.pem && rm /var/lib/balai/hub-key.pem')
    const keyless = restart()
    expect(keyless).toContain('hub-key.pem is missing: boxes believe only the key')
    expect(keyless).toContain('exited with error code 78')
    expect(doctor().said).toMatch(/^! Hub key: .* is not there\n {4}Boxes believe/m)
    expect(type('server', 'sudo balai hub init hub-1 --renew')).toMatchObject({ status: 0 })
    expect(type('server', 'cmp kept.pem /var/lib/balai/hub-key.pem')).toMatchObject({ status: 0 })

    type('server', 'head -1 villages.csv >/etc/balai/villages.csv')
    expect(restart()).toMatch(/2 villages stand in the database and not in the file/)
    expect(doctor().said).toMatch(/^! Table of villages: holds not one village/m)
    type('server', 'cat villages.csv >/etc/balai/villages.csv')

    type('server', 'chown root:root /etc/balai/hub.key && chmod 600 /etc/balai/hub.key')
    expect(restart()).toMatch(/mqtt\.key: \/etc\/balai\/hub\.key cannot be read \(EACCES\)/)
    expect(doctor()).toMatchObject({
      status: 78,
      said: expect.stringContaining('/etc/balai/hub.key cannot be read (EACCES)'),
    })
    type('server', 'chown root:balai /etc/balai/hub.key && chmod 640 /etc/balai/hub.key')

    expect(type('server', 'sudo systemctl start balai-hub')).toMatchObject({ status: 0 })
    type('server', 'systemctl stop mosquitto postgresql')
    const down = doctor().said
    expect(down).toMatch(/^! Database: nobody answers at its address/m)
    expect(down).toMatch(/^! Broker: .*nobody answers at that port/m)
    type('server', 'sudo systemctl start postgresql && sudo systemctl start mosquitto')
    expect(type('server', 'sudo systemctl restart balai-hub')).toMatchObject({ status: 0 })
    expect(doctor()).toMatchObject({ status: 0 })

    // Another fleet folder's files on the broker: nobody of this regency believes it.
    const names = '--broker broker.example.go.id --hub balai.example.go.id'
    type('fleet', `balai fleet init other --regency Lain --zone WIB ${names} && tar -czf other.tar.gz -C other broker`)
    carry('fleet', 'other.tar.gz', 'server')
    const place = '/etc/mosquitto/balai'
    const restarted = `chown -R mosquitto: ${place} && sudo systemctl restart mosquitto`
    type(
      'server',
      `cp -a ${place} right && tar -xzf other.tar.gz && cp -rT broker ${place} && rm -r broker; ${restarted}`,
    )
    expect(doctor().said).toMatch(/^! Broker: .*not (of|by|from) this regency/m)
    type('server', `rm -r ${place} && cp -a right ${place} && ${restarted} && sudo systemctl restart balai-hub`)
    expect(doctor()).toMatchObject({ status: 0 })

    bring('server', 'install.sh', 'balai_*_amd64.deb*')
    expect(type('server', 'sudo ./install.sh --dry-run').said).toContain('This machine is the hub of a regency')
  }, 180_000)

  test('a register that was not carried: the box says that the regency does not know its file, and enrols once it was', async () => {
    type('fleet', `balai fleet reissue ${village} --folder fleet`)
    carry('fleet', `fleet/villages/balai-enrol-${village}.json`, 'box')
    typeAll('box', linesOf('box').slice(1, 3))
    await eventually('the refusal', async () => /berkas tidak dikenal/.test(type('box', 'sudo balai doctor').said))
    expect(type('server', 'sudo journalctl -u balai-hub').said).toContain('token-unknown')
    carry('fleet', 'fleet/register.json', 'server')
    expect(type('server', 'sudo balai hub share register.json')).toMatchObject({ status: 0 })
    type('box', 'sudo systemctl restart balai')
    await eventually('a certificate', async () =>
      /^\+ Kabupaten: tersambung/m.test(type('box', 'sudo balai doctor').said),
    )
  }, 240_000)

  test('docs/operations.md: a hub on a new machine has what the old one had', () => {
    const operations = read('operations.md')
    const tickets = () =>
      type('server', 'sudo -u postgres psql -At balai -c "SELECT count(*) FROM ticket" 2>/dev/null').said
    typeAll('server', linesOf('server', 0, operations))
    type('server', 'systemctl stop balai-hub && rm -rf /etc/balai/* /var/lib/balai/* && sudo -u postgres dropdb balai')
    expect(tickets()).not.toMatch(/^\d/)
    const createdb = linesOf('server').find((line) => line.includes('createdb')) ?? ''
    const said = typeAll('server', [createdb, ...linesOf('server', 1, operations)])
    expect(said.at(-1)).toMatch(/^\+ Akun konsol: 1 terbuka/m)
    expect(said.at(-1)).not.toMatch(/^!/m)
    expect(tickets()).toBe('1\n')
  }, 120_000)
})
