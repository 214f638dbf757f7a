import type { AlarmRow, VillageRow } from './view.ts'

// localeCompare would make one for each of two thousand comparisons.
const byName = new Intl.Collator('id')

export const standings = [
  ...['action', 'wiped', 'warning', 'offline'],
  ...['handled', 'planned', 'never', 'connected'],
] as const
/** Each village has one, so that their numbers add up to all of them. */
export type Standing = (typeof standings)[number]
export type Column = 'standing' | 'name' | 'district' | 'waiting' | 'tickets' | 'served' | 'backlog' | 'seen'
export type Order = { by: Column; descending: boolean }

/**
 * `handled`: somebody works on all that is wrong. `planned`: what is wrong, or that it is away, belongs to planned work. `now`:
 * by the hub's clock, when what somebody took for a time needs somebody again.
 */
export function standingOf(row: VillageRow, now: number): Standing {
  if (row.state === 'wiped') return row.state // what it alarmed about is gone with it
  if (row.work !== null && (row.alarms.length > 0 || row.state === 'offline')) return 'planned'
  const open = row.alarms.find((alarm) => !isHandled(alarm, now))
  return open?.severity ?? (row.alarms.length > 0 ? 'handled' : row.state)
}

export const isHandled = ({ taken }: AlarmRow, now: number): boolean =>
  taken !== null && (taken.until === null || now < taken.until)

/** Since when a village stands as it does; of what is wrong the oldest of the worst. */
export function standsSince(row: VillageRow, now: number): number | null {
  const alarms = row.state === 'wiped' ? [] : row.alarms
  const worst = alarms.find((alarm) => !isHandled(alarm, now)) ?? alarms[0]
  return worst ? worst.since : row.since
}

/** Which villages are seen; what is empty leaves none out. */
export type Seen = { q: string; standing: string; district: string; version: string }

/** The rows that match, in order; equal ones by name, and what is unknown comes last either way. */
export function arrange(rows: readonly VillageRow[], seen: Seen, order: Order, now: number): VillageRow[] {
  const words = seen.q.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (row: VillageRow) => {
    if (seen.standing && standingOf(row, now) !== seen.standing) return false
    if (seen.district && row.district !== seen.district) return false
    if (seen.version && row.version !== seen.version) return false
    const text = `${row.name} ${row.district} ${row.village} ${dotted(row.village)} ${row.version ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return rows.filter(matches).sort((a, b) => compare(a, b, order, now) || byName.compare(a.name, b.name))
}

/** How many villages stand in which way; together all of them. */
export function countStandings(rows: readonly VillageRow[], now: number): Record<Standing, number> {
  const counts = Object.fromEntries(standings.map((standing) => [standing, 0])) as Record<Standing, number>
  for (const row of rows) counts[standingOf(row, now)]++
  return counts
}

/** 3510242001 is 35.10.24.2001 on paper. */
export const dotted = (village: string) => village.replace(/^(\d\d)(\d\d)(\d\d)(\d{4})$/, '$1.$2.$3.$4')

function compare(a: VillageRow, b: VillageRow, { by, descending }: Order, now: number): number {
  if (by === 'standing') {
    const worse = standings.indexOf(standingOf(a, now)) - standings.indexOf(standingOf(b, now))
    return (descending ? -1 : 1) * worse || longestFirst(a, b, now)
  }
  const left = readColumn(a, by)
  const right = readColumn(b, by)
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const way = descending ? -1 : 1
  if (typeof left === 'string' || typeof right === 'string') return way * byName.compare(String(left), String(right))
  return way * (left - right)
}

/** Connected ones need no order among themselves but their names. */
function longestFirst(a: VillageRow, b: VillageRow, now: number): number {
  if (standingOf(a, now) === 'connected') return 0
  return (standsSince(a, now) ?? Number.POSITIVE_INFINITY) - (standsSince(b, now) ?? Number.POSITIVE_INFINITY) || 0
}

function readColumn(row: VillageRow, by: Exclude<Column, 'standing'>): string | number | null {
  switch (by) {
    case 'name':
    case 'district':
      return row[by]
    case 'waiting':
    case 'backlog':
      return row[by]
    case 'tickets':
      return row.ticketsToday
    case 'served':
      return row.servedToday
    case 'seen':
      return row.lastSeenAt
  }
}

/** `next`, with each row that says what it said before as the same object, so that it need not be drawn again. */
export function keepRows(before: readonly VillageRow[], next: readonly VillageRow[]): VillageRow[] {
  const known = new Map(before.map((row) => [row.village, row]))
  return next.map((row) => {
    const same = known.get(row.village)
    return same && JSON.stringify(same) === JSON.stringify(row) ? same : row
  })
}
