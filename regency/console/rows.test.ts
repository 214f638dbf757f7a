import { expect, test } from 'vitest'
import { arrange } from './rows.ts'
import type { VillageRow } from './view.ts'

const row = (name: string, more: Partial<VillageRow> = {}) =>
  ({
    village: '3510242001',
    name,
    district: 'Licin',
    state: 'connected',
    backlog: 0,
    alarms: [],
    ...more,
  }) as unknown as VillageRow
const names = (rows: VillageRow[]) => rows.map(({ name }) => name)
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
  expect(names(arrange(rows, '', byNeed))).toEqual([
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
  expect(names(arrange(rows, '', byNeed))).toEqual(['C', 'A', 'D', 'B', 'E'])
})

test.each([['lic tam'], ['35.10.24.2001'], ['3510242001']])('search finds a village by %s', (search) => {
  expect(
    names(arrange([row('Tamansari'), row('Sempu', { village: '3510090001', district: 'Sempu' })], search, byNeed)),
  ).toEqual(['Tamansari'])
})

test('what is unknown comes last in either direction', () => {
  const rows = [row('A', { backlog: null }), row('B', { backlog: 1 }), row('C', { backlog: 9 })]
  expect(names(arrange(rows, '', { by: 'backlog', descending: false }))).toEqual(['B', 'C', 'A'])
  expect(names(arrange(rows, '', { by: 'backlog', descending: true }))).toEqual(['C', 'B', 'A'])
})
