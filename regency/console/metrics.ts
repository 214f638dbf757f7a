import type { Alarm } from '../alarms/alarms.ts'
import type { VillageFacts } from './metric-facts.ts'
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
  clockOffsetMs,
  facts,
  ownEnds,
}: {
  totals: HubTotals
  overview: HubView | null
  databaseUp: boolean
  linkUp: boolean
  alarms: readonly Alarm[]
  backupAgeSeconds: number | null
  clockOffsetMs: number | null
  facts: readonly VillageFacts[]
  ownEnds: readonly [use: string, ends: number][]
}): string {
  const villages = overview?.villages ?? []
  const perVillage = (value: (village: VillageRow) => number | null): Sample[] =>
    villages.flatMap((village): Sample[] => {
      const known = value(village)
      return known === null ? [] : [[`{village="${village.village}"}`, known]]
    })
  const perFact = (value: (fact: VillageFacts) => number | null): Sample[] =>
    facts.flatMap((fact): Sample[] => {
      const known = value(fact)
      return known === null ? [] : [[`{village="${fact.village}"}`, known]]
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
    ...metric(
      'balai_village_last_contact_timestamp_seconds',
      'gauge',
      'When the village was last heard',
      perFact(({ lastContact }) => lastContact),
    ),
    ...metric(
      'balai_village_certificate_expires_timestamp_seconds',
      'gauge',
      'When the last good certificate of the village’s boxes ends',
      perFact(({ certificateEnds }) => certificateEnds),
    ),
    ...metric(
      'balai_village_disk_free_bytes',
      'gauge',
      'Free on the box’s data partition, as it last said',
      perFact(({ diskFreeBytes }) => diskFreeBytes),
    ),
    ...metric(
      'balai_village_temperature_celsius',
      'gauge',
      'Of the box’s processor, as it last said',
      perFact(({ celsius }) => celsius),
    ),
    ...metric(
      'balai_village_info',
      'gauge',
      'Name, district and version of each village; 1',
      villages.map(
        ({ village, name, district, version }): Sample => [
          `{village="${village}",name="${label(name)}",district="${label(district)}",version="${label(version ?? '')}"}`,
          1,
        ],
      ),
    ),
    ...metric(
      'balai_hub_certificate_expires_timestamp_seconds',
      'gauge',
      'When a certificate of the hub itself ends',
      ownEnds.map(([use, ends]): Sample => [`{use="${use}"}`, ends]),
    ),
    ...metric(
      'balai_hub_clock_offset_seconds',
      'gauge',
      'PostgreSQL’s clock minus the hub’s',
      clockOffsetMs === null ? [] : [['', clockOffsetMs / 1_000]],
    ),
    '',
  ].join('\n')
}

/** A text as the value of a label. */
const label = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

type Sample = [labels: string, value: number]

const metric = (name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string[] =>
  samples.length === 0
    ? []
    : [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
      ]
