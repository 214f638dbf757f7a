import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { closed, nullable } from '../base/schemas.ts'
import { readShared } from '../base/store/shared-file.ts'
import { SystemVersion } from '../wire/releases.ts'

/*
 * Box and system meet in files, as they do for the network: the box, which may write to no slot, says what it wants;
 * `balai update apply`, started by systemd as root, does it and says how far it is.
 */

export const UpdateRequest = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' }),
    /** The bundle: on the stick, or in the box's own folder. */
    file: Type.String({ pattern: '^/.{1,400}\\.raucb$' }),
    version: SystemVersion,
  },
  closed,
)
export type UpdateRequest = Static<typeof UpdateRequest>

export const Slot = Type.Union([Type.Literal('A'), Type.Literal('B')])
export type Slot = Static<typeof Slot>

export const UpdateState = Type.Object(
  {
    id: Type.String(),
    step: Type.Union([
      Type.Literal('installing'),
      Type.Literal('installed', { description: 'The machine starts again, with what is new' }),
      Type.Literal('failed'),
    ]),
    /** The slot that ran, and the machine's start that it ran since. */
    slot: Slot,
    start: Type.String(),
    /** In the words of the installer. */
    reason: nullable(Type.String()),
  },
  closed,
)
export type UpdateState = Static<typeof UpdateState>

/** Where the system's side says how far it is; it is there on a box that was written as an image. */
export const stateFolder = '/var/lib/balai-update'
/** Where bundles lie that came by the line, below the box's data. */
export const ownFolder = (data: string): string => join(data, 'updates')

export const stateFile = (folder: string): string => join(folder, 'state.json')
/** By which start of the machine what runs has proved itself; written by `confirm-slot` of the image. */
export const confirmedFile = (folder: string): string => join(folder, 'confirmed')
export const requestFile = (data: string): string => join(ownFolder(data), 'request.json')

const request = compileLater(UpdateRequest)
const state = compileLater(UpdateState)

export const readRequest = (data: string): UpdateRequest | null => readShared(requestFile(data), request)
export const readState = (folder: string): UpdateState | null => readShared(stateFile(folder), state)

/** Null where nothing has proved itself yet. */
export function readConfirmed(folder: string): string | null {
  try {
    return readFileSync(confirmedFile(folder), 'utf8').trim()
  } catch {
    return null
  }
}

/** Whether a request may name this file: nothing else is handed to root's installer. */
export const isBundlePlace = (file: string, data: string, stick: string): boolean =>
  [ownFolder(data), stick].includes(dirname(file))
