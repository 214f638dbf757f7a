import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BoxHere, Devices, HubHere, Message, RedNode, Status } from '../nodes/red.d.ts'

/* A real Node-RED with our nodes, in this process: its runtime is one, so a test file has one at a time. */

export type FlowNode = { id: string; type: string; wires?: string[][]; [name: string]: unknown }

type Received = { msg: Message; destination: { id: string } }
type Completed = { msg: Message; error?: unknown; node: { id: string } }
type NodeRed = {
  init(server: unknown, settings: object): void
  start(): Promise<void>
  stop(): Promise<void>
  httpAdmin(request: IncomingMessage, response: ServerResponse): void
  hooks: {
    add(name: string, listener: (event: never) => void): void
    remove(name: string): void
  }
  events: {
    on(name: string, listener: (event: never) => void): void
    once(name: string, listener: (event: never) => void): void
  }
  nodes: { getNode(id: string): (RedNode & { receive(message: Message): void }) | undefined }
  util: { cloneMessage(message: Message): Message }
  runtime: {
    flows: { setFlows(options: { flows: { flows: FlowNode[] }; deploymentType: 'full' }): Promise<unknown> }
    nodes: { getNodeList(options: object): Promise<{ id: string; module: string; types: string[]; err?: unknown }[]> }
  }
}

const load = createRequire(import.meta.url)
export const folder = join(import.meta.dirname, '..')

type Options = { balai?: BoxHere; balaiHub?: HubHere; balaiDevices?: Devices; editor?: boolean }

/** Starts Node-RED without flows; what its nodes get, finish and show is kept and can be awaited. */
export async function startNodeRed({ editor = false, ...settings }: Options = {}) {
  const red = load('node-red') as NodeRed
  const userDir = await mkdtemp(join(tmpdir(), 'node-red-'))
  const received: { node: string; message: Message }[] = []
  const completed: { node: string; message: Message; problem: string | null }[] = []
  const statuses = new Map<string, Status>()
  const waiting = new Set<() => void>()
  const look = () => {
    for (const one of waiting) one()
  }

  const server = createServer((request, response) => red.httpAdmin(request, response))
  red.init(server, {
    userDir,
    nodesDir: [folder],
    httpAdminRoot: editor ? '/' : false,
    httpNodeRoot: false,
    lang: 'id',
    editorTheme: { tours: false, codeEditor: { lib: 'ace' }, mermaid: { enabled: false } },
    credentialSecret: false,
    externalModules: { autoInstall: false, palette: { allowInstall: false } },
    functionExternalModules: false,
    telemetry: { enabled: false },
    logging: { console: { level: 'off' } },
    ...settings,
  })
  red.hooks.add('onReceive.test', ({ msg, destination }: Received) => {
    // As it came: the node may change it.
    received.push({ node: destination.id, message: red.util.cloneMessage(msg) })
    look()
  })
  red.hooks.add('onComplete.test', ({ msg, error, node }: Completed) => {
    completed.push({ node: node.id, message: msg, problem: error ? sayError(error) : null })
    look()
  })
  red.events.on('node-status', ({ id, status }: { id: string; status: Status }) => {
    statuses.set(id, status)
    look()
  })
  await red.start()
  if (editor) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  /** Resolves with the first thing that `find` answers, now or after anything has happened. */
  const until = <T>(find: () => T | null | undefined | false): Promise<T> =>
    new Promise((resolve) => {
      const ask = () => {
        const found = find()
        if (!found) return
        waiting.delete(ask)
        resolve(found)
      }
      waiting.add(ask)
      ask()
    })

  return {
    /** Where its editor is, if there is one. */
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    types: async () => (await red.runtime.nodes.getNodeList({})).filter(({ module }) => module.startsWith('@balai')),
    /** Runs these flows instead of those before; resolves when they have started. */
    async deploy(flows: FlowNode[]): Promise<void> {
      const started = new Promise((resolve) => red.events.once('flows:started', resolve))
      // What has no place on its tab is taken for a configuration.
      const placed = flows.map((node) => (node.z ? { x: 0, y: 0, ...node } : node))
      await red.runtime.flows.setFlows({ flows: { flows: placed }, deploymentType: 'full' })
      await started
    },
    /** Hands a node a message. */
    give(node: string, message: Message = {}): void {
      const to = red.nodes.getNode(node)
      if (!to) throw new Error(`No node ${node} runs.`)
      to.receive(message)
    },
    until,
    /** What this node received, once there are so many. */
    received: (node: string, count = 1): Promise<Message[]> =>
      until(() => {
        const all = received.filter((one) => one.node === node)
        return all.length >= count && all.map(({ message }) => message)
      }),
    receivedSoFar: (node: string): Message[] =>
      received.filter((one) => one.node === node).map(({ message }) => message),
    /** How the node finished its messages, once there are so many: null, or what it complained of. */
    completed: (node: string, count = 1): Promise<(string | null)[]> =>
      until(() => {
        const all = completed.filter((one) => one.node === node)
        return all.length >= count && all.map(({ problem }) => problem)
      }),
    status: (node: string, wanted: RegExp): Promise<Status> =>
      until(() => {
        const status = statuses.get(node)
        return wanted.test(status?.text ?? '') && status
      }),
    statusNow: (node: string): Status | undefined => statuses.get(node),
    forget(): void {
      received.length = 0
      completed.length = 0
      statuses.clear()
    },
    async stop(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await red.stop()
      red.hooks.remove('*.test')
      await rm(userDir, { recursive: true, force: true })
    },
  }
}

export type TestNodeRed = Awaited<ReturnType<typeof startNodeRed>>

const sayError = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A node that only receives. */
export const sink = (id: string): FlowNode => ({ id, type: 'debug', active: false, z: 'tab', wires: [] })
export const tab: FlowNode = { id: 'tab', type: 'tab', label: 'test' }

export const readFlow = (file: string): FlowNode[] => JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[]
