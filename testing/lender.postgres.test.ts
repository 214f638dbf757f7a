import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { makeTestFolder } from './hub-parts.ts'
import { borrowDatabase, type LentDatabase, startLender } from './lender.ts'
import { longFiles } from './longest-first.ts'

/** What this database answers to one question. */
async function ask({ url }: LentDatabase, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query({ text: sql, rowMode: 'array' })
  await client.end()
  return rows.flat()
}

test('each file of a run borrows a migrated database of its own, and nothing is left of the server', async () => {
  const { folder, remove } = makeTestFolder('lender')
  chmodSync(folder, 0o1777)
  const lender = await startLender(folder)
  expect(readdirSync(folder), 'a server before anybody needs one').toEqual([])

  const borrowed = await Promise.all([1, 2, 3].map(() => borrowDatabase(lender.url)))
  const [one, two, three] = borrowed as [LentDatabase, LentDatabase, LentDatabase]
  await ask(one, `INSERT INTO stream (village) VALUES ('3510012001')`)
  expect(await ask(one, 'SELECT village FROM stream')).toEqual(['3510012001'])
  expect(await ask(two, 'SELECT village FROM stream')).toEqual([])

  await three.stop()
  await expect(ask(three, 'SELECT 1')).rejects.toThrow('does not exist')
  await lender.stop()
  await expect(ask(one, 'SELECT 1')).rejects.toThrow()
  expect(readdirSync(folder)).toEqual([])
  remove()
})

test('outside of a run there is nobody to borrow from', async () => {
  expect(await borrowDatabase('')).toBeNull()
})

test.each(longFiles)('%s, which begins first, is there', (path) => {
  expect(existsSync(join(import.meta.dirname, '..', path))).toBe(true)
})
