import { canonicalJson } from '../../appliance/wire/hash.ts'
import { weekdays } from './read-file.ts'
import type { Differences } from './views.ts'

type Row = Record<string, unknown>

/**
 * What a new version changes: rows by their code or day, and of changed ones which members. `before` null: there is no
 * version yet. Hours are one row, a member for each day.
 */
export function findDifferences(dataset: string, before: unknown, after: unknown): Differences {
  const [old, fresh] = [rowsOf(dataset, before), rowsOf(dataset, after)]
  const kept = [...fresh].filter(([place]) => old.has(place))
  const changed = kept
    .map(([place, row]) => ({ name: nameOf(row), members: findChanged(old.get(place) ?? {}, row) }))
    .filter(({ members }) => members.length > 0)
  return {
    added: [...fresh].filter(([place]) => !old.has(place)).map(([, row]) => ({ name: nameOf(row) })),
    removed: [...old].filter(([place]) => !fresh.has(place)).map(([, row]) => ({ name: nameOf(row) })),
    changed,
    same: kept.length - changed.length,
  }
}

function rowsOf(dataset: string, content: unknown): Map<string, Row> {
  if (content === null || content === undefined) return new Map()
  if (dataset === 'hours') {
    const { week } = content as { week: unknown[] }
    return new Map([['', Object.fromEntries(weekdays.map((day, index) => [day, week[index]]))]])
  }
  return new Map(
    ((content as Row)[dataset] as Row[]).map((row) => [
      `${String(row.code ?? row.day ?? row.id)} ${String(row.period ?? '')}`,
      row,
    ]),
  )
}

const nameOf = (row: Row): string =>
  [row.code ?? row.day ?? row.type, row.name ?? row.label ?? row.title].filter(Boolean).join(' ') || 'week'

/** An absent member and null say the same. */
const findChanged = (before: Row, after: Row): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((member) => canonicalJson(before[member] ?? null) !== canonicalJson(after[member] ?? null))
    .sort()

/** As lines for a terminal. */
export function printDifferences({ added, removed, changed, same }: Differences): string {
  return [
    ...added.map(({ name }) => `+ ${name}`),
    ...removed.map(({ name }) => `- ${name}`),
    ...changed.map(({ name, members }) => `~ ${name}: ${members.join(', ')}`),
    `${added.length} new, ${removed.length} gone, ${changed.length} changed, ${same} as before`,
  ].join('\n')
}
