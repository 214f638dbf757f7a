import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './servers.ts'

const run = promisify(execFile)
const programs = '/usr/lib/cups'
const cupsd = '/usr/sbin/cupsd'
const lpadmin = '/usr/sbin/lpadmin'

/**
 * A print server on loopback, Debian's own CUPS, with one queue `kantor` whose printer is a program: what it prints lies in
 * a folder, and files beside it make it run out of paper or fail, as a backend of CUPS says so.
 */
export async function startCups() {
  const root = await mkdtemp(join(tmpdir(), 'cups-'))
  const out = join(root, 'out')
  const folders = ['root', 'spool', 'cache', 'run', 'bin/backend', 'tmp', 'log', 'out', 'more', 'keys']
  for (const name of folders) mkdirSync(join(root, name), { recursive: true })
  for (const name of ['filter', 'daemon', 'cgi-bin', 'monitor', 'driver', 'notifier'])
    if (existsSync(join(programs, name))) symlinkSync(join(programs, name), join(root, 'bin', name))
  const backend = join(root, 'bin/backend/balai')
  writeFileSync(backend, backendScript)
  // What others may not execute CUPS runs as itself, else as a user who may not write here.
  chmodSync(backend, 0o700)

  const listening = await freePort()
  writeFileSync(join(root, 'root/cups-files.conf'), filesOf(root))
  writeFileSync(join(root, 'root/cupsd.conf'), settingsOf(listening))
  let server = await start()

  async function start(): Promise<ChildProcess> {
    const config = ['-f', '-c', join(root, 'root/cupsd.conf'), '-s', join(root, 'root/cups-files.conf')]
    const child = spawn(cupsd, config, { stdio: 'ignore' })
    for (let tries = 0; !(await isOpen(listening)); tries++) {
      if (tries > 100 || child.exitCode !== null)
        throw new Error(`CUPS did not start: ${readFileSync(join(root, 'log/error_log'), 'utf8')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return child
  }

  async function end(): Promise<void> {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill()
    await ended
  }

  const admin = (...more: string[]) => run(lpadmin, ['-h', `127.0.0.1:${listening}`, '-p', 'kantor', ...more])
  await admin('-E', '-v', `balai:${out}`)
  const mark = (name: string, on: boolean) =>
    on ? writeFileSync(join(root, 'more', name), '') : rmSync(join(root, 'more', name), { force: true })

  return {
    port: listening,
    target: `ipp://127.0.0.1:${listening}/printers/kantor`,
    /** The same by TLS, with a certificate that the server signs itself. */
    secure: `ipps://127.0.0.1:${listening}/printers/kantor`,
    /** Wants a password. */
    locked: `ipp://127.0.0.1:${listening}/printers/locked`,
    /** What answers there, and is no queue. */
    nobody: `ipp://127.0.0.1:${listening}/printers/nobody`,
    /** What came out, in its order. */
    papers: () =>
      readdirSync(out)
        .sort((one, other) => Number(one) - Number(other))
        .map((name) => readFileSync(join(out, name))),
    /** The printer has none, and waits for it. */
    takePaper: () => mark('no-paper', true),
    addPaper: () => mark('no-paper', false),
    /** Each job fails. */
    fail: () => mark('fails', true),
    mend: () => mark('fails', false),
    pause: () => run('/usr/sbin/cupsdisable', ['-h', `127.0.0.1:${listening}`, 'kantor']),
    resume: () => run('/usr/sbin/cupsenable', ['-h', `127.0.0.1:${listening}`, 'kantor']),
    /** The server is gone, and comes back at the same port. */
    end,
    begin: async () => {
      server = await start()
    },
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) await end()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** cups-backend(7): job, user, title, copies, options, and the file where it is not read from stdin. */
const backendScript = `#!/bin/sh
[ $# -eq 0 ] && exit 0
out=\${DEVICE_URI#balai:}
more=$out/../more
while [ -e "$more/no-paper" ]; do echo "STATE: +media-empty-error" >&2; sleep 0.05; done
echo "STATE: -media-empty-error" >&2
# CUPS_BACKEND_CANCEL
[ -e "$more/fails" ] && exit 5
if [ -n "$6" ]; then cat "$6" > "$out/$1"; else cat > "$out/$1"; fi
`

const filesOf = (root: string): string => `ServerRoot ${root}/root
ServerBin ${root}/bin
RequestRoot ${root}/spool
CacheDir ${root}/cache
StateDir ${root}/run
TempDir ${root}/tmp
ErrorLog ${root}/log/error_log
AccessLog ${root}/log/access_log
PageLog ${root}/log/page_log
SystemGroup root
ServerKeychain ${root}/keys
Sandboxing relaxed
`

const settingsOf = (port: number): string => `Listen 127.0.0.1:${port}
Browsing No
LogLevel warn
DefaultAuthType None
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /printers/locked>
  AuthType Basic
  Require valid-user
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
`

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
