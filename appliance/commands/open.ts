import { type Configured, configuredBrokers } from '../base/broker/broker-settings.ts'
import type { Base } from '../base/rooms/base.ts'
import { createCommands, type Deeds } from './commands.ts'
import { commandRoutes } from './routes.ts'

/** `wipe_key`: by which it orders that a box erases itself; `hub_key`: Ed25519 key by which the regency signs; without it nothing of it is believed. */
export function openCommands(
  base: Base,
  {
    hub_key: hubKey = null,
    wipe_key: wipeKey = null,
    mqtt,
    box,
  }: { hub_key?: string | null; wipe_key?: string | null; mqtt: Configured | null; box: string },
  deeds: Deeds,
) {
  const { store, journal, clock, log, app, onClose } = base
  const commands = createCommands({
    store,
    journal,
    clock,
    log,
    hubKey,
    wipeKey,
    box,
    configured: mqtt ? configuredBrokers(mqtt) : [],
    deeds,
  })
  onClose(commands.stop)
  commandRoutes(app, commands)
  return commands
}
