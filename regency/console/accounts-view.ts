import { type Static, Type } from 'typebox'

export const Role = Type.Union([Type.Literal('reader'), Type.Literal('operator'), Type.Literal('administrator')])
export type Role = Static<typeof Role>

export const AccountsView = Type.Object({
  accounts: Type.Array(
    Type.Object({ account: Type.String(), name: Type.String(), role: Role, secondFactor: Type.Boolean() }),
  ),
})
export type AccountsView = Static<typeof AccountsView>
