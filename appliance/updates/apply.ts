import { lstatSync } from 'node:fs'
import { writeShared } from '../base/store/shared-file.ts'
import type { System } from './machine.ts'
import { isBundlePlace, readRequest, readState, stateFile, type UpdateState } from './request-files.ts'

export type Applied = 'installed' | 'failed' | 'nothing-new'

type Options = {
  data: string
  stickFolder: string
  stateFolder: string
  system: System
  /** Signature, machine and each block are checked; then the next start is from the free slot, or with the program alone. Throws why not. */
  install: (file: string) => Promise<void>
  restart: () => Promise<void>
}

/**
 * The system's side, as root: installs the bundle that the box asks for and starts the machine with it. One that a power
 * cut has ended is begun anew; what runs was never touched.
 */
export async function applyUpdate({
  data,
  stickFolder,
  stateFolder,
  system,
  install,
  restart,
}: Options): Promise<Applied> {
  const request = readRequest(data)
  if (!request) return 'nothing-new'
  const { id, file } = request
  const known = readState(stateFolder)
  if (known?.id === id && known.step !== 'installing') return 'nothing-new'
  const { slot, start } = system
  const say = (step: UpdateState['step'], reason: string | null = null) =>
    writeShared(stateFile(stateFolder), JSON.stringify({ id, step, slot, start, reason } satisfies UpdateState), 0o644)
  say('installing')
  try {
    // The box is not root, and whoever has taken it over shall hand root no other file.
    if (!isBundlePlace(file, data, stickFolder) || !lstatSync(file).isFile())
      throw new Error(`${file} is no bundle's place`)
    await install(file)
  } catch (error) {
    say('failed', error instanceof Error ? error.message : String(error))
    return 'failed'
  }
  say('installed')
  await restart()
  return 'installed'
}
