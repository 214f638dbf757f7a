import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { closed } from '../base/schemas.ts'
import { readShared } from '../base/store/shared-file.ts'
import { NetworkSettings } from '../wire/network-settings.ts'

/*
 * Box and system meet in files: the box, which may change nothing of the machine, writes what it asks for; `balai
 * network apply`, started by systemd as root, does it and writes how far it is. Neither writes where the other does.
 */

export const NetworkRequest = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' }),
    /** Back to what was before, unless somebody says within so many seconds that it works; 0: at once for good. */
    confirmWithinS: Type.Integer({ minimum: 0, maximum: 600 }),
    settings: NetworkSettings,
  },
  closed,
)
export type NetworkRequest = Static<typeof NetworkRequest>

export const NetworkState = Type.Object(
  {
    id: Type.String(),
    outcome: Type.Union([
      Type.Literal('trying', { description: 'It is so now, and nobody has said yet that it works' }),
      Type.Literal('kept'),
      Type.Literal('reverted', { description: 'Nobody said that it works: all is as it was before' }),
    ]),
    /** When it falls back, ms since 1970 UTC by the machine’s clock. */
    until: Type.Integer(),
  },
  closed,
)
export type NetworkState = Static<typeof NetworkState>

/** Where systemd’s side says how far it is; it is there where `install.sh` has set that up. */
export const stateFolder = '/run/balai-network'

export const stateFile = (folder: string): string => join(folder, 'state.json')
export const requestFile = (data: string): string => join(data, 'network', 'request.json')
export const confirmationFile = (data: string): string => join(data, 'network', 'confirmed')

const request = compileLater(NetworkRequest)
const state = compileLater(NetworkState)

export const readRequest = (data: string): NetworkRequest | null => readShared(requestFile(data), request)
export const readState = (folder: string): NetworkState | null => readShared(stateFile(folder), state)

export const readConfirmation = (data: string): string | null =>
  existsSync(confirmationFile(data)) ? readFileSync(confirmationFile(data), 'utf8').trim() : null
