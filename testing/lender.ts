import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { openDatabase } from '../regency/base/database.ts'
import { migrate } from '../regency/base/migrate.ts'
import { startPostgres } from './servers.ts'

/*
 * One PostgreSQL for all test files of a run, in the process that runs them: it starts with the first file that needs
 * one and lends databases, copies of one that was migrated once.
 */

const template = 'migrated'

/** What is lent: `stop` gives it back. */
export type LentDatabase = { url: string; stop(): Promise<void> }

/** `folder`: where the server keeps its data. `url` is what a test file borrows by. */
export async function startLender(folder: string) {
  let postgres: ReturnType<typeof openPostgres> | null = null
  let lent = 0
  // One after another: a template that is being copied must not be copied by a second one.
  let turn: Promise<unknown> = Promise.resolve()

  async function answer(method: string | undefined, name: string): Promise<string> {
    postgres ??= openPostgres(folder)
    const server = await postgres
    if (method === 'DELETE') {
      await server.dropDatabase(name)
      return ''
    }
    const lending = `lent_${++lent}`
    return JSON.stringify({ name: lending, url: await server.createDatabase(lending, template) })
  }

  const http = createServer((request, response) => {
    const mine = Promise.all([text(request), turn]).then(([name]) => answer(request.method, name))
    turn = mine.then(
      (said) => response.end(said),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  http.unref()
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      http.closeAllConnections()
      http.close()
      await (await postgres?.catch(() => null))?.stop()
    },
  }
}

/** A server that has the hub's schema in `template`. */
async function openPostgres(within: string) {
  const server = await startPostgres({ settings: { fsync: 'off' }, within })
  const url = await server.createDatabase(template)
  const database = await openDatabase({ url, connections: 1, log: pino({ level: 'silent' }) })
  await migrate(database)
  await database.close()
  return server
}

/** Borrows from the run's lender; null where there is none, outside of a run. */
export async function borrowDatabase(lender = process.env.BALAI_TEST_LENDER): Promise<LentDatabase | null> {
  if (!lender) return null
  const { name, url } = JSON.parse(await ask(lender, 'POST', ''))
  return { url, stop: async () => void (await ask(lender, 'DELETE', name)) }
}

async function ask(lender: string, method: 'POST' | 'DELETE', body: string): Promise<string> {
  const answer = await fetch(lender, { method, body, headers: { connection: 'close' } })
  const said = await answer.text()
  if (!answer.ok) throw new Error(said)
  return said
}
