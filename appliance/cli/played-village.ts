import type { Alarm } from '../base/alarms.ts'
import { percentile } from '../base/percentile.ts'
import { dayMs, hourMs, minuteMs } from '../base/time.ts'
import { version as ownVersion } from '../base/version.ts'
import type { Health } from '../wire/messages.ts'
import { type Random, seededRandom } from './seeded-random.ts'

/* A village that has no box and is played for the regency's console: what its box would say, as pure functions of time. */

/** Times are ms since 1970 UTC. */
export type PlayedTicket = {
  number: number
  takenAt: number
  calledAt: number
  endedAt: number
  outcome: 'completed' | 'no-show'
}

type Trouble = Omit<Alarm, 'since'> & { reading?: Partial<Health> }

/** What may be wrong with a box, each with the readings that go with it. */
const troubles: readonly Trouble[] = [
  { code: 'print.paper-out', severity: 'action', details: {}, reading: { printer: 'paper-out' } },
  { code: 'voice.silent', severity: 'warning', details: {} },
  { code: 'disk.scarce', severity: 'action', details: { free: 412 }, reading: { disk_free_bytes: 412_000_000 } },
  { code: 'temperature.high', severity: 'warning', details: { celsius: 83 }, reading: { temperature_c: 83 } },
  { code: 'print.no-connection', severity: 'action', details: {}, reading: { printer: 'no-connection' } },
  { code: 'power.low', severity: 'action', details: {}, reading: { undervoltage: true } },
  { code: 'backup.stick', severity: 'warning', details: {} },
  { code: 'certificate.ending', severity: 'action', details: { days: 11 }, reading: { certificate_days_left: 11 } },
  { code: 'relay.backlog-stuck', severity: 'action', details: {}, reading: { backlog_entries: 1_908 } },
  { code: 'card.worn', severity: 'warning', details: { percent: 86 } },
]

const olderVersions = ['0.2.1', '0.2.0'] as const

/**
 * The village at this place of the regency's list: most are well, some are in trouble, some of old versions, a few away since
 * days, an hour or minutes, or never seen. `village`: its code, from which all chances come; `now`: when the play begins.
 */
export function playedVillage(village: string, index: number, now: number) {
  const random = seededRandom(Number(village))
  const older = index % 6 === 1 ? olderVersions[Math.floor(random() * olderVersions.length)] : undefined
  const found = index % 11 === 2 ? troubles[Math.floor(index / 11) % troubles.length] : undefined
  const trouble = found && { ...found, since: Math.round(now - (0.5 + 40 * random()) * hourMs) }
  return {
    village,
    box: `played${village}`.padEnd(22, '0'),
    session: `played${village}`.slice(0, 16),
    version: older ?? ownVersion,
    /** Connected since, or away since; null: never seen. */
    since: index % 59 === 7 ? null : Math.round(now - sinceMs(index, random)),
    isAway: index % 31 === 3 || index % 43 === 5 || index % 53 === 11,
    trouble,
    /** What ended, as it began and when it was over. */
    past: index % 4 === 0 ? pastTroubles(random, now) : [],
    diskFreeBytes: Math.round((6 + 18 * random()) * 1e9),
    coolestC: 44 + 8 * random(),
    ...{ visitors: Math.round(14 + 26 * random()), counters: random() < 0.7 ? 2 : 1 },
  }
}

export type PlayedVillage = ReturnType<typeof playedVillage>

function sinceMs(index: number, random: Random): number {
  if (index % 31 === 3) return (2 + 3 * random()) * dayMs
  if (index % 43 === 5) return (20 + 60 * random()) * minuteMs
  if (index % 53 === 11) return (2 + 9 * random()) * minuteMs
  return (1 + 200 * random()) * hourMs
}

function pastTroubles(random: Random, now: number) {
  return Array.from({ length: 1 + Math.floor(3 * random()) }, () => {
    const { code, severity, details } = troubles[Math.floor(random() * troubles.length)] as Trouble
    const since = Math.round(now - (10 + 600 * random()) * hourMs)
    return { code, severity, details, since, endedAt: Math.round(since + (0.3 + 6 * random()) * hourMs) }
  })
}

/** The tickets of a day: people come from `opensAt` on, most of them early, and are served in order. */
export function playDay({ village, visitors, counters }: PlayedVillage, opensAt: number): PlayedTicket[] {
  const random = seededRandom(Number(village) + Math.floor(opensAt / dayMs))
  const came = Array.from({ length: visitors }, () => opensAt + Math.round(minuteMs * 390 * random() * random()))
  const free = Array.from({ length: counters }, () => opensAt)
  return came
    .sort((a, b) => a - b)
    .map((takenAt, index) => {
      const at = free.indexOf(Math.min(...free))
      const calledAt = Math.max(takenAt, free[at] ?? 0) + Math.round(minuteMs * random())
      const isMissed = random() < 0.06
      const endedAt = calledAt + Math.round(minuteMs * (isMissed ? 2 : 5 + 14 * random()))
      free[at] = endedAt
      return { number: index + 1, takenAt, calledAt, endedAt, outcome: isMissed ? 'no-show' : 'completed' }
    })
}

/** What the village's box says at a time, `tickets` being those of its day. */
export function healthAt(played: PlayedVillage, tickets: readonly PlayedTicket[], at: number): Health {
  const taken = tickets.filter(({ takenAt }) => takenAt <= at)
  const called = taken.filter(({ calledAt }) => calledAt <= at)
  const ended = called.filter(({ endedAt }) => endedAt <= at)
  const waits = called.map(({ takenAt, calledAt }) => calledAt - takenAt).sort((a, b) => a - b)
  const wait = percentile(waits, 0.5)
  const { trouble } = played
  const isTroubled = trouble !== undefined && at >= trouble.since
  // Warmest in the early afternoon, by local time in the west of Indonesia.
  const warmth = Math.max(0, Math.sin(((at + 1 * hourMs) % dayMs) * (Math.PI / dayMs)))
  return {
    ...{ session: played.session, version: played.version, at, clock: 'synced' },
    queue: {
      waiting: taken.length - called.length,
      serving: called.length - ended.length,
      taken_today: taken.length,
      completed_today: ended.filter(({ outcome }) => outcome === 'completed').length,
      median_wait_minutes: wait === null ? null : Math.round(wait / 6_000) / 10,
    },
    ...{ backlog_entries: 0, disk_free_bytes: played.diskFreeBytes, database_bytes: 48_000_000, wal_bytes: 400_000 },
    ...{ temperature_c: Math.round(10 * (played.coolestC + 14 * warmth)) / 10, undervoltage: false },
    ...{ printer: 'ready', certificate_days_left: 240 },
    ...(isTroubled ? trouble.reading : {}),
    alarms: isTroubled
      ? [{ code: trouble.code, severity: trouble.severity, details: trouble.details, since: trouble.since }]
      : [],
  }
}
