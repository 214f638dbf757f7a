import { Type } from 'typebox'

/* Who works here. Staff names may stand in clear; a PIN or its hash never stands in an entry. */

const Id = Type.String({ minLength: 12, maxLength: 12 })
const Name = Type.String({ minLength: 1, maxLength: 60 })

export const roles = ['clerk', 'secretary', 'head', 'technician'] as const
export type Role = (typeof roles)[number]
export const RoleSchema = Type.Union([
  Type.Literal('clerk'),
  Type.Literal('secretary'),
  Type.Literal('head'),
  Type.Literal('technician'),
])

const closedType = <T extends Parameters<typeof Type.Object>[0]>(members: T) =>
  Type.Object(members, { additionalProperties: false })

export const peopleEvents = {
  'people.account-added': closedType({ account: Id, name: Name, role: RoleSchema }),
  'people.account-changed': closedType({ account: Id, name: Name, role: RoleSchema }),
  'people.account-closed': closedType({ account: Id }),
  'people.account-opened': closedType({ account: Id }),
  'people.pin-changed': closedType({ account: Id }),
  'people.logged-in': closedType({
    account: Id,
    device: Type.String({ maxLength: 60, description: 'Address of the device on the LAN' }),
  }),
  'people.locked-out': closedType({ account: Id, device: Type.String({ maxLength: 60 }), seconds: Type.Integer() }),
  'people.unlocked': closedType({ account: Id }),
} as const

/** Accounts are a register; what a later name or role is, the box knows better by now. */
export const peopleLate = {
  'people.account-added': 'record',
  'people.account-changed': 'ignore',
  'people.account-closed': 'record',
  'people.account-opened': 'ignore',
  'people.pin-changed': 'ignore',
  'people.logged-in': 'ignore',
  'people.locked-out': 'ignore',
  'people.unlocked': 'ignore',
} as const
