import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt, { type IClientOptions, MqttClient } from 'mqtt'
import { newSession } from '../ids.ts'
import type { TimeBelief } from './chain-verdict.ts'
import { type LinkTrouble, troubleOf } from './link-trouble.ts'
import { type Credentials, openTls } from './tls.ts'

/** How to reach the broker. */
export type BrokerSettings = {
  /** Addresses, the preferred one first; read anew for each connection. */
  brokers: () => readonly string[]
  clientId: string
  username?: string
  password?: string
  /** Read anew for each connection: a certificate that was renewed counts from the next one. */
  credentials: () => Credentials
  /** What is known of the time when a certificate is looked at. */
  time: () => TimeBelief
  keepaliveS?: number
  /** What the broker takes in one message. MQTT 3.1.1 tells it by hanging up only. */
  mostPayloadBytes?: number
  /** What a thin line may carry of the journal; live state always goes. */
  bytesPerHour?: number
}

export type LinkEvents = {
  connected(session: string): void
  closed(trouble: LinkTrouble, error: Error | null): void
  message(topic: string, payload: Buffer, retained: boolean): void
}

/** So long an ending connection has for what is under way. */
const farewellMs = 5_000

/** What the other side says when the line has ended without a word. */
export type Will = { topic: string; payload: Buffer }

/** A line to the regency, by whatever road. */
export type Link = {
  connect(url: string): void
  /** Sends without waiting: a PUBACK proves nothing but that the broker has it. */
  publish(topic: string, payload: Buffer, how?: { qos?: 0 | 1; retain?: boolean }): void
  /** Sends and waits until the broker has it; false when it did not come to that in time. */
  publishSurely(topic: string, payload: Buffer, withinMs: number): Promise<boolean>
  /** Drops the connection as a cut would; `closed` follows. */
  drop(): void
  /** Ends politely (no last will) and for good; a broker that says nothing to what is under way is left in the end. */
  close(): Promise<void>
}

/**
 * MQTT as a pipe (SYNC-003): MQTT 3.1.1, clean session, no reconnecting of its own, no queue. One client per
 * connection; each has a new session id, which stands in its last will.
 */
export function createMqttConnection(
  settings: BrokerSettings,
  filters: readonly { topic: string; qos: 0 | 1 }[],
  will: (session: string) => Will,
  events: LinkEvents,
): Link {
  let client: MqttClient | null = null
  /** The connection that is being opened; another one when it was given up. */
  let attempt = 0

  function connect(url: string): void {
    const mine = ++attempt
    // What was dropped just now says nothing any more.
    client?.end(true)
    client = null
    openClient(url).then(
      (opened) => {
        if (mine === attempt) follow(opened.client, opened.session)
        else opened.client.end(true)
      },
      (error: Error) => {
        if (mine === attempt) events.closed(troubleOf(error), error)
      },
    )
  }

  async function openClient(url: string): Promise<{ client: MqttClient; session: string }> {
    const session = newSession()
    const options = optionsOf(settings, will(session))
    const { protocol, hostname, port } = new URL(url)
    if (protocol !== 'mqtts:') return { client: mqtt.connect(url, options), session }
    const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 8883) }
    const socket = await openTls({ ...address, ...settings.credentials(), time: settings.time() })
    return { client: new MqttClient(() => socket, options), session }
  }

  function follow(opened: MqttClient, session: string): void {
    client = opened
    let failure: { trouble: LinkTrouble; error: Error } | null = null
    const fail = (trouble: LinkTrouble, error: Error) => {
      failure ??= { trouble, error }
      opened.end(true)
    }
    opened.on('connect', () => {
      // A batch's last segment waits for nobody: held back (Nagle), it waits 40 ms for what the other side delays as long.
      if (opened.stream instanceof Socket) opened.stream.setNoDelay()
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
    opened.on('error', (error) => fail(troubleOf(error), error))
    opened.on('close', () => {
      if (client !== opened) return
      client = null
      opened.end(true)
      events.closed(failure?.trouble ?? 'offline', failure?.error ?? null)
    })
  }

  return {
    connect,
    publish(topic, payload, { qos = 1, retain = false } = {}) {
      client?.publish(topic, payload, { qos, retain }, () => {})
    },
    publishSurely(topic, payload, withinMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs, false)
        const end = (error?: unknown) => {
          clearTimeout(timer)
          resolve(!error)
        }
        if (client) client.publish(topic, payload, { qos: 1, retain: true }, end)
        else end('there is no line')
      })
    },
    drop: () => client?.stream.destroy(),
    async close() {
      const closing = client
      attempt++
      client = null
      if (!closing) return
      await Promise.race([closing.endAsync(!closing.connected), sleep(farewellMs, undefined, { ref: false })])
      closing.stream.destroy()
    },
  }
}

function optionsOf(settings: BrokerSettings, will: Will): IClientOptions {
  const { clientId, username, password, keepaliveS } = settings
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
  }
}
