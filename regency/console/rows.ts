import type { VillageRow } from './view.ts'

export const standings = ['action', 'wiped', 'warning', 'offline', 'never', 'connected'] as const
/** Each village has one, so that their numbers add up to all of them. */
export type Standing = (typeof standings)[number]
export type Column = 'standing' | 'name' | 'district' | 'waiting' | 'tickets' | 'served' | 'backlog' | 'seen'
export type Order = { by: Column; descending: boolean }

export function standingOf(row: VillageRow): Standing {
  if (row.state === 'wiped') return row.state // what it alarmed about is gone with it
  const [worst] = row.alarms
  return worst?.severity ?? row.state
}

/** Since when a village stands as it does; of what is wrong the oldest of the worst. */
export function standsSince(row: VillageRow): number | null {
  const [worst] = row.state === 'wiped' ? [] : row.alarms
  return worst ? worst.since : row.since
}

/** Which villages are seen; what is empty leaves none out. */
export type Seen = { q: string; standing: string; district: string; version: string }

/** The rows that match, in order; equal ones by name, and what is unknown comes last either way. */
export function arrange(rows: readonly VillageRow[], seen: Seen, order: Order): VillageRow[] {
  const words = seen.q.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (row: VillageRow) => {
    if (seen.standing && standingOf(row) !== seen.standing) return false
    if (seen.district && row.district !== seen.district) return false
    if (seen.version && row.version !== seen.version) return false
    const text = `${row.name} ${row.district} ${row.village} ${dotted(row.village)} ${row.version ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return rows.filter(matches).sort((a, b) => compare(a, b, order) || a.name.localeCompare(b.name, 'id'))
}

/** How many villages stand in which way; together all of them. */
export function countStandings(rows: readonly VillageRow[]): Record<Standing, number> {
  const counts = Object.fromEntries(standings.map((standing) => [standing, 0])) as Record<Standing, number>
  for (const row of rows) counts[standingOf(row)]++
  return counts
}

/** 3510242001 is 35.10.24.2001 on paper. */
export const dotted = (village: string) => village.replace(/^(\d\d)(\d\d)(\d\d)(\d{4})$/, '$1.$2.$3.$4')

function compare(a: VillageRow, b: VillageRow, { by, descending }: Order): number {
  if (by === 'standing') {
    const worse = standings.indexOf(standingOf(a)) - standings.indexOf(standingOf(b))
    return (descending ? -1 : 1) * worse || longestFirst(a, b)
  }
  const left = readColumn(a, by)
  const right = readColumn(b, by)
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const way = descending ? -1 : 1
  if (typeof left === 'string' || typeof right === 'string')
    return way * String(left).localeCompare(String(right), 'id')
  return way * (left - right)
}

/** Connected ones need no order among themselves but their names. */
function longestFirst(a: VillageRow, b: VillageRow): number {
  if (standingOf(a) === 'connected') return 0
  return (standsSince(a) ?? Number.POSITIVE_INFINITY) - (standsSince(b) ?? Number.POSITIVE_INFINITY) || 0
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
