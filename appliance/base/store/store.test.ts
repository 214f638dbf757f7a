import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { penOf } from '../../../testing/pen-of.ts'
import { createTestClock, testVillage } from '../../../testing/test-box.ts'
import { createClock } from '../clock.ts'
import { createJournal } from '../journal/journal.ts'
import { foldingOf } from '../rooms/room.ts'
import { migrate } from './migrations.ts'
import { createStore, type Store } from './store.ts'

let store: Store
let failures: string[]
beforeEach(() => {
  failures = []
  const db = new Database(':memory:')
  migrate(db, 'it')
  store = createStore(db, 'it', createClock(createTestClock()), (error) => failures.push((error as Error).message))
})
afterEach(() => store.close())

const fail = (message: string) => () => {
  throw new Error(message)
}
const keep = (name: string) => store.db.prepare('INSERT INTO fact (name, value) VALUES (@name, 1)').run({ name })
const count = () => store.db.prepare<[], number>('SELECT count(*) FROM fact').pluck().get()

test('a listener that throws fails neither the command that was committed nor the other listeners', () => {
  let heard = 0
  store.onCommit(fail('the first one'))
  store.onCommit(() => heard++)
  expect(store.write(() => keep('a').changes)).toBe(1)
  expect([heard, failures, count()]).toEqual([1, ['the first one'], 1])
})

test('commands that share a commit are all answered when a listener throws', async () => {
  store.onCommit(fail('it'))
  const write = (name: string) => store.writeTogether(() => store.db.transaction(() => keep(name).changes)())
  expect(await Promise.all(['a', 'b', 'c'].map(write))).toEqual([1, 1, 1])
  expect([failures, count()]).toEqual([['it'], 3])
})

test('a work of two writes whose second one fails keeps nothing of the first, and those beside it are kept', async () => {
  const twice = () => {
    store.write(() => keep('half'))
    throw new Error('second')
  }
  const write = (name: string) => store.writeTogether(() => store.write(() => keep(name).changes))
  const [first, failed, last] = await Promise.allSettled([write('a'), store.writeTogether(twice), write('b')])
  expect([first.status, failed.status, last.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(store.db.prepare("SELECT count(*) FROM fact WHERE name LIKE 'half%'").pluck().get()).toBe(0)
})

test('one that hears of new entries and throws fails neither the entry nor who hears of it besides', () => {
  const journal = createJournal(store, testVillage, foldingOf([], store.db))
  journal.open({ serial: 'test', card: 'test' })
  let rung = 0
  journal.onRing(fail('ring'))
  journal.onRing(() => rung++)
  const entry = store.write((tx) =>
    penOf(journal).append(tx, { type: 'queue.notice-changed', actor: 'box', key: null, data: { text: 'a' } }),
  )
  expect([entry.row, rung, failures]).toEqual([journal.lastRow(), 1, ['ring']])
})

test('a write that is only tried leaves nothing, tells nobody, and throws once none can be taken', () => {
  let told = 0
  store.onCommit(() => told++)
  const facts = () => store.db.prepare('SELECT count(*) FROM fact').pluck().get()
  const before = facts()
  store.tryWrite()
  expect([facts(), told, store.db.inTransaction]).toEqual([before, 0, false])
  store.close()
  expect(() => store.tryWrite()).toThrow()
})
