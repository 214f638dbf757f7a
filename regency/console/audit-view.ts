import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'

export const AuditRow = Type.Object({
  id: Type.Integer(),
  at: Type.Integer({ description: 'Ms since 1970 UTC' }),
  account: nullable(Type.String()),
  actor: Type.String(),
  action: Type.String({ description: 'Its sentence: hub.did-<action>, filled from data' }),
  village: nullable(Type.String()),
  name: nullable(Type.String({ description: 'Of the village today' })),
  data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})
export type AuditRow = Static<typeof AuditRow>

export const AuditView = Type.Object({
  rows: Type.Array(AuditRow, { description: 'The newest first' }),
  before: nullable(Type.Integer({ description: 'Where the next page begins; null: there is none' })),
  actions: Type.Array(Type.String(), { description: 'All that there are' }),
})
export type AuditView = Static<typeof AuditView>
