import type { Base } from '../base/rooms/base.ts'
import { createBundles, raucInfo, readCompatible } from './bundles.ts'
import { type Machine, readSystem } from './machine.ts'
import { ownFolder, stateFolder as systemsFolder } from './request-files.ts'
import { updateRoutes } from './routes.ts'
import { createUpdates } from './updates.ts'

type Given = { stickFolder: string; machine: Partial<Machine> | undefined; backUp: () => Promise<unknown> }

/** The system of the machine, where it was written as an image. */
export function openUpdates(base: Base, { stickFolder, machine = {}, backUp }: Given) {
  const { data, app, live, onClose } = base
  const { readInfo = raucInfo(), compatible = readCompatible, stateFolder = systemsFolder } = machine
  const updates = createUpdates({
    ...base,
    ...{ stickFolder, stateFolder, backUp },
    system: machine.system === undefined ? readSystem() : machine.system,
    bundles: createBundles([stickFolder, ownFolder(data)], compatible, readInfo),
    onChange: () => live.changed(['technician']),
  })
  onClose(updates.stop)
  updateRoutes(app, updates)
  return updates
}
