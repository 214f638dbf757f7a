import type { Base } from '../base/rooms/base.ts'
import { createNeighbours } from '../base/web/neighbours.ts'
import { createAttachedScreen, type ScreenMachine } from './attached-screen.ts'
import { createDevices } from './devices.ts'
import { deviceRoutes } from './routes.ts'

/** `arpFile`: the kernel's table of network neighbours; a test's own. */
export function openDevices(
  { data, store, journal, clock, app, live }: Base,
  { arpFile, screen }: { arpFile?: string | undefined; screen?: ScreenMachine | undefined },
) {
  const devices = createDevices(store, journal, clock.monotonicMs, createNeighbours(clock.monotonicMs, arpFile))
  deviceRoutes(app, { devices, attached: createAttachedScreen(data, screen), live, now: () => clock.read().at })
  return devices
}
