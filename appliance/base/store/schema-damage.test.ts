import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { makeTestFolder } from '../../../testing/hub-parts.ts'
import { rethrow } from '../../../testing/rethrow.ts'
import { createTestClock } from '../../../testing/test-box.ts'
import { createClock } from '../clock.ts'
import { openStore } from './store.ts'

let place = makeTestFolder('schema')
afterEach(() => {
  place.remove()
  place = makeTestFolder('schema')
})

const open = () => openStore(join(place.folder, 'balai.db'), createClock(createTestClock()), rethrow)
/** What a card does to the text of the schema: SQLite itself has no word against it. */
function change(sql: string): void {
  const db = new Database(join(place.folder, 'balai.db'))
  db.unsafeMode(true)
  db.pragma('writable_schema = ON')
  db.exec(sql)
  db.close()
}

test('a column that a flipped byte has given another name is damage: the file is set aside, and says what is wrong', () => {
  open().close()
  change("UPDATE sqlite_master SET sql = replace(sql, 'reason   TEXT', 'reasom   TEXT') WHERE name = 'resident_opened'")
  expect(open).toThrow(
    expect.objectContaining({
      code: 'store.damaged',
      message: expect.stringContaining('the schema of resident_opened'),
    }),
  )
})

test('a schema that is as it was opens again, and so does one to which somebody has added an index', () => {
  open().close()
  open().close()
  change('CREATE INDEX by_hand ON ticket (label)')
  open().close()
})

test('what was noted is noted anew when it cannot be read, and after a further step', () => {
  open().close()
  for (const sql of [
    "UPDATE fact SET value = '{' WHERE name = 'schema'",
    'UPDATE fact SET value = \'{"steps":1,"objects":{}}\' WHERE name = \'schema\'',
  ]) {
    change(sql)
    open().close()
    const db = new Database(join(place.folder, 'balai.db'), { readonly: true })
    expect(db.prepare("SELECT value FROM fact WHERE name = 'schema'").pluck().get()).toContain('"ticket"')
    db.close()
  }
})
