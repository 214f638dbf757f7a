import { readFileSync } from 'node:fs'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { newSession } from '../ids.ts'
import type { LinkTrouble } from './sender-state.ts'

/** How to reach the broker. Files hold what is secret. */
export type BrokerSettings = {
  url: string
  clientId: string
  username?: string
  password?: string
  caFile?: string
  certFile?: string
  keyFile?: string
  keepaliveS?: number
  /** What a thin line may carry of the journal; live state always goes. */
  bytesPerHour?: number
}

export type LinkEvents = {
  connected(session: string): void
  closed(trouble: LinkTrouble, error: Error | null): void
  message(topic: string, payload: Buffer, retained: boolean): void
}

export type Link = ReturnType<typeof createLink>

/**
 * MQTT as a pipe (SYNC-003): MQTT 3.1.1, clean session, no reconnecting of its own, no queue. One client per
 * connection; each has a new session id, which stands in its last will.
 */
export function createLink(
  settings: BrokerSettings,
  filters: readonly { topic: string; qos: 0 | 1 }[],
  will: (session: string) => { topic: string; payload: Buffer },
  events: LinkEvents,
) {
  let client: MqttClient | null = null

  function connect(): void {
    const session = newSession()
    const opened = mqtt.connect(settings.url, optionsOf(settings, will(session)))
    client = opened
    let failure: { trouble: LinkTrouble; error: Error } | null = null
    const fail = (trouble: LinkTrouble, error: Error) => {
      failure ??= { trouble, error }
      opened.end(true)
    }
    opened.on('connect', () => {
      opened.subscribe(
        [...filters].map(({ topic }) => topic),
        { qos: 1 },
        (error, granted) => {
          if (client !== opened) return
          const refused = granted?.find(({ qos }) => qos === 128)
          if (error || refused)
            return fail('subscribe-refused', error ?? new Error(`The broker refuses ${refused?.topic}.`))
          events.connected(session)
        },
      )
    })
    opened.on('message', (topic, payload, packet) => events.message(topic, payload, packet.retain))
    opened.on('error', (error) => fail(isRefusal(error) ? 'connect-refused' : 'offline', error))
    opened.on('close', () => {
      if (client !== opened) return
      client = null
      opened.end(true)
      events.closed(failure?.trouble ?? 'offline', failure?.error ?? null)
    })
  }

  return {
    connect,
    /** Sends without waiting: a PUBACK proves nothing but that the broker has it. */
    publish(topic: string, payload: Buffer, { qos = 1, retain = false }: { qos?: 0 | 1; retain?: boolean } = {}): void {
      client?.publish(topic, payload, { qos, retain }, () => {})
    },
    /** Drops the connection as a cut would; `closed` follows. */
    drop: () => client?.stream.destroy(),
    /** Ends politely (no last will) and for good. */
    async close(): Promise<void> {
      const closing = client
      client = null
      await closing?.endAsync(!closing.connected)
    },
  }
}

function optionsOf(settings: BrokerSettings, will: { topic: string; payload: Buffer }): IClientOptions {
  const { clientId, username, password, caFile, certFile, keyFile, keepaliveS } = settings
  return {
    protocolVersion: 4,
    clientId,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: 20_000,
    keepalive: keepaliveS ?? 30,
    queueQoSZero: false,
    will: { ...will, qos: 1, retain: true },
    ...(username === undefined ? {} : { username, password }),
    ...(caFile ? { ca: readFileSync(caFile) } : {}),
    ...(certFile ? { cert: readFileSync(certFile) } : {}),
    ...(keyFile ? { key: readFileSync(keyFile) } : {}),
  }
}

/** CONNACK codes 1 to 5, and a TLS handshake that one side will not finish: somebody has to mend this. */
function isRefusal(error: Error & { code?: unknown }): boolean {
  if (typeof error.code === 'number') return error.code >= 1 && error.code <= 5
  return (
    typeof error.code === 'string' &&
    /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_VERIFY|SELF_SIGNED|DEPTH_ZERO)/.test(error.code)
  )
}
