import pg from 'pg'
import type { Logger } from 'pino'
import { AppError } from '../appliance/errors.ts'

export type Database = Awaited<ReturnType<typeof openDatabase>>
export type Client = Pick<pg.ClientBase, 'query'>

/** `connections`: how many villages are written at the same time. 1 for PGlite. */
export type DatabaseOptions = { url: string; connections: number; log: Logger }

const probeMs = { first: 250, most: 10_000 }

/**
 * Opens the pool and makes sure that PostgreSQL answers (AppError `hub.database-unreachable` if not). Afterwards it
 * notices when PostgreSQL goes, asks until it is back, and then tells `onRecovered`.
 */
export async function openDatabase({ url, connections, log }: DatabaseOptions) {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 0,
    keepAlive: true,
    // A server that says nothing any more: give the village free, and let the server give its row lock free.
    query_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'balai hub',
  })
  const listeners = new Set<() => void>()
  let up = true
  let closed = false
  let probe: NodeJS.Timeout | undefined

  pool.on('error', noticeLoss)

  /** Takes note when `error` says that the connection, and not the statement, failed. */
  function noticeLoss(error: unknown): void {
    if (!up || closed || !isLoss(error)) return
    up = false
    log.error({ reason: reasonOf(error) }, 'PostgreSQL is gone; batches are not answered until it is back')
    probeAfter(probeMs.first)
  }

  function probeAfter(delayMs: number): void {
    probe = setTimeout(async () => {
      try {
        await pool.query('SELECT 1')
      } catch {
        if (!closed) probeAfter(Math.min(delayMs * 2, probeMs.most))
        return
      }
      up = true
      log.info('PostgreSQL is back')
      for (const listener of listeners) listener()
    }, delayMs)
  }

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined
    let failed: unknown = null
    try {
      client = await pool.connect()
      return await work(client)
    } catch (error) {
      failed = error
      noticeLoss(error)
      throw error
    } finally {
      client?.release(isLoss(failed))
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

  try {
    await pool.query('SELECT 1')
  } catch (error) {
    await pool.end()
    throw new AppError('unavailable', 'hub.database-unreachable', `PostgreSQL does not answer: ${reasonOf(error)}`)
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
    onRecovered(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(probe)
      await pool.end()
    },
  }
}

/** The SQLSTATE of a failed statement, or null when it was no statement that failed. */
export const sqlState = (error: unknown): string | null =>
  error instanceof pg.DatabaseError ? (error.code ?? null) : null

/** Classes 08 and 57P: connection failure, shutdown, start-up. Everything else that has a SQLSTATE came from a living server. */
function isLoss(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== null) return state.startsWith('08') || state.startsWith('57P')
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|connection error/i.test(message)
  )
}

/** Without the connection string, which may hold a password. */
const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string }
  return sqlState(error) === null && code ? code : (message ?? 'unknown')
}
