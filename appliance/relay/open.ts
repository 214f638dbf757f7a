import type { Identity } from '../base/broker/identity.ts'
import type { BrokerSettings } from '../base/broker/mqtt-connection.ts'
import type { Base } from '../base/rooms/base.ts'
import { version } from '../base/version.ts'
import { type CertificateKeeper, createRelay, type HealthFacts } from './relay.ts'

type Given = {
  /** How the broker is reached; null: there is none. */
  broker: BrokerSettings | null
  identity: Identity
  /** Ed25519 key by which the regency signs history; null: none is taken. */
  hubKey: string | null
  /** Null where balai.toml names the certificate, or there is none. */
  certificates: CertificateKeeper | null
}

type Hooks = { health: () => HealthFacts; onChange: () => void }

/** What goes to the regency. It stands still until `start`. */
export function openRelay(base: Base, { broker, ...given }: Given, hooks: Hooks) {
  const { store, journal, clock, alarms, log, onClose } = base
  const relay = createRelay(broker, { store, journal, clock, alarms, log, version, ...given, ...hooks })
  onClose(relay.stop)
  return relay
}
