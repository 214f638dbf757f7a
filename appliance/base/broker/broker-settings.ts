import { readFileSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import type { BrokerSettings } from './mqtt-connection.ts'

/** `[mqtt]` of balai.toml. */
export type Configured = {
  url: string
  username?: string | undefined
  password?: string | undefined
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
  keepalive_s: number
  budget_kb_per_hour?: number | undefined
}

/** How this box reaches the broker: by its enrolled certificates (`ofMember`), or by what balai.toml names. */
export function brokerSettings(
  village: string,
  { url, username, password, ca, cert, key, keepalive_s, budget_kb_per_hour: budget }: Configured,
  clock: Clock,
  ofMember: BrokerSettings['credentials'] | undefined,
): BrokerSettings {
  const read = (path: string | undefined) => (path ? readFileSync(path, 'utf8') : undefined)
  return {
    url,
    clientId: village,
    keepaliveS: keepalive_s,
    ...(budget ? { bytesPerHour: budget * 1_000 } : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    credentials: ofMember ?? (() => ({ ca: read(ca), cert: read(cert), key: read(key) })),
    time: clock.belief,
  }
}
