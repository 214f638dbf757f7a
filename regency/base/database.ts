import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import { createListeners } from '../../appliance/base/listeners.ts'
import { hostsOf } from './database-hosts.ts'

export type Database = Awaited<ReturnType<typeof openDatabase>>
export type Client = Pick<pg.ClientBase, 'query'>

/**
 * `url` may name several servers (`hostsOf`): one that takes writes, and standbys of it, one of which will some day be
 * promoted. `connections`: how many villages are written at the same time. 1 for PGlite. `waitUntil`: wait for a PostgreSQL that is
 * not there yet, until this says to give up; without it the opening fails at once.
 */
export type DatabaseOptions = { url: string; connections: number; log: Logger; waitUntil?: AbortSignal }

const probeMs = { first: 250, most: 10_000 }
/** A server that does not answer a probe in this time is gone, however its connections look. */
const probeTimeoutMs = 5_000
const sayWaitingEveryMs = 60_000

/**
 * Opens the pool and makes sure that PostgreSQL answers: AppError `hub.database-unreachable` where none does,
 * `hub.database-refused` where it says no (password, name of the database), which no waiting mends. Afterwards it notices
 * when PostgreSQL goes, asks until it is back, and then tells `onRecovered`.
 */
export async function openDatabase({ url, connections, log, waitUntil }: DatabaseOptions) {
  const urls = hostsOf(url)
  let primary = await reach(urls, log, waitUntil)
  let pool = openPool(primary)
  const listeners = createListeners((error) => log.error({ err: error }, 'who waits for PostgreSQL failed'))
  let up = true
  let asking = false
  let closed = false
  let probe: NodeJS.Timeout | undefined
  /** The last question whether PostgreSQL is there. */
  let asked: Promise<void> = Promise.resolve()
  /** Pools of servers that were left, which end once nobody holds a client of theirs. */
  const left: Promise<void>[] = []

  function openPool(connectionString: string): pg.Pool {
    const opened = new pg.Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 0,
      keepAlive: true,
      // A server that says nothing any more: give the village free, and let the server give its row lock free.
      query_timeout: 60_000,
      idle_in_transaction_session_timeout: 60_000,
      // One that lives ends a slow statement itself before that, says so, and the connection stays whole.
      statement_timeout: 50_000,
      lock_timeout: 40_000,
      application_name: 'balai hub',
    })
    // The pool listens to a client only while it lies idle; one that is lost in somebody's hands would end the process.
    opened.on('connect', (client) => client.on('error', noticeLoss))
    opened.on('error', noticeLoss)
    return opened
  }

  /** Takes note when `error` says that the connection, and not the statement, failed. */
  function noticeLoss(error: unknown): void {
    if (!up || closed || asking || !isLoss(error)) return
    if (isTimeout(error)) asked = askAfterTimeout()
    else lose(error)
  }

  /** One slow statement, or a pool whose connections are all busy, is not the loss of PostgreSQL. */
  async function askAfterTimeout(): Promise<void> {
    asking = true
    try {
      if ((await findPrimary(urls)) !== primary) lose(new Error('another server takes writes now'))
    } catch (error) {
      lose(error)
    } finally {
      asking = false
    }
  }

  function lose(error: unknown): void {
    if (!up || closed) return
    up = false
    log.error({ reason: reasonOf(error) }, 'PostgreSQL is gone; batches are not answered until it is back')
    probeAfter(probeMs.first)
  }

  function probeAfter(delayMs: number): void {
    probe = setTimeout(() => {
      asked = findPrimary(urls).then(recover, () => {
        if (!closed) probeAfter(Math.min(delayMs * 2, probeMs.most))
      })
    }, delayMs)
  }

  function recover(found: string): void {
    if (closed) return
    if (found !== primary) {
      left.push(pool.end())
      primary = found
      pool = openPool(found)
    }
    up = true
    log.info({ at: addressOf(found) }, 'PostgreSQL is back')
    listeners.tell()
  }

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error) => {
      noticeLoss(error)
      throw error
    })
    let whole = true
    try {
      return await work(client)
    } catch (error) {
      whole = !isLoss(error)
      noticeLoss(error)
      throw error
    } finally {
      client.release(!whole)
    }
  }

  /** Runs `work` between BEGIN and COMMIT. What throws leaves nothing behind. */
  function inTransaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return withClient(async (client) => {
      await client.query('BEGIN')
      try {
        const result = await work(client)
        await client.query('COMMIT')
        return result
      } catch (error) {
        if (!isLoss(error)) await client.query('ROLLBACK')
        throw error
      }
    })
  }

  return {
    connections,
    /** Several statements on one connection, each in a transaction of its own. */
    withClient: <T>(work: (client: Client) => Promise<T>): Promise<T> => withClient(work),
    inTransaction,
    /** One statement in a transaction of its own. */
    query: <R extends pg.QueryResultRow>(config: pg.QueryConfig | string, values?: unknown[]) =>
      withClient((client) => client.query<R>(config, values)),
    isUp: () => up,
    onRecovered: listeners.add,
    async close() {
      closed = true
      clearTimeout(probe)
      await asked
      await Promise.all([...left, pool.end()])
    },
  }
}

/** The SQLSTATE of a failed statement, or null when it was no statement that failed. */
export const sqlState = (error: unknown): string | null =>
  error instanceof pg.DatabaseError ? (error.code ?? null) : null

/** Classes data exception and program limit exceeded: what somebody sent cannot be stored, whatever the server's state. */
export const isUnstorable = (error: unknown): boolean => /^(22|54)/.test(sqlState(error) ?? '')

/** Asks until PostgreSQL answers; once a minute the log says what the hub waits for. */
async function reach(urls: readonly string[], log: Logger, waitUntil: AbortSignal | undefined): Promise<string> {
  let saidAt = Number.NEGATIVE_INFINITY
  for (let delayMs = probeMs.first; ; delayMs = Math.min(delayMs * 2, probeMs.most)) {
    try {
      return await findPrimary(urls)
    } catch (error) {
      const reason = reasonOf(error)
      if (!isLoss(error)) throw new AppError('unavailable', 'hub.database-refused', `PostgreSQL refuses: ${reason}`)
      const unreachable = () =>
        new AppError(
          'unavailable',
          'hub.database-unreachable',
          `PostgreSQL does not answer at ${urls.map(addressOf).join(' or ')}: ${reason}. Does it run there (systemctl status postgresql), and is that the address in postgres.url of hub.toml, or in the file that url_file names?`,
        )
      if (!waitUntil) throw unreachable()
      if (performance.now() - saidAt >= sayWaitingEveryMs) {
        log.warn({ reason }, 'the hub waits for PostgreSQL')
        saidAt = performance.now()
      }
      await sleep(delayMs, undefined, { signal: waitUntil }).catch(() => {
        throw unreachable()
      })
    }
  }
}

/** The server that takes writes. Throws what the last of them said where none does. */
export async function findPrimary(urls: readonly string[]): Promise<string> {
  let failure: unknown
  for (const url of urls) {
    try {
      if (await askOnce(url)) return url
      failure ??= Object.assign(new Error('it only follows another server'), { code: 'ESTANDBY' })
    } catch (error) {
      // A refusal says more than a server that is away.
      if (failure === undefined || !isLoss(error)) failure = error
    }
  }
  throw failure
}

/** For one question: the server that takes writes, or the first that is named where none does, which then says why. */
export const primaryOf = (url: string): Promise<string> => findPrimary(hostsOf(url)).catch(() => hostsOf(url)[0])

/** Whether it takes writes: one question on a connection of its own, so that neither a busy pool nor a frozen connection decides the answer. */
async function askOnce(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: probeTimeoutMs,
    query_timeout: probeTimeoutMs,
    application_name: 'balai hub',
  })
  client.on('error', () => {}) // what failed is what the question throws
  try {
    await client.connect()
    const { rows } = await client.query<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows')
    await client.end()
    return rows[0]?.follows === false
  } catch (error) {
    void client.end().catch(() => {}) // a server that says nothing does not say goodbye either
    throw error
  }
}

/** No answer in time: of a statement, or of the pool. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /^(timeout exceeded when trying to connect|Query read timeout)$/.test(error.message)

/**
 * Classes 08 and 57P: connection failure, shutdown, start-up; 53300: others have all connections. Everything else that has
 * a SQLSTATE came from a living server, but for 25006 (it takes no writes: another one does now): 57014 (a statement that took too long) and 55P03 (a lock that nobody gave free) too.
 */
export function isLoss(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== null) return state.startsWith('08') || state.startsWith('57P') || state === '53300' || state === '25006'
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded|Query read timeout|timeout expired|connection error/i.test(message)
  )
}

/** Host, port and database of a connection string, without its password. */
function addressOf(url: string): string {
  const { host, port, database } = new pg.Client({ connectionString: url })
  return `${host}:${port}, database ${database}`
}

/** Without the connection string, which may hold a password. */
const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string }
  return sqlState(error) === null && code ? code : (message ?? 'unknown')
}
