import type { FastifyRequest } from 'fastify'
import { personOf } from '../../appliance/base/web/callers.ts'
import type { Client } from './database.ts'

/** What stands in the table `audit`. Each has its words on the console's page: `hub.did-<action>`. */
export const actions = [
  'account.added',
  'account.role-changed',
  'account.pin-changed',
  'account.closed',
  'account.logged-in',
  'account.locked-out',
  'account.factor-on',
  'account.factor-off',
  'agency.access-given',
  'agency.access-ended',
  'alarm.taken',
  'alarm.released',
  'command.sent',
  'dataset.published',
  'dataset.extended',
  'dataset.rolled-back',
  'release.stopped',
  'reader.granted',
  'retention.applied',
  'stick.imported',
  'box.owner-changed',
  'parts.opened',
  'box.wipe-ordered',
  'village.noted',
  'village.replayed',
  'villages.changed',
  'work.planned',
  'work.ended',
] as const
export type Action = (typeof actions)[number]

/** Who does something; `account` is null for what is done without one. */
export type Doer = { account: string | null; actor: string }

export const hubItself: Doer = { account: null, actor: 'hub' }

/** Who calls. */
export function doerOf(request: FastifyRequest): Doer & { account: string } {
  const { actor: account, name: actor } = personOf(request)
  return { account, actor }
}

type Row = Doer & {
  action: Action
  /** Ten digits; null: about no village. */
  village?: string | null
  /** Fills the action's sentence. No PIN, no secret. */
  data?: Record<string, string | number>
}

/** Adds a row, by the client whose transaction does what it tells of: both are there, or neither. */
export async function audit(client: Client, { account, actor, action, village = null, data = {} }: Row): Promise<void> {
  await client.query('INSERT INTO audit (account, actor, action, village, data) VALUES ($1, $2, $3, $4, $5)', [
    account,
    actor,
    action,
    village,
    JSON.stringify(data),
  ])
}
