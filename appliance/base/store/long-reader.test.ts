import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { openTestBox, type TestBox } from '../../../testing/test-box.ts'

let box: TestBox | null = null
afterEach(() => box?.remove())

const write = ({ office }: TestBox, count: number) => {
  for (let i = 0; i < count; i++)
    office.changeNotice({ text: `Pengumuman ${i} ${'x'.repeat(200)}`, actor: 'box', key: null })
}

test('F47: a long reader lets the log grow, which health says; when it has gone the log is cut again', async () => {
  box = await openTestBox()
  const { walBytes: before } = box.store.sizes()
  const reader = new Database(box.store.db.name, { readonly: true })
  reader.exec('BEGIN')
  expect(reader.prepare('SELECT count(*) FROM entry').pluck().get()).toBeGreaterThan(0)
  write(box, 1_500)
  const grown = box.store.sizes().walBytes
  expect(grown).toBeGreaterThan(before + 8_000_000)
  expect(box.office.notice().text).toContain('Pengumuman 1499')
  reader.exec('COMMIT')
  reader.close()
  write(box, 1_500)
  expect(box.store.sizes().walBytes).toBeLessThanOrEqual(8 * 1024 * 1024)
  expect(box.store.db.pragma('integrity_check', { simple: true })).toBe('ok')
})
