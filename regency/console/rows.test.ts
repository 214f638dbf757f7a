import { expect, test } from 'vitest'
import { arrange, countStandings, keepRows, standingOf } from './rows.ts'
import type { VillageRow } from './view.ts'

const row = (name: string, more: Partial<VillageRow> = {}) =>
  ({
    village: '3510242001',
    name,
    district: 'Licin',
    state: 'connected',
    backlog: 0,
    work: null,
    alarms: [],
    ...more,
  }) as unknown as VillageRow
const names = (rows: VillageRow[]) => rows.map(({ name }) => name)
const all = { q: '', standing: '', district: '', version: '' }
const byNeed = { by: 'standing', descending: false } as const

const alarm = (severity: 'action' | 'warning', since = 0) => ({
  code: 'disk.low',
  since,
  severity,
  details: {},
  taken: null,
})

test('what needs a person stands on top, then a box that has erased itself, whatever it alarmed about, then warnings, offline, and the rest by name', () => {
  const rows = [
    row('Tamansari'),
    row('Kandangan', { state: 'offline' }),
    row('Sempu', { state: 'never' }),
    row('Genteng', { alarms: [alarm('warning')] }),
    row('Kebaman', { alarms: [alarm('action'), alarm('warning')] }),
    row('Ketapang'),
    row('Aliyan', { state: 'wiped', alarms: [alarm('action')] }),
  ]
  expect(names(arrange(rows, all, byNeed, 1_000))).toEqual([
    ...['Kebaman', 'Aliyan', 'Genteng', 'Kandangan', 'Sempu', 'Ketapang', 'Tamansari'],
  ])
})

test('of those that stand alike the one that has waited longest comes first', () => {
  const rows = [
    row('A', { alarms: [alarm('action', 30)] }),
    row('B', { state: 'offline', since: 9 }),
    row('C', { alarms: [alarm('action', 20), alarm('warning', 1)] }),
    row('D', { state: 'offline', since: 8 }),
    row('E', { since: 7 }),
  ]
  expect(names(arrange(rows, all, byNeed, 1_000))).toEqual(['C', 'A', 'D', 'B', 'E'])
})

test.each([['lic tam'], ['35.10.24.2001'], ['3510242001']])('search finds a village by %s', (search) => {
  expect(
    names(
      arrange(
        [row('Tamansari'), row('Sempu', { village: '3510090001', district: 'Sempu' })],
        { ...all, q: search },
        byNeed,
        1_000,
      ),
    ),
  ).toEqual(['Tamansari'])
})

test('what is unknown comes last in either direction', () => {
  const rows = [row('A', { backlog: null }), row('B', { backlog: 1 }), row('C', { backlog: 9 })]
  expect(names(arrange(rows, all, { by: 'backlog', descending: false }, 1_000))).toEqual(['B', 'C', 'A'])
  expect(names(arrange(rows, all, { by: 'backlog', descending: true }, 1_000))).toEqual(['C', 'B', 'A'])
})

test('standing, district and version together say which villages are seen, and the figures add up to all', () => {
  const rows = [
    row('A', { state: 'offline', version: '1' }),
    row('B', { state: 'offline', version: '2' }),
    row('C', { district: 'Srono', version: '1' }),
    row('D', { alarms: [alarm('warning')], version: '1' }),
  ]
  const seen = (more: Partial<typeof all>) => names(arrange(rows, { ...all, ...more }, byNeed, 1_000))
  expect(seen({ standing: 'offline' })).toEqual(['A', 'B'])
  expect(seen({ standing: 'offline', version: '1' })).toEqual(['A'])
  expect(seen({ district: 'Srono' })).toEqual(['C'])
  const counts = countStandings(rows, 1_000)
  expect(counts).toMatchObject({ warning: 1, offline: 2, connected: 1, action: 0 })
  expect(Object.values(counts).reduce((sum, n) => sum + n)).toBe(rows.length)
})

const takenUntil = (until: number | null) => ({
  taken: { account: 'a', name: 'Rina', note: '', owner: '', at: 0, until },
})

test('what somebody works on, and what belongs to planned work, needs nobody else, until its time is over', () => {
  const rows = [
    row('A', { alarms: [{ ...alarm('action'), ...takenUntil(null) }, alarm('warning')] }),
    row('B', { alarms: [{ ...alarm('action'), ...takenUntil(2_000) }] }),
    row('C', { alarms: [{ ...alarm('action'), ...takenUntil(900) }] }),
    row('D', { work: 'Ganti kabel', state: 'offline', alarms: [alarm('action')] }),
    row('E', { work: 'Ganti kabel' }),
  ]
  const standing = (now: number) => rows.map((one) => standingOf(one, now))
  expect(standing(1_000)).toEqual(['warning', 'handled', 'action', 'planned', 'connected'])
  expect(standing(2_000)).toEqual(['warning', 'action', 'action', 'planned', 'connected'])
})

test('a row that says what it said before is the same object, whatever the others say', () => {
  const before = [row('A', { village: '1' }), row('B', { village: '2' })]
  const next = keepRows(before, [
    row('B', { village: '2', backlog: 9 }),
    row('A', { village: '1' }),
    row('C', { village: '3' }),
  ])
  expect(next.map((one) => before.indexOf(one))).toEqual([-1, 0, -1])
  expect(names(next)).toEqual(['B', 'A', 'C'])
})
