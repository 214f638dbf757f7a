import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { packFrame } from '../../appliance/wire/frame.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { makeTestFolder, openTestDatabaseAlone, openTestReceiver } from '../../testing/hub-parts.ts'
import { backUp } from './back-up.ts'

/* A server of its own: the copy that proves a dump has one name for each database. */

let opened: Awaited<ReturnType<typeof openTestDatabaseAlone>>
const { folder: place, remove } = makeTestFolder('hub-backup')
const villages = ['3510012001', '3510012002']
const stamp = join(place, 'stamp')
let folder = ''
let now = Date.UTC(2026, 10, 30, 19)

beforeAll(async () => {
  opened = await openTestDatabaseAlone()
  const { receiver, ask } = openTestReceiver(opened.database, { free: true })
  for (const village of villages) {
    const box = createTestBox({ village, entries: queueEntries(620) })
    await ask(village, 'hello', packFrame(box.hello()))
    await ask(village, 'up', box.packBatch(1, 500))
    await ask(village, 'up', box.packBatch(501, 620))
  }
  await receiver.close()
}, 60_000)
beforeEach(() => {
  now += 86_400_000
  folder = join(place, String(now))
  writeFileSync(stamp, 'before')
})
afterAll(async () => {
  await opened.close()
  remove()
})

const run = (changes: Partial<Parameters<typeof backUp>[0]> = {}) =>
  backUp({ url: opened.server.url, folder, keep: 2, stamp, now, ...changes })
const databases = async () =>
  (await opened.database.query<{ datname: string }>('SELECT datname FROM pg_database ORDER BY 1')).rows.map(
    ({ datname }) => datname,
  )
const stamped = () => readFileSync(stamp, 'utf8')

test('a dump is restored and every chain computed in the copy; then the stamp is touched and the oldest dump goes', async () => {
  const before = await databases()
  const first = await run()
  expect(first).toMatchObject({ villages: 2, entries: 1240, removed: 0 })
  expect(stamped()).toContain(first.path)
  await run({ now: now + 1_000 })
  expect(await run({ now: now + 2_000 })).toMatchObject({ removed: 1 })
  expect(readdirSync(folder)).toHaveLength(2)
  expect(existsSync(first.path)).toBe(false)
  expect(await databases()).toEqual(before)
})

test('R3: a dump that is made by a wrong clock is the newest all the same, and two of one second are two', async () => {
  mkdirSync(folder)
  for (const name of ['balai-20261201T183000Z.dump', 'balai-20261202T183000Z.dump'])
    writeFileSync(join(folder, name), 'of an older program')
  const behind = await run({ now: Date.UTC(2020, 0, 1) })
  const ahead = await run({ now: Date.UTC(2050, 0, 1) })
  const right = await run()
  expect(
    readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  ).toEqual([ahead.path, right.path])
  expect(behind.removed + ahead.removed + right.removed).toBe(3)
  const again = await run()
  expect(existsSync(right.path) && existsSync(again.path)).toBe(true)
  expect(stamped()).toContain(again.path)
})

test.each([
  ['what an entry says is changed', `UPDATE entry SET data = '{"label":"A999"}'`, 'is not what was written'],
  ['a place is lost', 'DELETE FROM place', 'is missing'],
])('where %s, the dump is no backup: the village is named, the stamp stays', async (_title, damage, words) => {
  await run()
  writeFileSync(stamp, 'before')
  const { database } = opened
  const at = `village = '${villages[1]}' AND name = (SELECT name FROM place WHERE village = '${villages[1]}' AND seq = 511)`
  for (const table of ['entry', 'place'])
    await database.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table} WHERE ${at}`)
  await database.query(`${damage} WHERE ${at}`)
  await expect(run({ now: now + 1_000 })).rejects.toThrow(
    new RegExp(`entry 511 in epoch .* of ${villages[1]} ${words}`),
  )
  expect(stamped()).toBe('before')
  expect(readdirSync(folder).sort()).toEqual([expect.stringMatching(/^balai-000001-/), 'balai-unsound.dump'])
  expect((await databases()).filter((name) => name.endsWith('_check'))).toEqual([])
  for (const table of ['entry', 'place']) {
    await database.query(`DELETE FROM ${table} WHERE ${at}`).catch(() => {})
    await database.query(`DELETE FROM ${table} t USING kept_${table} k WHERE t.village = k.village AND t.name = k.name`)
    await database.query(`INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`)
  }
  await run({ now: now + 2_000 })
  expect(readdirSync(folder)).not.toContain('balai-unsound.dump')
})

test('a program that is missing or fails, and a user who may make no database, are sentences', async () => {
  const path = process.env.PATH
  const programs = join(place, 'programs')
  mkdirSync(programs)
  try {
    process.env.PATH = programs
    await expect(run()).rejects.toThrow('pg_dump is not installed: apt-get install postgresql-client')
    writeFileSync(join(programs, 'pg_dump'), '#!/bin/sh\necho "pg_dump: error: No space left on device" >&2\nexit 1\n')
    chmodSync(join(programs, 'pg_dump'), 0o755)
    symlinkSync('/bin/sh', join(programs, 'sh'))
    await expect(run()).rejects.toThrow('pg_dump: error: No space left on device')
  } finally {
    process.env.PATH = path
  }
  await opened.database.query('CREATE ROLE humble LOGIN; GRANT balai TO humble')
  await opened.database.query(
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO humble; GRANT CREATE ON SCHEMA public TO humble',
  )
  await opened.database.query('GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO humble')
  const url = new URL(opened.server.url)
  url.username = 'humble'
  url.password = 'ge:heim'
  await expect(run({ url: url.href })).rejects.toThrow(/ALTER ROLE humble CREATEDB/)
  expect(stamped()).toBe('before')
})

test('what is dumped is what a new server takes, by PostgreSQL’s own tools', async () => {
  const { path } = await run()
  const copy = await opened.server.createDatabase('by_hand', 'template0')
  const { execFileSync } = await import('node:child_process')
  execFileSync('pg_restore', ['--exit-on-error', '--no-owner', '--dbname', copy, path])
  const client = new pg.Client({ connectionString: copy })
  await client.connect()
  const { rows } = await client.query('SELECT count(*)::int AS n FROM journal')
  await client.end()
  expect(rows).toEqual([{ n: 1240 }])
})
