/* What of Node-RED 5 the nodes use. It ships no types of its own. */

export type Message = { _msgid?: string; payload?: unknown; topic?: unknown; [name: string]: unknown }
export type Status = { fill?: 'red' | 'green' | 'yellow' | 'blue' | 'grey'; shape?: 'dot' | 'ring'; text?: string }
export type Send = (message: Message | (Message | null)[] | null) => void
export type Done = (problem?: unknown) => void

/** What the editor kept of a node: texts, and what its own `defaults` say. */
export type Config = { id: string; type: string; [name: string]: unknown }

export interface RedNode {
  id: string
  type: string
  name?: string
  credentials?: Record<string, string | undefined>
  on(event: 'input', take: (message: Message, send: Send, done: Done) => void): void
  on(event: 'close', close: (removed: boolean, done: () => void) => void): void
  send: Send
  status(status: Status): void
  warn(text: string): void
  error(text: unknown, message?: Message): void
  context(): Context
}

export interface Context {
  get(name: string): unknown
  set(name: string, value: unknown): void
}

export interface Red {
  nodes: {
    createNode(node: RedNode, config: Config): void
    getNode(id: unknown): RedNode | null
    registerType(
      type: string,
      create: (this: RedNode, config: Config) => void,
      options?: { credentials?: Record<string, { type: 'text' | 'password' }> },
    ): void
  }
  /** The editor’s own server: what a dialog asks for. */
  httpAdmin: { get(path: string, mayCall: unknown, answer: (request: unknown, reply: Reply) => void): void }
  auth: { needsPermission(permission: string): unknown }
  /** What the host set; `balai` never leaves the process. */
  settings: { balai?: BoxHere; balaiHub?: HubHere; balaiDevices?: Devices }
  _(key: string, values?: Record<string, unknown>): string
}

export interface Reply {
  json(body: unknown): void
}

/** A Node-RED that runs on the box is handed its socket and token. */
export type BoxHere = { socketPath: string; token: string }
/** One that runs beside the hub is handed its database, and perhaps the driver that it bundles. */
export type HubHere = { database?: string; pg?: typeof import('pg') }
/** Where devices are, if not where Linux has them. */
export type Devices = { input?: string; inputClass?: string }
