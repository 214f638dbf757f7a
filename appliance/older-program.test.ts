import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { furnish, openTestBox } from '../testing/test-box.ts'
import { noteVisitor, visitorsRoom } from '../testing/visitors-room.ts'
import { databasePath } from './base/store/folder.ts'

/* A box that fell back to its old system, on the data of the new one: which has a room more, and a step that only added. */

test('the old program serves the office on what the new one has added to, and the new one folds what it missed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-older-'))
  const change = (sql: string) => {
    const db = new Database(databasePath(folder))
    db.exec(sql)
    db.close()
  }
  const newer = await openTestBox({ folder, moreRooms: [visitorsRoom] })
  const { services } = await furnish(newer)
  const visit = await noteVisitor(newer, { name: 'Siti Aminah', nik: '3510015503900001' })
  const steps = newer.store.db.pragma('user_version', { simple: true }) as number
  await newer.close()
  change(`INSERT INTO migration (name, additive) VALUES ('visitors/001-visitor.sql', 1);
    UPDATE visitor SET name = 'of before'; PRAGMA user_version = ${steps + 1}`)

  const older = await openTestBox({ folder })
  const ticket = older.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  expect(ticket).toMatchObject({ ticket: expect.any(String) })
  expect(older.journal.unfolded()).toEqual([])
  await older.close()

  // The program that knows this step: the test has none in a file.
  change(`DELETE FROM migration WHERE name = 'visitors/001-visitor.sql'; PRAGMA user_version = ${steps}`)
  const again = await openTestBox({ folder, moreRooms: [visitorsRoom] })
  const names = again.store.db.prepare('SELECT visit, name FROM visitor').all()
  expect(names).toEqual([{ visit, name: 'Siti Aminah' }])
  expect(again.journal.isRefoldDue()).toBe(false)
  await again.remove()
})
