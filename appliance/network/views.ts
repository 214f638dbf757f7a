import { type Static, Type } from 'typebox'
import { NetworkSettings } from '../wire/network-settings.ts'
import { NetworkState } from './request-files.ts'

const Radio = Type.Union([Type.Object({ name: Type.String(), hasPassword: Type.Boolean() }), Type.Null()])

export const NetworkView = Type.Object({
  managed: Type.Boolean({ description: 'Whether this machine’s connections are Balai’s to change' }),
  settings: Type.Object({
    ...Type.Omit(NetworkSettings, ['wifi', 'hotspot']).properties,
    wifi: Radio,
    hotspot: Radio,
  }),
  change: Type.Union([NetworkState, Type.Null()], { description: 'How the newest change went' }),
  asked: Type.Boolean({ description: 'A change waits for the machine to take it up' }),
})
export type NetworkView = Static<typeof NetworkView>
