import type { Base } from '../base/rooms/base.ts'
import type { NetworkSettings } from '../wire/network-settings.ts'
import { publishAlias } from './mdns-alias.ts'
import { createNetwork } from './network.ts'
import { stateFolder } from './request-files.ts'
import { networkRoutes } from './routes.ts'

type Given = {
  /** What the enrolment file says of the office's network. */
  settings: NetworkSettings | null
  /** Where systemd's side says how a change goes; a test's folder. */
  folder: string | undefined
  /** The box's own name on the office's network, and its address there. */
  alias: { name: string; address: () => string }
}

/** How the machine is connected, and changing it. */
export function openNetwork(
  { data, alarms, log, app, onClose }: Base,
  { settings, folder = stateFolder, alias }: Given,
) {
  const network = createNetwork({ data, stateFolder: folder, alarms, log })
  if (settings) network.begin(settings)
  networkRoutes(app, network)
  onClose(publishAlias({ ...alias, log }).stop)
  return network
}
