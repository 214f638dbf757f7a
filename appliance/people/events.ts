import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id, Name } from '../base/schemas.ts'
import { staff } from '../base/web/callers.ts'

/* Who works here. Staff names may stand in clear; a PIN or its hash never stands in an entry. */

export const roles = staff
export type Role = (typeof staff)[number]
export const RoleSchema = Type.Union([
  Type.Literal('clerk'),
  Type.Literal('secretary'),
  Type.Literal('head'),
  Type.Literal('technician'),
])

/** Accounts are a register; what a later name or role is, the box knows better by now. */
export const peopleEvents = {
  'people.account-added': event('record', closedType({ account: Id, name: Name, role: RoleSchema })),
  'people.account-changed': event('ignore', closedType({ account: Id, name: Name, role: RoleSchema })),
  'people.account-closed': event('record', closedType({ account: Id })),
  'people.account-opened': event('ignore', closedType({ account: Id })),
  'people.pin-changed': event('ignore', closedType({ account: Id })),
  'people.logged-in': event(
    'ignore',
    closedType({
      account: Id,
      device: Type.String({ maxLength: 60, description: 'Address of the device on the LAN' }),
    }),
  ),
  'people.locked-out': event(
    'ignore',
    closedType({ account: Id, device: Type.String({ maxLength: 60 }), seconds: Type.Integer() }),
  ),
  'people.unlocked': event('ignore', closedType({ account: Id })),
} as const
