import { type Configured, configuredBrokers } from '../base/broker/broker-settings.ts'
import type { Base } from '../base/rooms/base.ts'
import { createCommands, type Deeds } from './commands.ts'
import { commandRoutes } from './routes.ts'

/** `hub_key`: Ed25519 key by which the regency signs; without it nothing of it is believed. */
export function openCommands(
  base: Base,
  { hub_key: hubKey = null, mqtt }: { hub_key?: string | null; mqtt: Configured | null },
  deeds: Deeds,
) {
  const { store, journal, clock, log, app, onClose } = base
  const commands = createCommands({
    store,
    journal,
    clock,
    log,
    hubKey,
    configured: mqtt ? configuredBrokers(mqtt) : [],
    deeds,
  })
  onClose(commands.stop)
  commandRoutes(app, commands)
  return commands
}
