import { pino } from 'pino'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

/** For a command that is typed: one connection to a schema of today, for as long as `work` takes. Throws what both throw. */
export async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url, connections: 1, log: pino({ level: 'silent' }) })
  try {
    await migrate(database)
    return await work(database)
  } finally {
    await database.close()
  }
}
