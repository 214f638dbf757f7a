import { afterEach, expect, test } from 'vitest'
import { historyOf, wireEntryOf } from '../../../testing/history-of.ts'
import { penOf } from '../../../testing/pen-of.ts'
import { openTestBox, type TestBox } from '../../../testing/test-box.ts'
import { epochStart } from '../../wire/hash.ts'
import type { WireEntry } from '../../wire/messages.ts'
import { originHere } from './stored-entry.ts'
import { verifyChains } from './verify.ts'

let box: TestBox | undefined
afterEach(async () => {
  await box?.remove()
  box = undefined
})

const notice = (text: string) => ({ type: 'queue.notice-changed' as const, actor: 'box', key: null, data: { text } })
const write = ({ store, journal }: TestBox, ...texts: string[]) => {
  for (const text of texts) store.write((tx) => penOf(journal).append(tx, notice(text)))
}
const textsIn = ({ journal }: TestBox, epoch: string) =>
  journal.readBehind(epoch, 0, 1_000).flatMap(({ data }) => JSON.parse(data).text ?? [])

test('another past of the current epoch begins a new one, and what stands behind the common mark moves there by name', async () => {
  box = await openTestBox()
  write(box, 'a', 'b', 'c')
  const before = box.journal.head()
  const names = box.journal.readBehind(before.epoch, before.seq - 2, 2).map(({ name }) => name)
  box.journal.meetOtherPast([{ epoch: before.epoch, upTo: before.seq - 2 }], { begin: false })
  const { epoch } = box.journal.head()
  expect(epoch).not.toBe(before.epoch)
  expect(textsIn(box, epoch)).toEqual(['b', 'c'])
  const moved = box.journal.readBehind(epoch, 1, 10)
  expect(moved.map(({ name }) => name)).toEqual(names)
  expect(moved.map(originHere).map((origin) => origin?.slice(0, 2))).toEqual([
    [before.epoch, before.seq - 1],
    [before.epoch, before.seq],
  ])
  expect(box.journal.last(before.epoch)?.seq).toBe(before.seq - 2)
  expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
})

test('F52: another past of an older epoch moves its rest to the current one, except what a later epoch holds already', async () => {
  box = await openTestBox()
  write(box, 'a', 'b')
  const older = box.journal.head()
  box.journal.meetOtherPast([{ epoch: older.epoch, upTo: older.seq - 1 }], { begin: false })
  write(box, 'c')
  const current = box.journal.head()
  box.journal.meetOtherPast([{ epoch: older.epoch, upTo: older.seq - 2 }], { begin: false })
  expect(box.journal.head().epoch).toBe(current.epoch)
  expect(textsIn(box, current.epoch)).toEqual(['b', 'c', 'a'])
  expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
})

test.each([
  ['its data', `UPDATE entry SET data = '{"text":"x"}' WHERE row = ?`, ['c']],
  ['its data, no JSON any more', `UPDATE entry SET data = '{"te' WHERE row = ?`, ['c']],
  ['its time', 'UPDATE entry SET at = at + 1 WHERE row = ?', ['c']],
  ['its origin', `UPDATE entry SET origin = 'x' WHERE row = ?`, ['c']],
  ['the hash of its place', 'UPDATE place SET hash = zeroblob(32) WHERE row = ?', ['b', 'c']],
  ['its name', 'UPDATE entry SET name = randomblob(32) WHERE row = ?', ['b', 'c']],
])(
  'SYNC-009, F54: an entry damaged in %s is set aside or mended, and what stands behind it goes on',
  async (_what, sql, kept) => {
    box = await openTestBox()
    write(box, 'a', 'b', 'c')
    const before = box.journal.head()
    box.store.db.prepare(sql).run(box.journal.lastRow() - 1)
    expect(box.journal.cutDamage()).toEqual([{ epoch: before.epoch, upTo: before.seq - 2 }])
    expect(textsIn(box, box.journal.head().epoch)).toEqual(kept)
    expect(box.journal.damaged()).toHaveLength(kept.length === 2 ? 0 : 1)
    expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
    expect(box.journal.cutDamage()).toEqual([])
  },
)

const wire = (type: string, data: WireEntry['data']): WireEntry => ({
  type,
  at: 5,
  clock: 'synced',
  actor: 'box',
  data,
})

test('SYNC-009: the regency’s good copy takes the damaged row over, in its place, and is not folded twice', async () => {
  box = await openTestBox()
  const { journal, store } = box
  write(box, 'a', 'b', 'c')
  const { epoch, seq } = journal.head()
  const good = journal.readBehind(epoch, seq - 3, 3)
  const row = good[1]?.row
  store.db.prepare(`UPDATE entry SET data = '{"text":"x"}' WHERE row = ?`).run(row)
  journal.cutDamage()
  const entries = good.slice(1).map(wireEntryOf)
  const rows = journal.lastRow()
  expect(
    journal.takeHistory(
      [historyOf(journal.village, epoch, seq - 1, good[0]?.hash ?? Buffer.alloc(32), entries)],
      () => {},
    ),
  ).toEqual([{ epoch, last: seq }])
  expect(journal.damaged()).toEqual([])
  expect(journal.lastRow()).toBe(rows)
  expect(textsIn(box, epoch)).toEqual(['a', 'b', 'c'])
  expect(box.office.notice().text).toBe('c')
  expect(verifyChains(journal.village, journal).broken).toEqual([])
})

test('history whose chain does not end in its head leaves nothing behind', async () => {
  box = await openTestBox()
  const { journal } = box
  const chunk = historyOf(journal.village, 'epochAepochA', 1, epochStart(journal.village, 'epochAepochA'), [
    wire('x.y', {}),
  ])
  expect(() => journal.takeHistory([{ ...chunk, head: 'A'.repeat(43) }], () => {})).toThrow(/does not fit/)
  expect(journal.epochs()).toHaveLength(1)
})

test('an epoch that was written elsewhere comes before the current one, which stays the one that is written', async () => {
  box = await openTestBox()
  const { journal } = box
  const { epoch } = journal.head()
  const learned = 'epochAepochA'
  journal.takeHistory(
    [historyOf(journal.village, learned, 1, epochStart(journal.village, learned), [wire('x.y', {})])],
    () => {},
  )
  expect(journal.epochs()).toEqual([learned, epoch])
  write(box, 'a')
  expect(journal.head().epoch).toBe(epoch)
})

test('F56: history with a key that this box has used as well is kept beside it', async () => {
  box = await openTestBox()
  const { journal, store } = box
  store.write((tx) => penOf(journal).append(tx, { ...notice('mine'), key: 'samekey12345' }))
  const learned = 'epochAepochA'
  const entry = { ...wire('queue.notice-changed', { text: 'theirs' }), key: 'samekey12345' }
  journal.takeHistory([historyOf(journal.village, learned, 1, epochStart(journal.village, learned), [entry])], () => {})
  expect(textsIn(box, learned)).toEqual(['theirs'])
  const first = penOf(journal).entryByKey('samekey12345', 'queue.notice-changed')
  expect(first?.data).toEqual({ text: 'mine' })
})
