import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Event, EventType } from '../base/journal/event-registry.ts'
import type { Journal } from '../base/journal/journal.ts'
import { databasePath } from '../base/store/folder.ts'
import type { Db, Store } from '../base/store/store.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { lanEvents } from '../devices/events.ts'
import { officeEvents } from '../office/events.ts'
import { peopleEvents } from '../people/events.ts'
import { printEvents } from '../print/events.ts'
import { voiceEvents } from '../voice/events.ts'

/*
 * A village that gets another code (districts are divided, villages merged) goes on as the same office with a new journal:
 * what its people have set up is written into it again, by the same ids; tickets, bookings and figures stay in the old one,
 * which is kept beside it and which the regency has under the old code.
 */

const copied = { ...officeEvents, ...peopleEvents, ...lanEvents, ...voiceEvents, ...printEvents }
type Copied = Event<typeof copied>

/** What an office has set up. Repeated in their order they make the same services, counters, people and screens. */
const setUpEvents = [
  ...['queue.service-added', 'queue.service-changed', 'queue.service-closed', 'queue.service-opened'],
  ...['queue.counter-added', 'queue.counter-changed', 'queue.counter-closed', 'queue.counter-opened'],
  ...['queue.hours-changed', 'queue.holidays-changed', 'queue.notice-changed', 'queue.settings-changed'],
  ...['people.account-added', 'people.account-changed', 'people.account-closed', 'people.account-opened'],
  ...['lan.device-paired', 'lan.device-removed', 'voice.settings-changed', 'print.settings-changed'],
] as const satisfies EventType<typeof copied>[]
/** What belongs to them and is never in an entry. */
const secretTables = ['pin', 'device_token'] as const

const markerIn = (data: string): string => join(data, 'member', 'moved-from')

/** From now on this box is on its way from the village that it was. On the disk before this returns. */
export const beginMove = (data: string, from: string): void => writeWhole(markerIn(data), from)

/**
 * Sets the old village's journal aside as `balai-<code>.db`, one file, and answers its path; null when this box is not on
 * its way. The new village begins with an empty one. May be called again after a power cut at any moment.
 */
export function setOldJournalAside(data: string): string | null {
  if (!existsSync(markerIn(data))) return null
  const from = readFileSync(markerIn(data), 'utf8').trim()
  const aside = join(data, `balai-${from}.db`)
  const path = databasePath(data)
  if (existsSync(path) && villageOf(path) === from) {
    // The write-ahead log goes into the file first, so that one rename takes all of it.
    const db = new Database(path)
    db.pragma('journal_mode = DELETE')
    db.close()
    renameSync(path, aside)
  }
  return existsSync(aside) ? aside : null
}

/** Writes into this journal, in one transaction, what the office of the old one has set up; does nothing the second time. */
export function takeOverOffice({ db, write }: Store, journal: Journal, aside: string): number {
  const pen = journal.pen(copied)
  const old = new Database(aside, { readonly: true })
  try {
    const events = readSetUp(old)
    return write((tx) => {
      const begun = db.prepare<[], number>(`SELECT count(*) FROM entry WHERE type LIKE 'people.%'`).pluck().get()
      if (begun) return 0
      for (const event of events) pen.append(tx, event)
      for (const table of secretTables) copyRows(old, db, table)
      return events.length
    })
  } finally {
    old.close()
  }
}

/** The box has arrived. */
export const endMove = (data: string): void => rmSync(markerIn(data), { force: true })

/** Entries of this database that the regency has not acknowledged. */
export const countUnsent = (db: Db): number =>
  db
    .prepare<[], number>(
      'SELECT count(*) FROM place LEFT JOIN cursor USING (epoch) WHERE place.seq > coalesce(cursor.seq, 0)',
    )
    .pluck()
    .get() ?? 0

type Stored = { type: Copied['type']; actor: string; data: string }

function readSetUp(old: Db): Copied[] {
  const places = setUpEvents.map(() => '?').join(', ')
  return old
    .prepare<string[], Stored>(
      `SELECT type, actor, data FROM entry WHERE type IN (${places}) AND late = 0 ORDER BY row`,
    )
    .all(...setUpEvents)
    .map(({ type, actor, data }) => ({ type, actor, key: null, data: JSON.parse(data) }) as Copied)
}

function copyRows(from: Db, to: Db, table: (typeof secretTables)[number]): void {
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all()
  // An older program's table may lack columns that have come since.
  const known = (to.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
  const columns = known.filter((name) => rows.every((row) => name in row))
  const insert = to.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  )
  for (const row of rows) insert.run(row)
}

function villageOf(path: string): string | undefined {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare<[], string>(`SELECT value FROM fact WHERE name = 'village'`).pluck().get()
  } finally {
    db.close()
  }
}
