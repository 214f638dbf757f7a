import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { assertSchemaKnown, type Migration, migrate } from './migrations.ts'

const step = (name: string, sql = `CREATE TABLE t${name.replace(/\W/g, '')} (x INTEGER) STRICT`): Migration => ({
  name,
  sql,
})
const namesIn = (db: Database.Database) =>
  db.prepare<[], string>('SELECT name FROM migration ORDER BY name').pluck().all()
const versionOf = (db: Database.Database) => db.pragma('user_version', { simple: true })
const codeOf = (work: () => unknown) => {
  try {
    work()
    return 'taken'
  } catch (error) {
    return (error as { code?: string }).code
  }
}
/** A database as a program left it that only counted its migrations. */
function countedDatabase(count: number) {
  const db = new Database(':memory:')
  const folder = join(import.meta.dirname, 'migrations')
  const then = readdirSync(folder).filter((name) => name < '027')
  migrate(
    db,
    'it',
    then.map((name) => step(name, readFileSync(join(folder, name), 'utf8'))),
  )
  db.exec('DROP TABLE migration')
  db.pragma(`user_version = ${count}`)
  return db
}

test('a number in a gap is applied, and what was last is not applied again', () => {
  const db = new Database(':memory:')
  const [first, last] = [step('001-a.sql'), step('010-c.sql')]
  migrate(db, 'it', [first, last])
  // A second run of 010 would throw: its table exists.
  migrate(db, 'it', [first, last, step('005-b.sql')])
  expect(namesIn(db)).toEqual(['001-a.sql', '005-b.sql', '010-c.sql'])
  expect(versionOf(db)).toBe(3)
  db.close()
})

test('steps come in the order of their names, from whatever place', () => {
  const db = new Database(':memory:')
  const later = step('002-b.sql', 'ALTER TABLE t001asql ADD COLUMN y INTEGER')
  migrate(db, 'it', [later, step('001-a.sql')])
  expect(namesIn(db)).toEqual(['001-a.sql', '002-b.sql'])
  expect(() => migrate(db, 'it', [later, later])).toThrow('Two migrations are called 002-b.sql')
  db.close()
})

test('a step that fails leaves nothing of itself, and is tried again', () => {
  const db = new Database(':memory:')
  const broken = step('002-b.sql', 'CREATE TABLE half (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1)')
  expect(() => migrate(db, 'it', [step('001-a.sql'), broken])).toThrow('nowhere')
  expect([namesIn(db), versionOf(db)]).toEqual([['001-a.sql'], 1])
  migrate(db, 'it', [step('001-a.sql'), step('002-b.sql', 'CREATE TABLE half (x INTEGER) STRICT')])
  expect(versionOf(db)).toBe(2)
  db.close()
})

test('a database that was only counted is taken for what its number said, and goes on by name', () => {
  const db = countedDatabase(15)
  migrate(db, 'it')
  const names = namesIn(db)
  expect([names.length, names.filter((name) => !name.includes('/')).at(-1)]).toEqual([versionOf(db), '027-sealed.sql'])
  const folder = join(import.meta.dirname, 'migrations')
  const rooms = join(import.meta.dirname, '..', '..')
  for (const name of names) expect(existsSync(join(name.includes('/') ? rooms : folder, name)), name).toBe(true)
  db.close()
})

test('a program older than its data refuses by name, whether the data names its steps or counts them', () => {
  const named = new Database(':memory:')
  migrate(named, 'it')
  named.prepare('INSERT INTO migration (name) VALUES (?)').run('900-of-tomorrow.sql')
  expect(() => migrate(named, 'it')).toThrow('900-of-tomorrow.sql')
  expect(codeOf(() => migrate(named, 'it'))).toBe('store.newer')
  expect(codeOf(() => assertSchemaKnown(named, 'it'))).toBe('store.newer')
  const counted = countedDatabase(16)
  expect(codeOf(() => migrate(counted, 'it'))).toBe('store.newer')
  expect(codeOf(() => assertSchemaKnown(counted, 'it'))).toBe('store.newer')
  // What counts still stops a program that knows no names.
  migrate(countedDatabase(15), 'it')
  for (const db of [named, counted]) db.close()
})

test('a program older than its data goes on where the newer one has only added, and refuses where it has not', () => {
  const db = new Database(':memory:')
  const [first, more] = [step('001-a.sql'), step('002-b.sql', '-- Additive: what tomorrow asks.\nCREATE TABLE b (x) ')]
  const changes = step('003-c.sql', 'ALTER TABLE t001asql RENAME TO other')
  migrate(db, 'it', [first, more])
  expect(migrate(db, 'it', [first])).toEqual(['002-b.sql'])
  expect(namesIn(db)).toEqual(['001-a.sql', '002-b.sql'])
  // Whoever is back applies nothing twice.
  expect(migrate(db, 'it', [first, more, changes])).toEqual([])
  expect(codeOf(() => migrate(db, 'it', [first]))).toBe('store.newer')
  expect(codeOf(() => migrate(db, 'it', [first, more]))).toBe('store.newer')
  db.close()
})

test('a file from before steps said whether they only add is brought to say so, and refuses as before', () => {
  const db = new Database(':memory:')
  migrate(db, 'it', [step('001-a.sql'), step('002-b.sql')])
  db.exec('ALTER TABLE migration DROP COLUMN additive')
  expect(codeOf(() => migrate(db, 'it', [step('001-a.sql')]))).toBe('store.newer')
  expect(migrate(db, 'it', [step('001-a.sql'), step('002-b.sql')])).toEqual([])
  expect(db.prepare('SELECT additive FROM migration').pluck().all()).toEqual([0, 0])
  db.close()
})

test('F18: steps that are remembered wrongly are a damaged file, and no newer program’s', () => {
  const steps = [step('001-a.sql'), step('002-b.sql')]
  const damages = ["UPDATE migration SET name = '002-B.sql' WHERE name = '002-b.sql'", 'PRAGMA user_version = 7']
  for (const damage of [...damages, "DELETE FROM migration WHERE name = '002-b.sql'"]) {
    const db = new Database(':memory:')
    migrate(db, 'it', steps)
    db.exec(damage)
    expect(
      codeOf(() => migrate(db, 'it', steps)),
      damage,
    ).toBe('SQLITE_CORRUPT')
    db.close()
  }
})
