import type { Clock } from '../clock.ts'
import { readTextFile } from '../text-file.ts'
import type { BrokerSettings } from './mqtt-connection.ts'

/** `[mqtt]` of balai.toml. */
export type Configured = {
  url: string
  fallback_urls?: readonly string[] | undefined
  username?: string | undefined
  password?: string | undefined
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
  keepalive_s: number
  max_packet_kb?: number | undefined
  budget_kb_per_hour?: number | undefined
}

/** A packet's header and the longest topic that a box writes to. */
const packetOverheadBytes = 128

/** The largest message that fits into the broker's packet; undefined where it takes any. */
export const mostPayload = (packetKb: number | undefined): number | undefined =>
  packetKb === undefined ? undefined : packetKb * 1_000 - packetOverheadBytes

/** The addresses that balai.toml or the enrolment file names, the preferred one first. */
export const configuredBrokers = ({ url, fallback_urls = [] }: Configured): string[] => [
  ...new Set([url, ...fallback_urls]),
]

/** How this box reaches its brokers: by its enrolled certificates (`ofMember`), or by what balai.toml names. */
export function brokerSettings(
  village: string,
  brokers: BrokerSettings['brokers'],
  { username, password, ca, cert, key, keepalive_s, budget_kb_per_hour: budget, max_packet_kb: packet }: Configured,
  clock: Clock,
  ofMember: BrokerSettings['credentials'] | undefined,
): BrokerSettings {
  const read = (path: string | undefined) => (path ? readTextFile(path) : undefined)
  return {
    brokers,
    clientId: village,
    keepaliveS: keepalive_s,
    ...(packet ? { mostPayloadBytes: mostPayload(packet) } : {}),
    ...(budget ? { bytesPerHour: budget * 1_000 } : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    credentials: ofMember ?? (() => ({ ca: read(ca), cert: read(cert), key: read(key) })),
    time: clock.belief,
  }
}
