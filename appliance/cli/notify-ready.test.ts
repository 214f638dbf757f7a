import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../../testing/servers.ts'

const place = mkdtempSync(join(tmpdir(), 'balai-ready-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(place, { recursive: true, force: true })
})

/** What systemd does: a datagram socket of the local kind, which Node has not. */
const listen = `use IO::Socket::UNIX; use Socket; $| = 1;
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
  print "listening\\n"; for (1 .. 2) { $socket->recv(my $told, 1000); print "$told\\n"; }`

test.each([
  ['an office', { village: '3510242008', name: 'Desa Tamansari', district: 'Licin', zone: 'WIB' }, '/kiosk'],
  ['a box that waits for its enrolment file', { enrolment_folders: [] }, '/api/waiting'],
])('%s tells systemd that it is ready when its pages answer', async (name, office, page) => {
  const path = join(place, `${name.length}.socket`)
  const systemd = spawn('perl', ['-e', listen, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(systemd)
  let heard = ''
  systemd.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  await once(systemd.stdout, 'data')
  const config = join(place, `${name.length}.toml`)
  const port = await freePort()
  const lan = { host: '127.0.0.1', http_port: port, https_port: await freePort() }
  writeFileSync(config, stringify({ ...office, data: join(place, String(name.length)), lan, log: 'warn' }))
  const program = join(import.meta.dirname, '..', 'balai.js')
  const box = spawn(process.execPath, [program, 'serve', '--config', config], {
    stdio: 'inherit',
    env: { ...process.env, NOTIFY_SOCKET: path },
  })
  children.push(box)
  await once(systemd, 'exit')
  expect(heard.split('\n').slice(1, 3)).toEqual(['READY=1', 'BARRIER=1'])
  expect((await fetch(`http://127.0.0.1:${port}${page}`)).status).toBe(200)
  box.kill('SIGTERM')
  await once(box, 'exit')
})
