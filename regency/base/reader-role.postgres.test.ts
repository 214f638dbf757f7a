import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillRegency } from '../../testing/fill-regency.ts'
import { openTestDatabaseAlone } from '../../testing/hub-parts.ts'
import { hubItself } from './audit.ts'
import { sqlState } from './database.ts'
import { grantReader, readable, renewReaders, withheld } from './reader-role.ts'

/* A server of its own: roles belong to a whole one. */

let opened: Awaited<ReturnType<typeof openTestDatabaseAlone>>
let reader: pg.Client
const now = Date.now()

beforeAll(async () => {
  opened = await openTestDatabaseAlone()
  await fillRegency(opened.server.url, { villages: 2, days: 5, ticketsADay: 3, zone: 'Asia/Jakarta', now })
  // What was given to it by hand goes.
  await opened.database.query(
    'CREATE ROLE reader LOGIN; GRANT SELECT ON account TO reader; GRANT DELETE ON ticket TO reader',
  )
  await grantReader(opened.database, 'reader', hubItself)
  reader = await logIn('reader')
}, 60_000)
afterAll(async () => {
  await reader.end()
  await opened.close()
})

async function logIn(user: string): Promise<pg.Client> {
  const url = new URL(opened.server.url)
  url.username = user
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  return client
}

/** The SQLSTATE with which a statement fails as the reader; null: it is carried out. */
const ask = (text: string) => reader.query(text).then(() => null, sqlState)
const refused = '42501'

const relations = async () =>
  (
    await opened.database.query<{ name: string; columns: string[] }>(
      `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
       GROUP BY c.relname ORDER BY c.relname`,
    )
  ).rows

test('every table and view is either readable or withheld for a reason', async () => {
  const known = [...Object.keys(readable), ...Object.keys(withheld)].sort()
  expect((await relations()).map(({ name }) => name)).toEqual(known)
})

test('whoever logs in as it reads each column that is meant for it, and no other', async () => {
  for (const { name, columns } of await relations()) {
    const open = readable[name]
    for (const column of columns) {
      const may = open === 'all' || open?.includes(column)
      expect([name, column, await ask(`SELECT "${column}" FROM "${name}" LIMIT 1`)]).toEqual([
        ...[name, column],
        may ? null : refused,
      ])
    }
  }
  const { rows } = await reader.query('SELECT count(*)::int AS n FROM ticket')
  expect(rows).toEqual([{ n: 2 * 5 * 3 }])
})

test('it writes nothing, and parts of tables are as closed as the whole', async () => {
  for (const { name } of await relations()) {
    // 55000: a view that nobody can write.
    expect([name, await ask(`DELETE FROM "${name}"`)]).toEqual([name, expect.stringMatching(/42501|55000/)])
    const rights = `SELECT has_table_privilege($1, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
      OR has_any_column_privilege($1, 'INSERT, UPDATE, REFERENCES') AS any`
    expect([name, (await reader.query(rights, [name])).rows[0].any]).toEqual([name, false])
  }
  for (const table of ['entry_0', 'sealed_0', 'ticket_0'])
    expect([table, await ask(`SELECT * FROM ${table}`)]).toEqual([table, refused])
  expect(await ask('CREATE TABLE mine (a int)')).toBe(refused)
})

const folder = join(import.meta.dirname, '..', 'grafana')
const queries = readdirSync(folder).flatMap((file) => {
  const { panels } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    panels: { title: string; targets: { rawSql?: string }[] }[]
  }
  return panels.flatMap(({ title, targets }) => targets.flatMap(({ rawSql }) => (rawSql ? [[title, rawSql]] : [])))
}) as [string, string][]

test.each(queries)('the panel "%s" shows something to it', async (_title, query) => {
  const text = query
    .replaceAll('$__timeFrom()', `'${new Date(now - 30 * 86_400_000).toISOString()}'`)
    .replaceAll('$__timeTo()', `'${new Date(now).toISOString()}'`)
  expect((await reader.query(text)).rows).not.toEqual([])
})

test('after a migration it reads what was added, and stays without what was not meant for it', async () => {
  await opened.database.query('REVOKE SELECT ON meter FROM reader')
  expect(await ask('SELECT * FROM meter')).toBe(refused)
  await renewReaders(opened.database)
  expect(await ask('SELECT * FROM meter')).toBeNull()
  expect(await ask('SELECT * FROM account')).toBe(refused)
})

test('a role is made where the hub may, and otherwise it says how', async () => {
  const { database } = opened
  expect(await grantReader(database, 'maps', hubItself)).toEqual({ made: true })
  expect(await grantReader(database, 'maps', hubItself)).toEqual({ made: false })
  await expect(grantReader(database, 'balai', hubItself)).rejects.toThrow(/everything anyway/)
  await expect(grantReader(database, 'x"; DROP TABLE ticket', hubItself)).rejects.toThrow(/no name for a role/)
  await database.query(`CREATE ROLE humble LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO humble`)
  await database.withClient(async (client) => {
    await client.query('SET ROLE humble')
    const asHumble = { ...database, inTransaction: <T>(work: (own: typeof client) => Promise<T>) => work(client) }
    await expect(grantReader(asHumble, 'third', hubItself)).rejects.toThrow(/createuser --pwprompt third/)
    await client.query('RESET ROLE')
  })
})
