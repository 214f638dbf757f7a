import { dayMs } from '../../appliance/base/time.ts'
import type { Check, Fact } from '../../appliance/health/views.ts'
import { oldestBackupMs } from '../alarms/alarms.ts'
import { furthestMs } from '../base/clock-check.ts'
import type { HubAnswer } from './ask-hub.ts'
import type { BrokerReading } from './try-broker.ts'
import type { DatabaseReading } from './try-database.ts'
import type { HttpsReading } from './try-https.ts'

/* What is looked at on a hub's machine, judged. Pure. */

/** One line of `balai hub doctor`: `doctor.name.<code>`, facts, and what to do below it. */
export type HubCheck = { code: string; state: Check['state']; facts: Fact[]; advice: Fact[] }

const fact = (key: string, values: Fact['values'] = {}): Fact => ({ key, values })

/** Good where nobody has to do anything. */
const check = (code: string, facts: readonly Fact[], advice: readonly Fact[] = []): HubCheck => ({
  ...{ code, facts: [...facts], advice: [...advice] },
  state: advice.length > 0 ? 'attention' : 'good',
})
const missing = (code: string, ...facts: Fact[]): HubCheck => ({ code, state: 'missing', facts, advice: [] })

const oldestPostgres = 150_000

export function databaseCheck(reading: DatabaseReading): HubCheck {
  if (reading.trouble !== null) {
    const { trouble, reason } = reading
    return check('database', [fact(`doctor.database-${trouble}`, { reason })], [fact(`doctor.database-${trouble}-do`)])
  }
  const { version, role, bytes, schemaPending: n, schemaStrange, foreignTables } = reading
  const advice = [
    reading.versionNumber < oldestPostgres && fact('doctor.database-old-do'),
    reading.encoding !== 'UTF8' && fact('doctor.database-encoding-do', { encoding: reading.encoding }),
    reading.isStandby && fact('doctor.database-standby-do'),
    !reading.isStandby && !reading.mayCreate && fact('doctor.database-no-right-do', { role }),
    foreignTables > 0 && fact('doctor.database-foreign-do', { n: foreignTables, role }),
    schemaStrange !== null && fact('doctor.database-newer-do', { step: schemaStrange }),
  ].filter((one) => one !== false)
  const facts = [fact('doctor.database-answers', { version, role, sizeBytes: bytes })]
  if (n > 0) facts.push(fact('doctor.database-pending', { n }))
  return check('database', facts, advice)
}

export function clockCheck(database: DatabaseReading, ntp: boolean | null): HubCheck {
  const facts = [fact(ntp === null ? 'check.ntp-unread' : ntp ? 'check.ntp-on' : 'check.ntp-off')]
  const offset = database.trouble === null ? database.clockOffsetMs : null
  if (offset !== null) facts.push(fact('doctor.clock-offset', { n: offset }))
  const differs = offset !== null && Math.abs(offset) >= furthestMs
  if (ntp === false || differs) return check('clock', facts, [fact('doctor.clock-do')])
  return ntp === null ? missing('clock', ...facts) : check('clock', facts)
}

export function brokerCheck({ url, trouble, reason }: BrokerReading, { loggedIn }: { loggedIn: boolean }): HubCheck {
  if (trouble !== null)
    return check(
      'broker',
      [fact('check.as-is', { what: url }), fact(`doctor.broker-${trouble}`, { reason })],
      [fact(`doctor.broker-${trouble}-do`)],
    )
  return check('broker', [
    fact('check.as-is', { what: url }),
    fact(loggedIn ? 'doctor.broker-lets-in' : 'doctor.broker-answers'),
  ])
}

export type CertificateReading = {
  use: 'hub' | 'console' | 'broker' | 'ca' | 'issuing' | 'lan'
  /** ms since 1970 UTC; null: it cannot be read. */
  endsAt: number | null
  reason: string
}

/** So long before its end somebody is told. Boxes are signed for 397 days, which an authority must outlast. */
const dueMs = { leaf: 60 * dayMs, authority: 400 * dayMs } as const

export function certificateChecks(readings: readonly CertificateReading[], now: number): HubCheck[] {
  if (readings.length === 0) return [missing('certificates', fact('doctor.certificates-none'))]
  return readings.map(({ use, endsAt, reason }) => {
    const named = fact(`doctor.certificate-${use}`)
    if (endsAt === null)
      return check('certificates', [named, fact('doctor.certificate-unread', { reason })], [fact('doctor.renew-do')])
    const days = Math.floor((endsAt - now) / dayMs)
    const facts = [
      named,
      fact(days < 0 ? 'check.certificate-ended' : 'check.certificate-days', { days: Math.abs(days) }),
    ]
    const isAuthority = use === 'ca' || use === 'issuing' || use === 'lan'
    if (endsAt - now > (isAuthority ? dueMs.authority : dueMs.leaf)) return check('certificates', facts)
    return check('certificates', facts, [fact(isAuthority ? 'doctor.authority-do' : 'doctor.renew-do')])
  })
}

/**
 * `absent`, and may the hub make one (it enrols no box)? `open`: others may read it. `other`: not the one that this
 * machine was set up with, which the boxes know.
 */
export type KeyReading = {
  state: 'good' | 'absent' | 'may-make' | 'unread' | 'open' | 'other'
  path: string
  key: string
}

export function keyCheck({ state, path, key }: KeyReading): HubCheck {
  if (state === 'good') return check('hub-key', [fact('doctor.key-good', { key })])
  if (state === 'may-make') return missing('hub-key', fact('doctor.key-may-make'))
  return check('hub-key', [fact(`doctor.key-${state}`, { path })], [fact(`doctor.key-${state}-do`, { path })])
}

export function diskCheck(folder: string, disk: { freeBytes: number; totalBytes: number } | null): HubCheck {
  if (!disk) return missing('disk', fact('check.unread'))
  const facts = [fact('check.as-is', { what: folder }), fact('check.disk-free', disk)]
  const scarce = disk.freeBytes < 1e9 || disk.freeBytes < disk.totalBytes / 20
  return check('disk', facts, scarce ? [fact('doctor.disk-do')] : [])
}

/** `touchedAt`: ms since 1970 UTC; null: it is not there. */
export function backupCheck(stamp: string | null, touchedAt: number | null, now: number): HubCheck {
  if (stamp === null) return missing('backup', fact('doctor.backup-unnamed'))
  if (touchedAt === null) return check('backup', [fact('doctor.backup-absent', { stamp })], [fact('doctor.backup-do')])
  const facts = [fact('doctor.backup-age', { ageSpan: now - touchedAt })]
  return check('backup', facts, now - touchedAt < oldestBackupMs ? [] : [fact('doctor.backup-do')])
}

export type VillagesReading = {
  villages: number
  problems: readonly string[]
  /** Against the database's table; null: it cannot be asked, or has none yet. */
  difference: { added: number; changed: number; ended: number } | null
}

export function villagesCheck({ villages: n, problems, difference }: VillagesReading): HubCheck {
  if (problems.length > 0)
    return check(
      'villages',
      [fact('doctor.villages-mistakes', { n: problems.length, first: problems[0] ?? '' })],
      [fact('doctor.villages-mistakes-do')],
    )
  if (n === 0) return check('villages', [fact('doctor.villages-empty')], [fact('doctor.villages-empty-do')])
  const facts = [fact('doctor.villages', { n })]
  if (!difference) return check('villages', facts)
  const { added, changed, ended } = difference
  if (added + changed + ended === 0) return check('villages', [...facts, fact('doctor.villages-same')])
  return check(
    'villages',
    [...facts, fact('doctor.villages-differ', { added, changed, ended })],
    [fact(ended > 0 ? 'doctor.villages-ended-do' : 'doctor.villages-differ-do', { ended })],
  )
}

export type DistrictsReading = {
  /** Of this hub in hub.toml, and in no line of villages.csv. */
  unknown: readonly string[]
  /** Another hub's by the table, of which no village was ever answered. */
  unserved: readonly string[]
}

/** `served`: how many districts this hub has; null: all. */
export function districtsCheck(served: number | null, { unknown, unserved }: DistrictsReading): HubCheck {
  const facts = [served === null ? fact('doctor.districts-all') : fact('doctor.districts', { n: served })]
  if (unknown.length > 0) facts.push(fact('doctor.districts-unknown', { codes: unknown.join(', ') }))
  if (unserved.length > 0) facts.push(fact('doctor.districts-unserved', { codes: unserved.join(', ') }))
  return check('districts', facts, unknown.length + unserved.length > 0 ? [fact('doctor.districts-do')] : [])
}

export function accountsCheck({ open, administrators }: { open: number; administrators: number }): HubCheck {
  if (open === 0) return check('accounts', [fact('doctor.accounts-none')], [fact('doctor.accounts-none-do')])
  const facts = [fact('doctor.accounts', { n: open, administrators })]
  return check('accounts', facts, administrators === 0 ? [fact('doctor.accounts-none-do')] : [])
}

export type Place = { host: string; port: number; names: readonly string[]; isSecure: boolean; isProxied: boolean }

/** The console's port: who answers there, and with which certificate. */
export function consoleCheck(answer: HubAnswer, place: Place, now: number): HubCheck {
  const where = fact('check.as-is', { what: `${place.isSecure ? 'https' : 'http'}://${place.host}:${place.port}` })
  if (answer.kind === 'other')
    return check('console', [where, fact('doctor.console-taken')], [fact('doctor.console-taken-do')])
  if (answer.kind !== 'hub') return missing('console', where, fact('doctor.console-closed'))
  const facts = [where, fact('doctor.console-answers')]
  const advice: Fact[] = []
  if (!place.isSecure && !place.isProxied && !isLoopbackHost(place.host)) advice.push(fact('doctor.console-plain-do'))
  const { certificate } = answer
  if (certificate) {
    const wrong = place.names.filter((name) => !certificate.names.includes(name))
    if (wrong.length > 0) advice.push(fact('doctor.console-names-do', { names: wrong.join(', ') }))
    if (certificate.endsAt < now) advice.push(fact('doctor.console-ended-do'))
  }
  return check('console', facts, advice)
}

/** Where boxes come whose network lets no MQTT through. */
export function httpsCheck({ where, endsAt }: HttpsReading, runs: boolean, now: number): HubCheck {
  const facts = [fact('check.as-is', { what: where })]
  if (endsAt === null && !runs) return missing('https', ...facts, fact('doctor.console-closed'))
  if (endsAt === null) return check('https', [...facts, fact('doctor.https-closed')], [fact('doctor.https-closed-do')])
  return check('https', [...facts, fact('doctor.console-answers')], endsAt < now ? [fact('doctor.https-ended-do')] : [])
}

const isLoopbackHost = (host: string): boolean => /^(127\.|::1$|localhost$)/.test(host)

/** Whether the hub runs, and what it says of its own lines. */
export function programCheck(answer: HubAnswer, version: string): HubCheck {
  const facts = [fact('check.version', { version })]
  if (answer.kind !== 'hub')
    return check('program', [fact('check.program-stopped'), ...facts], [fact('doctor.program-do')])
  const up = (name: string) => answer.metrics?.match(new RegExp(`^${name} (\\d)$`, 'm'))?.[1] ?? null
  const told = [fact('doctor.program-runs'), ...facts]
  const cut = up('balai_hub_link_up') === '0'
  if (cut) told.push(fact('doctor.program-no-line'))
  if (up('balai_hub_database_up') === '0') told.push(fact('doctor.program-no-database'))
  return check('program', told, cut ? [fact('doctor.program-no-line-do')] : [])
}

/** What the regency's dashboard and alert rules ask for, and the hub does not say. */
export function dashboardsCheck(asked: readonly string[], answer: HubAnswer, hasToken: boolean): HubCheck {
  if (answer.kind !== 'hub' || answer.metrics === null) return missing('dashboards', fact('check.not-running'))
  const said = new Set([...answer.metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name))
  const silent = asked.filter((name) => !said.has(name))
  return check('dashboards', [
    fact('doctor.dashboards', { n: asked.length - silent.length, all: asked.length }),
    ...(silent.length > 0 ? [fact('doctor.dashboards-silent', { names: silent.join(', ') })] : []),
    fact(hasToken ? 'doctor.dashboards-token' : 'doctor.dashboards-here'),
  ])
}

/** The hub's own alarms, as it last wrote them. */
export const alarmsCheck = (alarms: readonly { code: string; details: Fact['values'] }[]): HubCheck =>
  check(
    'alarms',
    [alarms.length === 0 ? fact('doctor.alarms-none') : fact('doctor.alarms', { n: alarms.length })],
    alarms.flatMap(({ code, details }) => [
      fact(`alarm.hub.${code}.title`, details),
      fact(`alarm.hub.${code}.remedy`, details),
    ]),
  )
