import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLanCertificate } from '../../appliance/base/web/lan-certificate.ts'
import { makeTestFolder } from '../../testing/hub-parts.ts'
import { freePort } from '../../testing/servers.ts'
import { consolePin, openTestConsole } from '../../testing/test-console.ts'

/* The console behind a proxy that ends TLS, with the settings that docs/deployment.md prints. */

const name = 'balai.example.go.id'
const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'deployment.md'), 'utf8')
const { folder, remove } = makeTestFolder('proxies')
let place: Awaited<ReturnType<typeof openTestConsole>>
let stranger: Awaited<ReturnType<typeof openTestConsole>>

beforeAll(async () => {
  const at = { host: '127.0.0.1', port: 0, names: [name] }
  place = await openTestConsole({ config: { console: { ...at, trusted_proxies: ['127.0.0.1'] } } })
  stranger = await openTestConsole({ config: { console: at } })
  const { key, cert } = await openLanCertificate(folder, [name, '127.0.0.1'], {
    doubtful: false,
    floor: 0,
    now: Date.now(),
  })
  writeFileSync(join(folder, 'proxy.key'), key)
  writeFileSync(join(folder, 'proxy.pem'), cert)
}, 60_000)
afterAll(async () => {
  await place?.close()
  await stranger?.close()
  remove()
})

/** The block of that page that begins so, with the test's ports and files in the place of its own. */
function printed(begins: string, hubPort: number, port: number): string {
  const block = page.split('```').find((part) => part.split('\n')[1]?.startsWith(begins))
  if (!block) throw new Error(`docs/deployment.md has no block that begins with ${begins}.`)
  return block
    .slice(block.indexOf('\n') + 1)
    .replaceAll('127.0.0.1:8090', `127.0.0.1:${hubPort}`)
    .replaceAll('/etc/ssl/balai', `${folder}/proxy`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/^balai\.example\.go\.id \{/m, `https://${name}:${port} {\n  tls ${folder}/proxy.pem ${folder}/proxy.key`)
}

type Answer = { status: number; body: string; headers: Record<string, string | string[] | undefined> }

/** A browser's request to the proxy. Of a stream the first 400 characters. */
function ask(
  port: number,
  method: string,
  path: string,
  { body, cookie = '' }: { body?: object; cookie?: string } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, method, path, servername: name, rejectUnauthorized: false },
        headers: {
          ...{ host: port === 443 ? name : `${name}:${port}`, origin: `https://${name}:${port}` },
          ...{ 'x-balai': '1', 'sec-fetch-site': 'same-origin', cookie },
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
      },
      (response) => {
        let text = ''
        const done = () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers })
        response.on('data', (chunk) => {
          text += chunk
          if (path.startsWith('/live') && text.includes('event: view')) {
            done()
            response.destroy()
          }
        })
        response.on('end', done)
        response.on('error', () => {})
      },
    )
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

async function whenUp(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const up = await ask(port, 'GET', '/api/session').catch(() => null)
    if (up && up.status < 500) return
    await sleep(100)
  }
  throw new Error('The proxy does not answer.')
}

const proxies: Record<string, (hubPort: number, port: number) => ChildProcess> = {
  nginx(hubPort, port) {
    const file = join(folder, `nginx-${port}.conf`)
    const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`)
    writeFileSync(
      file,
      `daemon off; pid ${folder}/nginx-${port}.pid; error_log stderr;
events {}
http { access_log off; ${own.join(' ')}
${printed('server {', hubPort, port)}
}`,
    )
    return spawn('/usr/sbin/nginx', ['-c', file, '-p', folder, '-e', 'stderr'], { stdio: 'ignore' })
  },
  caddy(hubPort, port) {
    const file = join(folder, `Caddyfile-${port}`)
    writeFileSync(file, `{\n  admin off\n  auto_https off\n}\n${printed(`${name} {`, hubPort, port)}`)
    mkdirSync(join(folder, 'caddy'), { recursive: true })
    return spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
      stdio: 'ignore',
      env: { ...process.env, HOME: join(folder, 'caddy'), XDG_DATA_HOME: join(folder, 'caddy') },
    })
  },
}

async function behind<T>(kind: string, hubPort: number, work: (port: number) => Promise<T>): Promise<T> {
  const port = await freePort()
  const process = (proxies[kind] as (typeof proxies)[string])(hubPort, port)
  try {
    await whenUp(port)
    return await work(port)
  } finally {
    const ended = new Promise((resolve) => process.once('exit', resolve))
    process.kill()
    await ended
  }
}

test.each(['nginx', 'caddy'])('behind %s one logs in and sees the villages live', async (kind) => {
  const { account } = await place.add('reader', `Pembaca ${kind}`)
  await behind(kind, place.hub.http.port, async (port) => {
    const login = await ask(port, 'POST', '/api/session', { body: { account, pin: consolePin } })
    expect(login.status, login.body).toBe(200)
    expect(login.headers['strict-transport-security']).toMatch(/^max-age=\d+/)
    const [set = ''] = login.headers['set-cookie'] ?? []
    expect(set).toMatch(/^__Host-balai_session.*Secure/)
    const cookie = set.split(';')[0] ?? ''
    const live = await ask(port, 'GET', '/live/hub', { cookie })
    expect(live.body).toContain('Sarongan')
    // A proxy on this machine is not this machine.
    expect((await ask(port, 'GET', '/metrics')).status).toBe(403)
  })
})

test('what a proxy says is believed only where hub.toml names it', async () => {
  const { account } = await stranger.add('reader', 'Pembaca')
  await behind('nginx', stranger.hub.http.port, async (port) => {
    const login = await ask(port, 'POST', '/api/session', { body: { account, pin: consolePin } })
    expect(login.status).toBe(403)
    expect(JSON.parse(login.body)).toMatchObject({ code: 'cross-site' })
  })
})

test('A15: a console with a certificate of its own tells browsers to come by HTTPS only, one in clear does not', async () => {
  const console = {
    ...{ host: '127.0.0.1', port: 0, names: [name] },
    ...{ cert: join(folder, 'proxy.pem'), key: join(folder, 'proxy.key') },
  }
  const secured = await openTestConsole({ config: { console } })
  try {
    for (const path of ['/', '/api/session', '/nothing-here'])
      expect((await ask(secured.hub.http.port, 'GET', path)).headers['strict-transport-security']).toMatch(
        /^max-age=\d+$/,
      )
  } finally {
    await secured.close()
  }
  const { headers } = await fetch(`http://127.0.0.1:${stranger.hub.http.port}/`)
  expect(headers.get('strict-transport-security')).toBeNull()
})

/** As somebody who types it, by a name that the console was not told of. */
const open = (path: string, host: string, accept = 'text/html') =>
  new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
    const at = { host: '127.0.0.1', port: stranger.hub.http.port, path }
    get({ ...at, headers: { host, accept } }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location })
    }).on('error', reject)
  })

test('R14: a person who comes by a foreign name, or to a page that is none, is led on; a program is refused', async () => {
  expect(await open('/?village=1', 'hub.internal:8090')).toEqual({
    status: 302,
    location: `http://${name}:8090/?village=1`,
  })
  expect(await open('/', 'hub.internal', 'application/json')).toMatchObject({ status: 403 })
  expect(await open('/konsol', name)).toEqual({ status: 302, location: '/' })
  expect(await open('/konsol', name, '*/*')).toMatchObject({ status: 404 })
  expect(await open('/api/nothing', name)).toMatchObject({ status: 404 })
})
