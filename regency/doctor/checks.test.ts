import { expect, test } from 'vitest'
import { openCatalogues } from '../../appliance/base/messages/catalogues.ts'
import type { HubAnswer } from './ask-hub.ts'
import {
  accountsCheck,
  backupCheck,
  certificateChecks,
  clockCheck,
  consoleCheck,
  dashboardsCheck,
  databaseCheck,
  diskCheck,
  districtsCheck,
  type HubCheck,
  keyCheck,
  programCheck,
  villagesCheck,
} from './checks.ts'
import { compareVillages, findDistricts, readAskedMetrics } from './readings.ts'
import type { DatabaseReading } from './try-database.ts'

const now = Date.UTC(2026, 10, 30)
const day = 86_400_000
const sound = {
  ...{ trouble: null, version: '15.10', versionNumber: 150_010, encoding: 'UTF8', role: 'balai', bytes: 9e6 },
  ...{ isStandby: false, mayCreate: true, foreignTables: 0, clockOffsetMs: 12, schemaPending: 0, schemaStrange: null },
} as const satisfies DatabaseReading
const { speak } = openCatalogues()
/** What it says to do, in English. */
const advice = ({ advice: found }: HubCheck) => found.map(({ key, values }) => speak('en')(key, values)).join(' ')
const hub = (metrics: string | null = ''): HubAnswer => ({ kind: 'hub', metrics, certificate: null })

test('a sound database has nothing to be done', () => {
  expect(databaseCheck(sound)).toMatchObject({ state: 'good', advice: [] })
})

test.each<[string, Partial<Extract<DatabaseReading, { trouble: null }>>, string]>([
  ['old', { versionNumber: 140_009 }, 'older than 15'],
  ['of another encoding', { encoding: 'SQL_ASCII' }, 'SQL_ASCII'],
  ['a standby', { isStandby: true, mayCreate: false }, 'promote'],
  ['of somebody else', { mayCreate: false }, 'ALTER DATABASE balai OWNER TO balai'],
  ['restored by another role', { foreignTables: 3 }, 'REASSIGN OWNED BY'],
  ['newer than this program', { schemaStrange: '099-new.sql' }, '099-new.sql'],
])('a database that is %s says what to do', (_what, change, words) => {
  const check = databaseCheck({ ...sound, ...change })
  expect(check.state).toBe('attention')
  expect(advice(check)).toContain(words)
})

test('clocks: NTP off, or half a minute between database and hub, needs somebody; what cannot be read does not', () => {
  expect(clockCheck(sound, true).state).toBe('good')
  expect(clockCheck(sound, null).state).toBe('missing')
  expect(clockCheck(sound, false).state).toBe('attention')
  expect(clockCheck({ ...sound, clockOffsetMs: -30_000 }, true).state).toBe('attention')
})

test('certificates: two months before the end of one, thirteen before that of an authority', () => {
  const state = (use: 'hub' | 'issuing', days: number) =>
    certificateChecks([{ use, endsAt: now + days * day, reason: '' }], now)[0]?.state
  expect([state('hub', 61), state('hub', 59), state('hub', -1)]).toEqual(['good', 'attention', 'attention'])
  expect([state('issuing', 401), state('issuing', 399)]).toEqual(['good', 'attention'])
  expect(certificateChecks([{ use: 'hub', endsAt: null, reason: 'cut off' }], now)[0]?.state).toBe('attention')
})

test('hub key: absent, open, another one', () => {
  const state = (one: Parameters<typeof keyCheck>[0]['state']) => keyCheck({ state: one, path: '/k', key: 'abc' }).state
  expect((['good', 'may-make', 'absent', 'open', 'other', 'unread'] as const).map(state)).toEqual([
    ...['good', 'missing', 'attention', 'attention', 'attention', 'attention'],
  ])
})

const csv = (...rows: string[]) => Buffer.from(['code,kind,name,district_code,district', ...rows].join('\n'))
const tamansari = '35.10.24.2008,desa,Tamansari,35.10.24,Licin'
const kemiren = '35.10.15.2004,desa,Kemiren,35.10.15,Glagah'
const table = (...rows: string[]) => ({
  villages: compareVillages(csv(...rows), null).rows,
  ...{ heard: [], accounts: { open: 1, administrators: 1 }, alarms: [] },
})

test('villages.csv: the same, one more, one gone, mistakes, a heading alone', () => {
  const look = (file: Buffer, before: ReturnType<typeof table> | null) =>
    villagesCheck(compareVillages(file, before).reading)
  expect(look(csv(tamansari), table(tamansari)).state).toBe('good')
  expect(advice(look(csv(tamansari, kemiren), table(tamansari)))).toContain('sudo balai hub villages, then')
  expect(advice(look(csv(tamansari), table(tamansari, kemiren)))).toContain('balai hub villages --drop 1')
  expect(look(csv(tamansari.replace('Tamansari', 'Taman')), table(tamansari)).state).toBe('attention')
  expect(advice(look(csv('35,desa,A,35.10.24,B'), null))).toContain('Mend villages.csv')
  expect(advice(look(csv(), table(tamansari)))).toContain('only its heading was saved')
  expect(look(csv(tamansari), table()).state).toBe('good')
})

test('districts: misspelt ones, and those of another hub that nobody ever answered', () => {
  const { rows } = compareVillages(csv(tamansari, kemiren), null)
  expect(findDistricts(undefined, rows, [])).toEqual({ unknown: [], unserved: [] })
  expect(findDistricts(['351024', '351099'], rows, [])).toEqual({ unknown: ['351099'], unserved: ['351015'] })
  expect(findDistricts(['351024'], rows, ['3510152004'])).toEqual({ unknown: [], unserved: [] })
  expect(districtsCheck(1, { unknown: [], unserved: ['351015'] }).state).toBe('attention')
})

test('nobody who can log in, or no administrator, needs somebody', () => {
  expect(accountsCheck({ open: 0, administrators: 0 }).state).toBe('attention')
  expect(accountsCheck({ open: 2, administrators: 0 }).state).toBe('attention')
  expect(accountsCheck({ open: 2, administrators: 1 }).state).toBe('good')
})

test('console: taken by another program, plain HTTP to the network, a certificate for other names or ended', () => {
  const place = { host: '0.0.0.0', port: 8090, names: ['balai.example.go.id'], isSecure: true, isProxied: false }
  const shown = (names: string[], endsAt = now + day): HubAnswer => ({
    ...{ kind: 'hub', metrics: '', certificate: { names, endsAt } },
  })
  expect(consoleCheck(shown(place.names), place, now).state).toBe('good')
  expect(consoleCheck({ kind: 'closed' }, place, now).state).toBe('missing')
  expect(advice(consoleCheck({ kind: 'other' }, place, now))).toContain('sudo ss -ltnp')
  expect(advice(consoleCheck(shown(['balai']), place, now))).toContain('does not hold for balai.example.go.id')
  expect(advice(consoleCheck(shown(place.names, now - day), place, now))).toContain('has ended')
  expect(advice(consoleCheck(hub(), { ...place, isSecure: false }, now))).toContain('without HTTPS')
  expect(consoleCheck(hub(), { ...place, isSecure: false, isProxied: true }, now).state).toBe('good')
})

test('a hub that stands still, or runs without its broker, needs somebody', () => {
  expect(programCheck({ kind: 'closed' }, '1').state).toBe('attention')
  expect(programCheck(hub('balai_hub_link_up 0\n'), '1').state).toBe('attention')
  expect(programCheck(hub('balai_hub_link_up 1\n'), '1').state).toBe('good')
})

test('backup: not watched, never done, a day and a half ago', () => {
  expect(backupCheck(null, null, now).state).toBe('missing')
  expect(backupCheck('/s', null, now).state).toBe('attention')
  expect(backupCheck('/s', now - 25 * 3_600_000, now).state).toBe('good')
  expect(backupCheck('/s', now - 36 * 3_600_000, now).state).toBe('attention')
})

test('a disk with less than a gigabyte or a twentieth needs somebody', () => {
  expect(diskCheck('/d', { freeBytes: 5e9, totalBytes: 9e9 }).state).toBe('good')
  expect(diskCheck('/d', { freeBytes: 9e8, totalBytes: 9e9 }).state).toBe('attention')
  expect(diskCheck('/d', { freeBytes: 4e9, totalBytes: 1e11 }).state).toBe('attention')
})

test('what dashboard and alert rules ask is read out of them, and what the hub does not say is named', () => {
  const asked = readAskedMetrics()
  expect(asked).toEqual(expect.arrayContaining(['balai_hub_link_up', 'balai_village_last_contact_timestamp_seconds']))
  const check = dashboardsCheck(
    ['balai_hub_link_up', 'balai_hub_waiting'],
    hub('# TYPE balai_hub_link_up gauge\n'),
    true,
  )
  expect(check.facts).toContainEqual({ key: 'doctor.dashboards-silent', values: { names: 'balai_hub_waiting' } })
})
