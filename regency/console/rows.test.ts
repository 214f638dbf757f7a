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

test('what needs a person stands on top, then a box that has erased itself, whatever it alarmed about, then offline, then the rest by name', () => {
  const rows = [
    row('Tamansari'),
    row('Kandangan', { state: 'offline' }),
    row('Sempu', { state: 'never' }),
    row('Kebaman', { alarms: [{ code: 'disk.low', since: 0, taken: null }] }),
    row('Ketapang'),
    row('Aliyan', { state: 'wiped', alarms: [{ code: 'disk.low', since: 0, taken: null }] }),
  ]
  expect(names(arrange(rows, '', byNeed))).toEqual(['Kebaman', 'Aliyan', 'Kandangan', 'Sempu', 'Ketapang', 'Tamansari'])
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
