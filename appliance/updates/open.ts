import { mostPayload } from '../base/broker/broker-settings.ts'
import type { Base } from '../base/rooms/base.ts'
import { version } from '../base/version.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { limits } from '../wire/messages.ts'
import { createBundles, raucInfo, readCompatible } from './bundles.ts'
import { createDownload } from './download.ts'
import { type Machine, readSystem } from './machine.ts'
import { ownFolder, stateFolder as systemsFolder } from './request-files.ts'
import { updateRoutes } from './routes.ts'
import { createUpdates, type Line, type Offered } from './updates.ts'

type Given = {
  stickFolder: string
  machine: Partial<Machine> | undefined
  mqtt: { max_packet_kb?: number | undefined; budget_kb_per_hour?: number | undefined } | null
  backUp: () => Promise<unknown>
  fetch: () => void
  line: () => Line
}

/** The system of the machine, where it was written as an image. */
export function openUpdates(
  base: Base,
  { datasets }: { datasets: Datasets },
  { stickFolder, machine = {}, mqtt, backUp, fetch, line: ownLine }: Given,
) {
  const { data, app, clock, live, onClose } = base
  const {
    readInfo = raucInfo(),
    compatible = readCompatible,
    stateFolder = systemsFolder,
    program = version,
    line = ownLine,
  } = machine
  const onChange = () => live.changed(['technician'])
  const offered = (): Offered | null | undefined => {
    const newest = datasets.offered('system')
    const release = newest && datasets.version('system') === newest ? datasets.read('system') : null
    return release && newest ? { ...release, release: newest } : newest === undefined ? undefined : null
  }
  const download = createDownload({
    ...base,
    ...{ folder: ownFolder(data), monotonicMs: clock.monotonicMs, onChange },
    mostBytes: mostPayload(mqtt?.max_packet_kb) ?? limits.chunkWireBytes,
    bytesPerHour: mqtt?.budget_kb_per_hour ? mqtt.budget_kb_per_hour * 1_000 : null,
    onWhole: () => setImmediate(() => updates.look()),
  })
  const updates = createUpdates({
    ...base,
    ...{ stickFolder, stateFolder, program, backUp, fetch, line, compatible, download, offered, onChange },
    system: machine.system === undefined ? readSystem() : machine.system,
    bundles: createBundles([stickFolder, ownFolder(data)], compatible, readInfo),
  })
  onClose(updates.stop)
  updateRoutes(app, updates)
  return updates
}
