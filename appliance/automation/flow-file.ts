import { AppError } from '../base/errors.ts'

/* What a flow file is, pure: the list of nodes that Node-RED exports. */

export type FlowNode = { id: string; type: string; [member: string]: unknown }

/** A flow set of the largest office is some hundred kilobytes. */
export const mostFlowBytes = 2_000_000

/** Throws `flow.too-large` for more than a flow file may have. */
export function assertFlowSize(bytes: number): void {
  if (bytes > mostFlowBytes)
    throw new AppError('invalid', 'flow.too-large', `A flow file has ${mostFlowBytes} bytes at most.`, {
      most: mostFlowBytes / 1e6,
    })
}

/** Reads the flows as a box keeps them. Throws `flow.not-json`, `flow.not-nodes` (`at`: which one, from 1) and `flow.too-large`. */
export function parseFlows(text: string): FlowNode[] {
  assertFlowSize(Buffer.byteLength(text))
  return toNodes(parseJson(text))
}

/**
 * Reads a file that somebody brings: ours says of which village it is, one of Node-RED is the list itself. Throws what
 * `parseFlows` throws, and `flow.credentials` for what only another Node-RED could open.
 */
export function readFlowFile(text: string): FlowNode[] {
  const read = parseJson(text)
  const nodes = toNodes(Array.isArray(read) ? read : (read as Partial<{ flows: unknown }> | null)?.flows)
  if (nodes.some((node) => 'credentials' in node))
    throw new AppError(
      'invalid',
      'flow.credentials',
      'This file holds credentials of another Node-RED: export it anew.',
    )
  return nodes
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('invalid', 'flow.not-json', 'This is no flow file: it is not JSON.')
  }
}

function toNodes(read: unknown): FlowNode[] {
  if (!Array.isArray(read))
    throw new AppError('invalid', 'flow.not-nodes', 'This is no flow file: it is no list of nodes.', { at: 0 })
  const ids = new Set<string>()
  for (const [index, node] of read.entries()) {
    const { id, type } = (node ?? {}) as Partial<FlowNode>
    if (typeof id !== 'string' || typeof type !== 'string' || ids.has(id))
      throw new AppError('invalid', 'flow.not-nodes', `Node ${index + 1} has no id and type of its own.`, {
        at: index + 1,
      })
    ids.add(id)
  }
  return read as FlowNode[]
}

/** Types that these nodes need and that are not known here, each once; none while it is not known what is. */
export function missingTypes(nodes: readonly FlowNode[], known: ReadonlySet<string> | null): string[] {
  const isOwn = ({ type }: FlowNode) => type === 'tab' || type === 'group' || type.startsWith('subflow')
  return [
    ...new Set(nodes.filter((node) => known && !isOwn(node) && !known.has(node.type)).map(({ type }) => type)),
  ].sort()
}

/** One type that is missing keeps all flows from starting: throws `flow.missing-types` where there is one. */
export function assertNoneMissing(kind: 'invalid' | 'conflict', missing: readonly string[]): void {
  const types = missing.join(', ')
  if (types)
    throw new AppError(kind, 'flow.missing-types', `This box has no nodes of these types: ${types}.`, { types })
}

/** What a node is called on the page: its own name, or its kind. */
export const nameOf = ({ name, label, type }: FlowNode): string =>
  [name, label].find((one): one is string => typeof one === 'string' && one.trim() !== '') ?? type
