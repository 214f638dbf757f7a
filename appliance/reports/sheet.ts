import type { Say } from '../base/messages/catalogues.ts'
import { type Cell, writeSheet } from '../base/write-sheet.ts'
import { serviceTimeOf, type Visit, waitOf } from './figures.ts'
import type { ReportView } from './views.ts'

/* Reports as CSV. */

/** A line for the whole period and for each service, counter, hour and day. */
export function figuresSheet(report: ReportView, say: Say): string {
  const groups = [
    [say('reports.total'), [{ name: `${report.from} – ${report.to}`, ...report.total }]],
    [say('reports.by-service'), report.services],
    [say('reports.by-counter'), report.counters],
    [say('reports.by-hour'), report.hours],
    [say('reports.by-day'), report.days],
  ] as const
  const columns = ['group', 'name', 'taken', 'served', 'missed', 'cancelled', 'closed']
  const times = ['wait-p50', 'wait-p90', 'service-p50', 'service-p90']
  const rows = groups.flatMap(([group, all]) =>
    all.map(({ name, taken, served, missed, cancelled, closed, wait, service }): Cell[] => [
      ...[group, name, taken, served, missed, cancelled, closed],
      ...[wait.p50, wait.p90, service.p50, service.p90],
    ]),
  )
  return writeSheet(
    [...columns, ...times].map((column) => say(`reports.column-${column}`)),
    rows,
  )
}

/** A line for each ticket. Why one was called earlier is not in it. */
export function ticketsSheet(visits: readonly Visit[], zone: string, say: Say): string {
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'medium' })
  const at = (moment: number | null) => (moment === null ? null : time.format(moment))
  const columns = ['day', 'number', 'service', 'counter', 'state', 'taken-at', 'called-at', 'started-at', 'ended-at']
  const rows = visits.map((visit): Cell[] => [
    ...[visit.day, visit.number, visit.service, visit.counter, say(`reports.state-${visit.state}`)],
    ...[at(visit.takenAt), at(visit.calledAt), at(visit.startedAt), at(visit.endedAt)],
    ...[rounded(waitOf(visit)), rounded(serviceTimeOf(visit))],
  ])
  return writeSheet(
    [...columns, 'wait', 'service-time'].map((column) => say(`reports.column-${column}`)),
    rows,
  )
}

const rounded = (minutes: number | null): number | null => (minutes === null ? null : Math.round(minutes * 10) / 10)
