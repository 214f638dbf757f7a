import Database from 'better-sqlite3'
import { afterEach, expect, test, vi } from 'vitest'
import { openTestBox } from '../../../testing/test-box.ts'

afterEach(() => vi.restoreAllMocks())

/** Statements that run once, at start or by hand, may read a table from its beginning. */
const mayScan = [
  /ORDER BY row DESC/,
  /max\(row\)/,
  /FROM survey WHERE day LIKE/,
  /count\(\*\) FROM ticket WHERE state = 'completed' AND day LIKE/,
  /taken_clock <> 'doubtful'/,
  /LIMIT 20\)/,
]

test('no statement of a running box reads the whole journal, or all tickets that there ever were', async () => {
  const prepared = new Set<string>()
  const prepare = Database.prototype.prepare
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, source: string) {
    prepared.add(source)
    return prepare.call(this, source)
  } as typeof prepare)
  const box = await openTestBox()
  const scanning = [...prepared].filter((source) => {
    if (!/^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(source) || mayScan.some((one) => one.test(source))) return false
    const plan = prepare.call(box.store.db, `EXPLAIN QUERY PLAN ${source}`) as Database.Statement<unknown[]>
    const nulls = Object.fromEntries([...source.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]))
    const steps = (Object.keys(nulls).length > 0 ? plan.all(nulls) : plan.all()) as { detail: string }[]
    return steps.some(({ detail }) => /^SCAN (entry|place|ticket|call)\b(?!.*INDEX)/.test(detail))
  })
  await box.remove()
  expect(prepared.size).toBeGreaterThan(60)
  expect(scanning).toEqual([])
})
