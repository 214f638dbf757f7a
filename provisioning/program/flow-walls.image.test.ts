import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../../testing/build-once.ts'
import { mayMount, openDebianRoot } from '../../testing/debian-root.ts'
import { eventually, setUpByHttp } from '../../testing/office-by-http.ts'
import { freePort } from '../../testing/servers.ts'

/*
 * The installed package with box and flows as two users, as systemd starts them. systemd itself does not run in this root:
 * users, capabilities and sockets are the kernel's own, the wall before the network is a name space without one in the place
 * of IPAddressDeny. What the unit asks of systemd is rated in install.test.ts.
 */

const root = join(import.meta.dirname, '..', '..')

describe.runIf(mayMount)('a function node that breaks out of its sandbox', () => {
  let inside: ReturnType<typeof openDebianRoot>
  const children: ChildProcess[] = []
  let url = ''
  let office: Awaited<ReturnType<typeof setUpByHttp>>

  const asUser = (user: string, ...words: string[]) => [
    ...['setpriv', '--reset-env', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all', ...words],
  ]
  const run = (...words: string[]) => {
    const done = inside.run(words)
    if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr}`)
    return done.stdout
  }

  beforeAll(async () => {
    buildProgram(root)
    inside = openDebianRoot()
    run(join(root, 'dist', 'install.sh'), '--flows', 'yes')
    for (const [user, folder, mode] of [
      ['balai', '/var/lib/balai', '0700'],
      ['balai', '/run/balai', '0755'],
      ['balai-flows', '/run/balai-flows', '0755'],
    ] as const)
      run('install', '-d', '-o', user, '-g', user, '-m', mode, folder)
    const [port, httpsPort] = [await freePort(), await freePort()]
    url = `http://127.0.0.1:${port}`
    const lines = [
      ...['village = "3510242008"', 'name = "Desa Uji"', 'district = "Licin"', 'zone = "WIB"'],
      ...['data = "/var/lib/balai"', 'log = "warn"', '[lan]', 'host = "127.0.0.1"', `http_port = ${port}`],
      ...[`https_port = ${httpsPort}`, '[flows]', 'enabled = true'],
    ]
    inside.run(['sh', '-c', 'cat >/etc/balai/balai.toml'], [], `${lines.join('\n')}\n`)
    const box = ['env', 'NOTIFY_SOCKET=/run/nobody', 'balai', 'serve', '--config', '/etc/balai/balai.toml']
    children.push(inside.start(asUser('balai', ...box)))
    await eventually('the box', async () => (await fetch(`${url}/metrics`)).ok)
    office = await setUpByHttp(url, run('balai', 'setup-code', '--config', '/etc/balai/balai.toml'))
    // As LoadCredential does it: the box's secret as a file of this service alone.
    run(
      'install',
      '-o',
      'balai-flows',
      '-g',
      'balai-flows',
      '-m',
      '0400',
      '/run/balai/flows.token',
      '/run/balai-flows/link',
    )
    const words = ['--socket', '/run/balai/flows.sock', '--token-file', '/run/balai-flows/link']
    const host = ['balai', 'flows', ...words, '--editor', '/run/balai-flows/editor.sock']
    children.push(inside.start(['unshare', '--net', ...asUser('balai-flows', ...host)]))
    await eventually('the flows', async () => (await view()).state === 'running')
    await office.technician.call('POST', '/api/flows/unlock', {})
  }, 600_000)
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    inside?.remove()
  })

  const view = () => office.technician.view('/live/flows') as Promise<{ state: string; error: string | null }>

  /** Deploys a function node with this code, in which `process` is the real one; answers what it gave to `say`. */
  async function runInFlow(code: string): Promise<Record<string, unknown>> {
    const mark = `m${Date.now()}`
    const func = `
      const process = node.log.constructor('return process')()
      const load = (name) => process.getBuiltinModule(name)
      const said = {}
      const say = () => node.error(JSON.stringify({ mark: '${mark}', ...said }))
      ${code}`
    const answer = await fetch(`${url}/flows/flows`, {
      method: 'POST',
      headers: {
        cookie: office.technician.cookie(),
        origin: url,
        'content-type': 'application/json',
        'node-red-api-version': 'v1',
      },
      body: JSON.stringify([
        { id: 'tab', type: 'tab', label: 'Uji' },
        { id: 'start', type: 'inject', z: 'tab', once: true, onceDelay: 0.1, repeat: '', props: [], wires: [['code']] },
        { id: 'code', type: 'function', z: 'tab', name: 'Uji', func, outputs: 0, wires: [] },
      ]),
    })
    expect(answer.status).toBe(204)
    const error = await eventually('what the flow says', async () => {
      const { error: said } = await view()
      return said?.includes(mark) ? said : null
    })
    return JSON.parse(error) as Record<string, unknown>
  }

  test('runs commands as balai-flows, which can read neither journal nor settings nor the secret of the box', async () => {
    const said = await runInFlow(`
      const read = (path) => { try { load('node:fs').readFileSync(path); return 'read' } catch (error) { return error.code } }
      said.user = load('node:child_process').execFileSync('id', ['-un']).toString().trim()
      said.journal = read('/var/lib/balai/balai.db')
      said.settings = read('/etc/balai/balai.toml')
      said.secret = read('/run/balai/flows.token')
      say()`)
    expect(said).toMatchObject({ user: 'balai-flows', journal: 'EACCES', settings: 'EACCES', secret: 'EACCES' })
  })

  test('reaches nothing of the box by its link but what flows may do', async () => {
    const said = await runInFlow(`
      const token = load('node:fs').readFileSync('/run/balai-flows/link', 'utf8')
      const key = 'abcdefghijkl'
      const ask = (method, path, body) => new Promise((resolve) => {
        const headers = { host: 'localhost', authorization: 'Bearer ' + token, 'x-balai': '1', 'content-type': 'application/json' }
        load('node:http').request({ socketPath: '/run/balai/flows.sock', method, path, headers }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        }).end(body && JSON.stringify(body))
      })
      Promise.all([
        ask('GET', '/api/flows/office'), ask('GET', '/api/people'), ask('GET', '/live/desk'), ask('POST', '/api/flows/unlock', { key }),
        ask('POST', '/api/flows/tokens', { key, name: 'x', act: true }), ask('GET', '/api/flows/versions/1/file'),
      ]).then((statuses) => { said.statuses = statuses; say() })`)
    const [allowed, ...others] = said.statuses as number[]
    expect(allowed).toBe(200)
    for (const status of others) expect([401, 403, 404]).toContain(status)
  })

  test('reaches no address, of the office or outside', async () => {
    const said = await runInFlow(`
      const knock = (port, host) => new Promise((resolve) => {
        const socket = load('node:net').connect({ port, host, timeout: 2000 })
        socket.on('connect', () => resolve('open'))
        socket.on('timeout', () => resolve('timeout'))
        socket.on('error', (error) => resolve(error.code))
      })
      Promise.all([knock(80, '192.0.2.1'), knock(80, '10.0.0.1')]).then((found) => {
        said.found = found
        say()
      })`)
    for (const found of said.found as string[]) expect(found).not.toBe('open')
  })
})
