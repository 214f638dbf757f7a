import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { penOf } from '../../../testing/pen-of.ts'
import { openTestBox, type TestBox } from '../../../testing/test-box.ts'
import { verifyChains } from './verify.ts'

let box: TestBox | undefined
afterEach(async () => {
  await box?.remove()
  box = undefined
})

const notice = (text: string, key: string | null = null) => ({
  type: 'queue.notice-changed' as const,
  actor: 'box',
  key,
  data: { text },
})

test('places are 1, 2, 3 without a hole, each behind the hash before it', async () => {
  box = await openTestBox()
  const { store, journal } = box
  for (const text of ['a', 'b', 'c']) store.write((tx) => penOf(journal).append(tx, notice(text)))
  const { epoch } = journal.head()
  const entries = journal.readBehind(epoch, 0, 100)
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
  expect(verifyChains(journal.village, journal)).toMatchObject({ epochs: 1, entries: entries.length, broken: [] })
})

test('what throws leaves nothing behind', async () => {
  box = await openTestBox()
  const { store, journal } = box
  const before = journal.head()
  expect(() =>
    store.write((tx) => {
      penOf(journal).append(tx, notice('half'))
      throw new Error('power')
    }),
  ).toThrow('power')
  expect(journal.head()).toEqual(before)
  expect(box.office.notice().text).toBe('')
})

test('an event whose data is not of its type is refused', async () => {
  box = await openTestBox()
  const { store, journal } = box
  const wrong = { type: 'queue.notice-changed', actor: 'box', data: { text: 7 } } as unknown as ReturnType<
    typeof notice
  >
  expect(() => store.write((tx) => penOf(journal).append(tx, wrong))).toThrow(/text/)
})

test('a key used for another command is refused', async () => {
  box = await openTestBox()
  const { store, journal } = box
  store.write((tx) => penOf(journal).append(tx, notice('a', 'samekey12345')))
  expect(() => penOf(journal).entryByKey('samekey12345', 'queue.ticket-taken')).toThrow(/samekey12345/)
})

test('F42: verify names the first entry that was changed', async () => {
  box = await openTestBox()
  const { store, journal } = box
  for (const text of ['a', 'b', 'c']) store.write((tx) => penOf(journal).append(tx, notice(text)))
  const { seq } = journal.head()
  store.db
    .prepare(`UPDATE entry SET data = '{"text":"x"}' WHERE row = (SELECT row FROM place WHERE seq = ?)`)
    .run(seq - 1)
  expect(verifyChains(journal.village, journal).broken).toEqual([
    { epoch: journal.head().epoch, seq: seq - 1, reason: 'hash' },
  ])
})

test('F42: verify notices any byte changed in any stored column that is hashed', async () => {
  const opened = await openTestBox()
  box = opened
  const { store, journal } = opened
  for (const text of ['a', 'b', 'c', 'd']) store.write((tx) => penOf(journal).append(tx, notice(text)))
  const rows = journal.lastRow()
  const change = fc.record({
    row: fc.integer({ min: 1, max: rows }),
    column: fc.constantFrom('type', 'at', 'actor', 'data', 'key'),
  })
  fc.assert(
    fc.property(change, ({ row, column }) => {
      store.db.exec('SAVEPOINT tampering')
      store.db
        .prepare(
          `UPDATE entry SET ${column} = CASE WHEN ${column} IS NULL THEN 'x' WHEN typeof(${column}) = 'integer' THEN ${column} + 1 ELSE ${column} || ' ' END WHERE row = ?`,
        )
        .run(row)
      const { broken } = verifyChains(journal.village, journal)
      store.db.exec('ROLLBACK TO tampering')
      store.db.exec('RELEASE tampering')
      // A blank behind JSON is the same JSON.
      return column === 'data' ? broken.length === 0 : broken.length === 1
    }),
  )
})

test('the same journal goes on after a restart, a new epoch begins on other hardware', async () => {
  const first = await openTestBox()
  const before = first.journal.head()
  await first.close()
  const again = await openTestBox({ folder: first.folder })
  expect(again.journal.head().epoch).toBe(before.epoch)
  await again.close()
  box = await openTestBox({ folder: first.folder, hardware: { serial: 'another', card: 'test' } })
  const { epoch } = box.journal.head()
  expect(epoch).not.toBe(before.epoch)
  const [began] = box.journal.readBehind(epoch, 0, 1)
  expect(JSON.parse(began?.data ?? '')).toEqual({
    serial: 'another',
    card: 'test',
    why: 'hardware',
    continues: [before.epoch, before.seq, before.hash.toString('base64url')],
  })
})

test('a journal of another village is refused', async () => {
  const first = await openTestBox()
  await first.close()
  await expect(openTestBox({ folder: first.folder, village: '3510152004' })).rejects.toMatchObject({
    code: 'journal.other-village',
  })
})
