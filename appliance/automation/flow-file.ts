import { AppError } from '../base/errors.ts'

/* What a flow file is, pure: the list of nodes that Node-RED exports. */

export type FlowNode = { id: string; type: string; [member: string]: unknown }

/** A flow set of the largest office is some hundred kilobytes. */
export const mostFlowBytes = 2_000_000

/** Reads a flow file. Throws `flow.not-json`, `flow.not-nodes` (`at`: which one, from 1) and `flow.too-large`. */
export function parseFlows(text: string): FlowNode[] {
  if (Buffer.byteLength(text) > mostFlowBytes)
    throw new AppError('invalid', 'flow.too-large', `A flow file has ${mostFlowBytes} bytes at most.`, {
      most: mostFlowBytes / 1e6,
    })
  let nodes: unknown
  try {
    nodes = JSON.parse(text)
  } catch {
    throw new AppError('invalid', 'flow.not-json', 'This is no flow file: it is not JSON.')
  }
  if (!Array.isArray(nodes))
    throw new AppError('invalid', 'flow.not-nodes', 'This is no flow file: it is no list of nodes.', { at: 0 })
  const ids = new Set<string>()
  for (const [index, node] of nodes.entries()) {
    const { id, type } = (node ?? {}) as Partial<FlowNode>
    if (typeof id !== 'string' || typeof type !== 'string' || ids.has(id))
      throw new AppError('invalid', 'flow.not-nodes', `Node ${index + 1} has no id and type of its own.`, {
        at: index + 1,
      })
    ids.add(id)
  }
  return nodes as FlowNode[]
}

/** Types that a flow file needs and that are not known here, each once. */
export function missingTypes(nodes: readonly FlowNode[], known: ReadonlySet<string>): string[] {
  const isOwn = ({ type }: FlowNode) => type === 'tab' || type === 'group' || type.startsWith('subflow')
  return [...new Set(nodes.filter((node) => !isOwn(node) && !known.has(node.type)).map(({ type }) => type))].sort()
}

/** What a node is called on the page: its own name, or its kind. */
export const nameOf = ({ name, label, type }: FlowNode): string =>
  [name, label].find((one): one is string => typeof one === 'string' && one.trim() !== '') ?? type
