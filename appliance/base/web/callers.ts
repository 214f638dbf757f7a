import type { FastifyRequest } from 'fastify'

/** Everybody who may be named in a route's `mayCall`: those of a box, and the roles of a hub. */
export type CallerKind = 'anyone' | 'kiosk' | 'display' | 'flow' | (typeof staff)[number] | (typeof watchers)[number]

/** Who calls. `actor` is what stands in an entry: an account id, `kiosk:1`, `flow:<node>`, or `anyone`. */
export type Caller =
  | { kind: 'anyone'; actor: 'anyone'; device: string }
  | { kind: 'kiosk' | 'display'; actor: string; device: string }
  | { kind: 'flow'; actor: string; device: string; scopes: readonly FlowScope[] }
  | {
      kind: (typeof staff)[number] | (typeof watchers)[number]
      actor: string
      device: string
      name: string
      session: Buffer
    }

/** What a flow's token opens: reading, acting at the desk and in the room, and being the box's own host of flows. */
export const flowScopes = ['read', 'act', 'host'] as const
export type FlowScope = (typeof flowScopes)[number]

/** Roles of section 6 of the design: each may do what the one before it may. */
export const staff = ['clerk', 'secretary', 'head', 'technician'] as const
export const managers = ['secretary', 'head', 'technician'] as const
/** Who sees how the office is doing: managers, and a wall screen that one of them has made, which does nothing. */
export const overseers = ['watcher', ...managers] as const

/** Roles of a hub, where the same holds: who looks, who works on alarms as well, who sees to accounts as well. */
export const readers = ['reader', 'operator', 'administrator'] as const
/** A wall screen shows what a reader sees, and does nothing. */
export const watchers = ['watcher', ...readers] as const
export const operators = ['operator', 'administrator'] as const
export const administrators = ['administrator'] as const
export type HubRole = (typeof readers)[number]

/** Finds out who calls, among those a route allows; throws AppError when none of them does. */
export type ResolveCaller = (request: FastifyRequest, mayCall: readonly CallerKind[]) => Caller | Promise<Caller>

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Who may call this route. Every route says it; the server does not start otherwise. */
    mayCall?: readonly CallerKind[]
    /** Works while the session is locked (the unlocking itself). */
    whileLocked?: boolean
    /** What a flow's token has to open, where `mayCall` names flows. */
    scope?: FlowScope
    /** The page behind it is another's and cannot set our header: its browser has to name our origin instead. */
    byOrigin?: boolean
    /** Its body is a program's, not what people type: no text of it is tidied. */
    verbatim?: boolean
    /** Its own content security policy, where the page is another's. */
    policy?: (request: FastifyRequest) => string
  }
}

/** The person who calls; for routes that only people may call. */
export function personOf(request: FastifyRequest): Extract<Caller, { session: Buffer }> {
  const { caller } = request
  if (!('session' in caller)) throw new TypeError(`${request.url} is for people: its mayCall lets others in.`)
  return caller
}
