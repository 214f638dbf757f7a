import { afterEach, expect, test } from 'vitest'
import { historyOf, wireEntryOf } from '../../../testing/history-of.ts'
import { openTestBox, type TestBox } from '../../../testing/test-box.ts'
import { noteVisitor, visitorsRoom } from '../../../testing/visitors-room.ts'
import { makeRecoveryKey, recipientOf } from '../../backup/recovery.ts'
import type { PlacedEntry } from './event-registry.ts'
import { journalEvents } from './events.ts'
import { verifyChains } from './verify.ts'

/* What a card does to entries that have a private part, and what an erasure finds of it. */

let box: TestBox | undefined
afterEach(async () => {
  await box?.remove()
  box = undefined
})

/** A box with two visitors. */
async function openWithVisitors(type: 'visitors.noted' | 'visitors.case-opened' = 'visitors.noted'): Promise<TestBox> {
  const opened = await openTestBox({ moreRooms: [visitorsRoom] })
  for (const i of [1, 2]) await noteVisitor(opened, { name: `Siti ${i}`, nik: String(i) }, type)
  return opened
}

type Row = { row: number; name: Buffer; private: string | null; file: Buffer | null }
const rowsOf = ({ store }: TestBox) =>
  store.db
    .prepare<[], Row>(`
      SELECT row, name, private, file
      FROM entry LEFT JOIN sealed USING (row)
      WHERE type LIKE 'visitors.%'
      ORDER BY row`)
    .all()

/** A byte on the card changes. */
const damage = ({ store }: TestBox, what: string, row: number | undefined) =>
  store.db.prepare(`UPDATE entry SET ${what} WHERE row = ?`).run(row)

const erase = ({ store, journal }: TestBox, name: Buffer | undefined) =>
  store.write((tx) =>
    journal.pen(journalEvents).append(tx, {
      ...{ type: 'journal.private-erased', actor: 'box' },
      data: { names: [name?.toString('base64url') ?? ''] },
    }),
  )

/** The regency's good copy, of both visitors and all behind them. */
function bringGoodCopy({ journal }: TestBox, [before, ...good]: PlacedEntry[]): void {
  if (!before) throw new RangeError('Nothing stands before them.')
  const { epoch, seq, hash } = before
  journal.takeHistory([historyOf(journal.village, epoch, seq + 1, hash, good.map(wireEntryOf))], () => {})
}
const readVisitors = ({ journal }: TestBox) => {
  const { epoch, seq } = journal.head()
  return journal.readBehind(epoch, seq - 3, 3)
}

test('F54: a private text that is damaged is no damage of its entry; the night takes it away, and the sealed part stays', async () => {
  box = await openWithVisitors()
  const [before, other] = rowsOf(box)
  damage(box, `private = private || ' '`, before?.row)
  expect(box.journal.cutDamage()).toEqual([])
  expect(await box.journal.closeDamaged()).toBe(1)
  expect(await box.journal.closeDamaged()).toBe(0)
  expect(rowsOf(box)).toEqual([{ ...before, private: null }, other])
  expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
})

test('a private text that is damaged is not sealed anew: its file is the last good copy', async () => {
  box = await openWithVisitors('visitors.case-opened')
  const [first, second] = rowsOf(box)
  damage(box, `private = private || ' '`, first?.row)
  await box.close()
  const regencyRecipient = await recipientOf(makeRecoveryKey())
  box = await openTestBox({ folder: box.folder, moreRooms: [visitorsRoom], regencyRecipient })
  const [kept, anew] = rowsOf(box)
  expect(kept?.file).toEqual(first?.file)
  expect(anew?.file).not.toEqual(second?.file)
})

test.each([
  ['its time', 'at = at + 1'],
  ['the hash of its part', 'p = randomblob(32)'],
])(
  'SYNC-009: the good copy of an entry damaged in %s leaves what is here in clear of its private part',
  async (_what, how) => {
    box = await openWithVisitors()
    const before = rowsOf(box)
    const good = readVisitors(box)
    damage(box, how, before[0]?.row)
    box.journal.cutDamage()
    expect(await box.journal.closeDamaged()).toBe(0)
    bringGoodCopy(box, good)
    expect(box.journal.damaged()).toEqual([])
    expect(rowsOf(box)).toEqual(before)
  },
)

test('SYNC-009: the good copy of an entry leaves no private text that is damaged', async () => {
  box = await openWithVisitors()
  const [first, second] = rowsOf(box)
  const good = readVisitors(box)
  damage(box, `at = at + 1, private = private || ' '`, first?.row)
  box.journal.cutDamage()
  bringGoodCopy(box, good)
  expect(rowsOf(box)).toEqual([{ ...first, private: null }, second])
})

test('F64: what is erased while its row has lost its name to damage goes when the name is found again', async () => {
  box = await openWithVisitors()
  const [first, second] = rowsOf(box)
  damage(box, 'name = randomblob(32)', first?.row)
  erase(box, first?.name)
  box.journal.cutDamage()
  expect(rowsOf(box)).toEqual([{ ...first, private: null, file: null }, second])
})

test('F64: what is erased goes from a row that is set aside as damaged, before and after, and its good copy brings none', async () => {
  box = await openWithVisitors()
  const [first, second] = rowsOf(box)
  const good = readVisitors(box)
  const gone = { private: null, file: null }
  damage(box, 'at = at + 1', first?.row)
  damage(box, 'at = at + 1, name = randomblob(32)', second?.row)
  erase(box, second?.name)
  box.journal.cutDamage()
  expect(rowsOf(box)).toMatchObject([{ file: first?.file }, gone])
  erase(box, first?.name)
  expect(box.journal.damaged()).toHaveLength(2)
  expect(rowsOf(box)).toMatchObject([gone, gone])
  bringGoodCopy(box, good)
  expect(rowsOf(box)).toEqual([
    { ...first, ...gone },
    { ...second, ...gone },
  ])
  expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
})
