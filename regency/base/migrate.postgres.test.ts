import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quiet } from '../../testing/hub-parts.ts'
import { startPostgres } from '../../testing/servers.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

let server: Awaited<ReturnType<typeof startPostgres>>
let databases = 0
const files = readdirSync(join(import.meta.dirname, 'schema'))

beforeAll(async () => {
  server = await startPostgres({ settings: { fsync: 'off' } })
}, 30_000)
afterAll(() => server.stop())

async function withDatabase(work: (database: Database) => Promise<void>) {
  const url = await server.createDatabase(`migrations_${++databases}`)
  const database = await openDatabase({ url, connections: 4, log: quiet })
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

const versionOf = async (database: Database) =>
  (await database.query<{ version: number }>('SELECT max(version) AS version FROM schema_version')).rows[0]?.version

test('an empty database gets the whole schema, and a second start changes nothing', () =>
  withDatabase(async (database) => {
    await migrate(database)
    await migrate(database)
    expect(await versionOf(database)).toBe(files.length)
  }))

test('two hubs that start at once migrate one after the other', () =>
  withDatabase(async (database) => {
    await Promise.all([migrate(database), migrate(database), migrate(database)])
    expect(await versionOf(database)).toBe(files.length)
  }))

test('a database that is newer than the program is refused and left as it is', () =>
  withDatabase(async (database) => {
    await migrate(database)
    await database.query('INSERT INTO schema_version (version) VALUES (99)')
    await expect(migrate(database)).rejects.toMatchObject({ kind: 'unavailable', code: 'store.newer' })
    expect(await versionOf(database)).toBe(99)
  }))

test('a database that was only counted goes on by name, and a number in a gap is applied and nothing twice', () =>
  withDatabase(async (database) => {
    await database.query('CREATE TABLE schema_version (version integer NOT NULL)')
    await database.query('INSERT INTO schema_version (version) VALUES (1), (2)')
    const step = (name: string) => ({ name, sql: `CREATE TABLE t${name.slice(0, 3)} (x integer)` })
    const before = ['001-journal.sql', '002-contact.sql'].map(step) // not run: the database has had them
    await migrate(database, [...before, step('010-late.sql')])
    // A second run of 010 would throw: its table exists.
    await migrate(database, [...before, step('005-gap.sql'), step('010-late.sql')])
    const { rows } = await database.query('SELECT version, name FROM schema_version ORDER BY version')
    expect(rows.map(({ version, name }) => `${version} ${name}`)).toEqual([
      '1 001-journal.sql',
      '2 002-contact.sql',
      '3 010-late.sql',
      '4 005-gap.sql',
    ])
    const refused = migrate(database, [...before, step('010-late.sql')])
    await expect(refused).rejects.toMatchObject({
      code: 'store.newer',
      message: expect.stringContaining('005-gap.sql'),
    })
  }))

test('a database of schema 006 that a regency has filled goes on: each fold from where it was, counts that are due, entries set aside', () =>
  withDatabase(async (database) => {
    const step = (name: string) => ({ name, sql: readFileSync(join(import.meta.dirname, 'schema', name), 'utf8') })
    await migrate(database, files.slice(0, 6).map(step))
    const village = '3510152012'
    const name = (n: number) => Buffer.alloc(32, n)
    const entry = (n: number, type: string) =>
      database.query(
        `INSERT INTO entry (village, name, type, at, clock, actor, data) VALUES ($1, $2, $3, $4, 'synced', 'box', '{}')`,
        [village, name(n), type, 1_795_400_000_000 + n],
      )
    await entry(1, 'journal.day-totalled')
    await entry(2, 'journal.day-totalled')
    await entry(3, 'queue.ticket-taken')
    await database.query('INSERT INTO stream (village) VALUES ($1)', [village])
    await database.query(`INSERT INTO epoch_cursor (village, epoch, seq, hash) VALUES ($1, 'epochAepochA', 3, $2)`, [
      village,
      name(9),
    ])
    await database.query(
      `INSERT INTO projection_cursor (village, epoch, seq, version) VALUES ($1, 'epochAepochA', 3, 2), ($1, 'epochBepochB', 7, 1)`,
      [village],
    )
    await database.query(
      `INSERT INTO set_aside (village, name, type, reason) VALUES ($1, $2, 'journal.day-totalled', 'no'), ($1, $3, 'queue.ticket-taken', 'no')`,
      [village, name(2), name(3)],
    )

    await migrate(database)
    const rows = async (sql: string) => (await database.query(sql)).rows
    expect(await rows('SELECT epoch, seq::int, version, fold FROM projection_cursor ORDER BY epoch, fold')).toEqual([
      { epoch: 'epochAepochA', seq: 3, version: 1, fold: 'journal' },
      { epoch: 'epochAepochA', seq: 3, version: 2, fold: 'queue' },
      { epoch: 'epochBepochB', seq: 7, version: 0, fold: 'journal' },
      { epoch: 'epochBepochB', seq: 7, version: 1, fold: 'queue' },
    ])
    expect(await rows('SELECT type, fold FROM set_aside ORDER BY type')).toEqual([
      { type: 'journal.day-totalled', fold: 'journal' },
      { type: 'queue.ticket-taken', fold: 'queue' },
    ])
    expect(await rows('SELECT name, checked_at FROM day_total')).toEqual([{ name: name(1), checked_at: null }])
    expect(await rows('SELECT named FROM epoch_cursor')).toEqual([{ named: false }])
    expect(await versionOf(database)).toBe(files.length)
  }))

test('every table that grows begins its key with the village and is partitioned by it', () =>
  withDatabase(async (database) => {
    await migrate(database)
    const { rows } = await database.query<{ table: string; key: string; parts: number }>(`
      SELECT c.relname AS table, pg_get_partkeydef(c.oid) AS key, (SELECT count(*)::int FROM pg_inherits WHERE inhparent = c.oid) AS parts
      FROM pg_class c
      WHERE c.relkind = 'p'
      ORDER BY 1`)
    expect(rows).toEqual(
      ['entry', 'place', 'sealed', 'ticket'].map((table) => ({ table, key: 'HASH (village)', parts: 8 })),
    )
    const first = await database.query<{ table: string; column: string }>(`
      SELECT c.relname AS table, a.attname AS column
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indisprimary AND a.attname <> 'village'
      ORDER BY 1`)
    // The regency's own people, what they do, and what they publish and ask: as much as people write.
    expect(first.rows).toEqual([
      { table: 'account', column: 'account' },
      { table: 'agency_access', column: 'agency' },
      { table: 'audit', column: 'id' },
      { table: 'command_given', column: 'given' },
      { table: 'dataset_version', column: 'dataset' },
      { table: 'hub_node', column: 'node' },
      { table: 'planned_work', column: 'work' },
      { table: 'release_file', column: 'sha256' },
      { table: 'release_part', column: 'sha256' },
      { table: 'rollout', column: 'release' },
    ])
  }))

test('accounts that were there before there were roles may do all that they could', () =>
  withDatabase(async (database) => {
    const before = files.filter((name) => name < '010').sort()
    const read = (name: string) => ({ name, sql: readFileSync(join(import.meta.dirname, 'schema', name), 'utf8') })
    await migrate(database, before.map(read))
    await database.query(`INSERT INTO account (account, name) VALUES ('a', 'Rina')`)
    await migrate(database)
    expect((await database.query('SELECT name, role FROM account')).rows).toEqual([
      { name: 'Rina', role: 'administrator' },
    ])
    await expect(database.query(`INSERT INTO account (account, name) VALUES ('b', 'Tono')`)).rejects.toThrow(/role/)
  }))

test('a database that does not answer is named with its address, without its password', async () => {
  const opening = openDatabase({ url: 'postgres://me:geheim@127.0.0.1:1/none', connections: 1, log: quiet })
  await expect(opening).rejects.toMatchObject({
    code: 'hub.database-unreachable',
    message: expect.stringMatching(
      /^PostgreSQL does not answer at 127\.0\.0\.1:1, database none: ECONNREFUSED(?!.*geheim)/,
    ),
  })
})
