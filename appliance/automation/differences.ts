import { type FlowNode, nameOf } from './flow-file.ts'

/* How two versions of the flows differ, in words that a technician knows: pure. */

/** `member`: what was changed of a node; `from` and `to` as text, null where there is none. */
export type Difference =
  | { what: 'added' | 'removed'; node: string; type: string }
  | { what: 'changed'; node: string; type: string; member: string; from: string | null; to: string | null }

/** Where a node stands on the sheet is no change of what it does. */
const places = new Set(['id', 'x', 'y', 'w', 'h', 'g', 'nodes', 'order'])
/** What is never a reference, whatever it says. */
const words = new Set(['type', 'name', 'label', 'info'])
const longest = 200

/** Differences in the order of the newer file, what was removed last. */
export function findDifferences(older: readonly FlowNode[], newer: readonly FlowNode[]): Difference[] {
  const before = new Map(older.map((node) => [node.id, node]))
  const after = new Map(newer.map((node) => [node.id, node]))
  const changed = newer.flatMap((node): Difference[] => {
    const old = before.get(node.id)
    if (!old) return [{ what: 'added', node: nameOf(node), type: node.type }]
    return membersOf(old, node).flatMap((member): Difference[] => {
      const [from, to] = [old, node].map((one) => say(member, one[member], one === old ? before : after))
      if (from === to) return []
      return [{ what: 'changed', node: nameOf(node), type: node.type, member, from: from ?? null, to: to ?? null }]
    })
  })
  const removed = older
    .filter(({ id }) => !after.has(id))
    .map((node): Difference => ({ what: 'removed', node: nameOf(node), type: node.type }))
  return [...changed, ...removed]
}

const membersOf = (old: FlowNode, node: FlowNode): string[] =>
  [...new Set([...Object.keys(old), ...Object.keys(node)])].filter((member) => !places.has(member))

/** A value as a person reads it; wires by the names of the nodes that they lead to. */
function say(member: string, value: unknown, nodes: ReadonlyMap<string, FlowNode>): string | null {
  if (value === undefined || value === null || value === '') return null
  const named = (id: unknown): string => {
    const node = typeof id === 'string' ? nodes.get(id) : undefined
    return node ? nameOf(node) : String(id)
  }
  if (member === 'wires' && Array.isArray(value)) return value.flat().map(named).join(', ') || null
  // A reference to another node: its box, its sheet.
  if (typeof value === 'string' && !words.has(member) && nodes.has(value)) return named(value)
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
