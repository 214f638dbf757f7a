import type { Alarm } from '../alarms/alarms.ts'
import type { HubView, VillageRow } from './view.ts'

export type HubTotals = {
  hellos: number
  wants: number
  batches: number
  entries: number
  refused: number
  dropped: number
  failed: number
  waiting: number
}

/** The hub's state as Prometheus text (exposition format 0.0.4). Counters begin at 0 with each start. */
export function formatMetrics({
  totals,
  overview,
  databaseUp,
  linkUp,
  alarms,
  backupAgeSeconds,
}: {
  totals: HubTotals
  overview: HubView | null
  databaseUp: boolean
  linkUp: boolean
  alarms: readonly Alarm[]
  backupAgeSeconds: number | null
}): string {
  const villages = overview?.villages ?? []
  const perVillage = (value: (village: VillageRow) => number | null): Sample[] =>
    villages.flatMap((village): Sample[] => {
      const known = value(village)
      return known === null ? [] : [[`{village="${village.village}"}`, known]]
    })
  const states = (['connected', 'offline', 'never', 'wiped'] as const).map(
    (state): Sample => [`{state="${state}"}`, villages.filter((village) => village.state === state).length],
  )
  return [
    ...metric('balai_hub_database_up', 'gauge', 'PostgreSQL answers', [['', Number(databaseUp)]]),
    ...metric('balai_hub_link_up', 'gauge', 'The broker is connected', [['', Number(linkUp)]]),
    ...metric('balai_hub_hellos_total', 'counter', 'Hellos answered', [['', totals.hellos]]),
    ...metric('balai_hub_wants_total', 'counter', 'Chunks of history sent', [['', totals.wants]]),
    ...metric(
      'balai_hub_alarm',
      'gauge',
      'What somebody should look at, by village (empty: the hub itself)',
      alarms.map(({ village, code }): Sample => [`{village="${village}",code="${code}"}`, 1]),
    ),
    ...metric(
      'balai_hub_backup_age_seconds',
      'gauge',
      'Since the backup job of PostgreSQL was done',
      backupAgeSeconds === null ? [] : [['', backupAgeSeconds]],
    ),
    ...metric('balai_hub_batches_total', 'counter', 'Batches answered', [['', totals.batches]]),
    ...metric('balai_hub_entries_total', 'counter', 'Places written', [['', totals.entries]]),
    ...metric('balai_hub_refused_total', 'counter', 'Messages refused', [['', totals.refused]]),
    ...metric('balai_hub_dropped_total', 'counter', 'Messages dropped because too much waited or PostgreSQL was gone', [
      ['', totals.dropped],
    ]),
    ...metric('balai_hub_failed_total', 'counter', 'Messages that failed without an answer', [['', totals.failed]]),
    ...metric('balai_hub_waiting', 'gauge', 'Messages that wait for their turn', [['', totals.waiting]]),
    ...metric('balai_hub_villages', 'gauge', 'Villages by state of their line', states),
    ...metric(
      'balai_village_backlog_entries',
      'gauge',
      'Entries that a box has not been acknowledged',
      perVillage(({ backlog }) => backlog),
    ),
    ...metric(
      'balai_village_tickets_today',
      'gauge',
      'Tickets of today in the table',
      perVillage(({ ticketsToday }) => ticketsToday),
    ),
    ...metric(
      'balai_village_alarms',
      'gauge',
      'Open alarms',
      perVillage(({ alarms }) => alarms.length),
    ),
    '',
  ].join('\n')
}

type Sample = [labels: string, value: number]

const metric = (name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string[] =>
  samples.length === 0
    ? []
    : [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
      ]
