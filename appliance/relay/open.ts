import { brokerSettings, type Configured } from '../base/broker/broker-settings.ts'
import type { Identity } from '../base/broker/identity.ts'
import type { BrokerSettings } from '../base/broker/mqtt-connection.ts'
import type { Base } from '../base/rooms/base.ts'
import { version } from '../base/version.ts'
import type { Command } from '../wire/messages.ts'
import type { PartOpener } from '../wire/private-parts.ts'
import type { DatasetFetcher, FileFetcher } from './downlink.ts'
import type { FileSource } from './file-uplink.ts'
import { type CertificateKeeper, createRelay, type HealthFacts } from './relay.ts'

type Given = {
  /** `[mqtt]` of balai.toml, with the broker's address; null: there is no broker. */
  mqtt: Configured | null
  identity: Identity
  /** Ed25519 key by which the regency signs history; without it none is taken. */
  hub_key?: string
}

/** Null where balai.toml names the certificate, or there is none. */
type Certificates = { keeper: CertificateKeeper; credentials: BrokerSettings['credentials'] } | null

type Hooks = {
  health: () => HealthFacts
  onChange: () => void
  onTime: () => void
  onCommand: (command: Command) => void
  opener: () => Promise<PartOpener | null>
  /** Addresses of brokers, the preferred one first. */
  brokers: () => readonly string[]
}

/** What goes to the regency, and what comes from there. It stands still until `start`. */
export function openRelay(
  base: Base,
  { datasets, files, uploads }: { datasets: DatasetFetcher; files: FileFetcher; uploads: FileSource },
  { mqtt, identity, hub_key: hubKey }: Given,
  certificates: Certificates,
  { brokers, ...hooks }: Hooks,
) {
  const { store, journal, clock, alarms, log, onClose } = base
  const broker = mqtt && brokerSettings(journal.village, brokers, mqtt, clock, certificates?.credentials)
  const relay = createRelay(broker, {
    ...{ store, journal, clock, alarms, log, version, identity, datasets, files, uploads, ...hooks },
    hubKey: hubKey ?? null,
    certificates: certificates?.keeper ?? null,
  })
  onClose(relay.stop)
  return relay
}
