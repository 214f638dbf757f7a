import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process'
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/*
 * A real PostgreSQL and a real Mosquitto for tests and benchmarks: on loopback, on a free port, in a temporary folder
 * that goes with them, stopped by their own process id. `kill` is kill -9, as in a power cut.
 */

const postgresBin = process.env.BALAI_POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin'
const startTimeoutMs = 20_000

export type Server = Awaited<ReturnType<typeof startMosquitto>>

type PostgresOptions = { settings?: Record<string, string>; within?: string }

/**
 * `settings`: lines of postgresql.conf, `{ fsync: 'off' }`. Otherwise as Debian ships it. The database is `balai`.
 * `within`: the folder in which the server gets its own.
 */
export async function startPostgres({ settings = {}, within = tmpdir() }: PostgresOptions = {}) {
  const user = unprivileged('postgres')
  const folder = makeFolder('balai-pg-', user, within)
  const port = await freePort()
  const data = join(folder, 'data')
  execFileSync(
    join(postgresBin, 'initdb'),
    ['-D', data, '-U', 'balai', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    {
      cwd: folder,
      stdio: 'ignore',
      ...user,
    },
  )
  const options = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', ...settings }
  const flags = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const url = (database: string) => `postgres://balai@127.0.0.1:${port}/${database}`

  const server = await startServer({
    command: join(postgresBin, 'postgres'),
    args: ['-D', data, ...flags],
    folder,
    user,
    stopSignal: 'SIGINT', // "fast": does not wait for clients
    isReady: () => query(url('postgres'), 'SELECT 1'),
  })
  await query(url('postgres'), 'CREATE DATABASE balai')
  return {
    ...server,
    port,
    url: url('balai'),
    /**
     * Makes another database in the same server; cheaper than a second server. Empty, or a copy of `template`, to which
     * nobody may be connected. Answers its URL.
     */
    async createDatabase(name: string, template = 'template1'): Promise<string> {
      const [copy, original] = [name, template].map(pg.escapeIdentifier)
      await query(url('postgres'), `CREATE DATABASE ${copy} TEMPLATE ${original}`)
      return url(name)
    },
    async dropDatabase(name: string): Promise<void> {
      await query(url('postgres'), `DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`)
    },
  }
}

/**
 * A second PostgreSQL that follows `primary` by streaming, as `pg_basebackup --write-recovery-conf` makes it. It takes no
 * writes until it is promoted.
 */
export async function startStandby(primary: { port: number }) {
  const user = unprivileged('postgres')
  const folder = makeFolder('balai-pg-standby-', user)
  const port = await freePort()
  const data = join(folder, 'data')
  const source = `host=127.0.0.1 port=${primary.port} user=balai`
  execFileSync(join(postgresBin, 'pg_basebackup'), ['-D', data, '-d', source, '-R', '--checkpoint=fast', '--no-sync'], {
    cwd: folder,
    stdio: 'ignore',
    ...user,
  })
  const url = (database: string) => `postgres://balai@127.0.0.1:${port}/${database}`
  const options = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', fsync: 'off' }
  const server = await startServer({
    command: join(postgresBin, 'postgres'),
    args: ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    folder,
    user,
    stopSignal: 'SIGINT',
    isReady: () => query(url('postgres'), 'SELECT 1'),
  })
  return {
    ...server,
    port,
    url: url('balai'),
    promote: () => query(url('postgres'), 'SELECT pg_promote()'),
    /** Takes nothing more of its primary: what that commits from now on it will not have. */
    async lag(): Promise<void> {
      await query(url('postgres'), "ALTER SYSTEM SET primary_conninfo TO ''")
      await query(url('postgres'), 'SELECT pg_reload_conf()')
    },
  }
}

/** `config`: further lines of mosquitto.conf. Anonymous clients may do everything unless it says otherwise. */
export async function startMosquitto({ config = '', port: wantedPort }: { config?: string; port?: number } = {}) {
  const folder = makeFolder('balai-mosquitto-', {})
  const port = wantedPort ?? (await freePort())
  const file = join(folder, 'mosquitto.conf')
  const lines = [`listener ${port} 127.0.0.1`, 'set_tcp_nodelay true', `persistence_location ${folder}/`]
  if (!config.includes('allow_anonymous')) lines.push('allow_anonymous true')
  // Started by root, Mosquitto becomes its own user, who cannot read the folder.
  if (process.getuid?.() === 0) lines.push('user root')
  writeFileSync(file, `${[...lines, config].join('\n')}\n`)
  const server = await startServer({
    command: process.env.BALAI_MOSQUITTO ?? '/usr/sbin/mosquitto',
    args: ['-c', file],
    folder,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: () => reach(port),
  })
  return { ...server, port, url: `mqtt://127.0.0.1:${port}` }
}

/**
 * A TCP port on loopback that nobody uses, and that nobody gets by chance: it is below those that the kernel gives to
 * whoever asks for any port. Each process begins at another place, and takes none twice.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + ((process.pid * 100 + taken++) % portCount)
    if (await isFree(port)) return port
  }
}

// The kernel's own begin at 32768 (ip_local_port_range); what machines serve lies below 12000.
const firstPort = 12_000
const portCount = 20_000
let taken = 0

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

type User = { uid?: number; gid?: number }
type Startable = {
  command: string
  args: string[]
  folder: string
  user: User
  /** Beside the process's own. */
  env?: Record<string, string>
  stopSignal: NodeJS.Signals
  isReady: () => Promise<unknown>
}

/** Any program as a child: `isReady` says when it answers. */
export async function startServer({ command, args, folder, user, env = {}, stopSignal, isReady }: Startable) {
  const logFile = join(folder, 'log')
  let child = await launch()

  /** Starts until it answers: after kill -9 PostgreSQL refuses for a moment, while its children are still leaving. */
  async function launch(): Promise<ChildProcess> {
    const giveUpAt = performance.now() + startTimeoutMs
    for (;;) {
      const log = openSync(logFile, 'a')
      const stdio: StdioOptions = ['ignore', log, log]
      const started = spawn(command, args, { cwd: folder, stdio, env: { ...process.env, ...env }, ...user })
      closeSync(log)
      const leave = () => started.kill('SIGKILL')
      process.once('exit', leave)
      started.once('exit', () => process.off('exit', leave))
      while (isRunning(started) && performance.now() < giveUpAt) {
        try {
          await isReady()
          return started
        } catch {
          await sleep(20)
        }
      }
      await end(started, 'SIGKILL')
      if (performance.now() >= giveUpAt)
        throw new Error(`${command} did not start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
      await sleep(100)
    }
  }

  return {
    folder,
    pid: () => child.pid,
    log: () => readFileSync(logFile, 'utf8'),
    /** kill -9. */
    kill: () => end(child, 'SIGKILL'),
    /** Stops politely, keeps the folder. */
    pause: () => end(child, stopSignal),
    /** Starts again on the same port and folder; stops it first if it still runs. */
    async restart() {
      await end(child, stopSignal)
      child = await launch()
    },
    /** Stops it and removes its folder. */
    async stop() {
      await end(child, stopSignal)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isRunning(child)) return Promise.resolve()
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(giveUp)
      resolve()
    })
    child.kill(signal)
  })
}

/** PostgreSQL refuses to run as root; then its Debian user runs it. */
function unprivileged(name: string): User {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export function makeFolder(prefix: string, { uid, gid }: User, within = tmpdir()): string {
  const folder = mkdtempSync(join(within, prefix))
  chmodSync(folder, 0o700)
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  return folder
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

export function reach(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}
