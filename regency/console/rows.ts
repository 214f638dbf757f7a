import type { VillageRow } from './view.ts'

export type Standing = 'action' | 'wiped' | 'offline' | 'never' | 'connected'
export type Column = 'standing' | 'name' | 'district' | 'waiting' | 'tickets' | 'served' | 'cursor' | 'backlog' | 'seen'
export type Order = { by: Column; descending: boolean }

// What needs a person on top, then offline, then the rest.
const rank = { action: 0, wiped: 1, offline: 2, never: 3, connected: 4 } as const satisfies Record<Standing, number>

export function standingOf(row: VillageRow): Standing {
  if (row.state === 'wiped') return row.state // what it alarmed about is gone with it
  return row.alarms.length ? 'action' : row.state
}

/** The rows that match, in order; equal ones by name, and what is unknown comes last either way. */
export function arrange(rows: readonly VillageRow[], search: string, order: Order): VillageRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (row: VillageRow) => {
    const text = `${row.name} ${row.district} ${row.village} ${dotted(row.village)} ${row.version ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return rows.filter(matches).sort((a, b) => compare(a, b, order) || a.name.localeCompare(b.name, 'id'))
}

/** 3510242001 is 35.10.24.2001 on paper. */
export const dotted = (village: string) => village.replace(/^(\d\d)(\d\d)(\d\d)(\d{4})$/, '$1.$2.$3.$4')

function compare(a: VillageRow, b: VillageRow, { by, descending }: Order): number {
  const left = readColumn(a, by)
  const right = readColumn(b, by)
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const way = descending ? -1 : 1
  if (typeof left === 'string' || typeof right === 'string')
    return way * String(left).localeCompare(String(right), 'id')
  return way * (left - right)
}

function readColumn(row: VillageRow, by: Column): string | number | null {
  switch (by) {
    case 'standing':
      return rank[standingOf(row)]
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
    case 'cursor':
      return row.cursor?.seq ?? null
    case 'seen':
      return row.lastSeenAt
  }
}
