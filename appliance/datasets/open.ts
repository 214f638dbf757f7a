import { mostPayload } from '../base/broker/broker-settings.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Tx } from '../base/store/store.ts'
import { limits } from '../wire/messages.ts'
import { createDatasets } from './datasets.ts'
import { datasetRoutes } from './routes.ts'

type Given = {
  /** Ed25519 key by which the regency signs; without it nothing of it is believed. */
  hub_key?: string
  mqtt: { max_packet_kb?: number | undefined } | null
}

/** What the regency has sent. Who asks for it over the line is the relay. */
export function openDatasets(
  base: Base,
  { hub_key: hubKey, mqtt }: Given,
  hooks: { onSwitch: (tx: Tx, dataset: string) => void; onHeld: (dataset: string) => void },
) {
  const { store, journal, alarms, log, clock, live, app } = base
  const datasets = createDatasets({
    ...{ store, journal, alarms, log, monotonicMs: clock.monotonicMs, hubKey: hubKey ?? null, ...hooks },
    mostBytes: mostPayload(mqtt?.max_packet_kb) ?? limits.chunkWireBytes,
    onChange: () => live.changed(['admin']),
  })
  datasetRoutes(app, datasets)
  return datasets
}
