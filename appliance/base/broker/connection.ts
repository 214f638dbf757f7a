import { createHttpsConnection } from './https-connection.ts'
import { type BrokerSettings, createMqttConnection, type Link, type LinkEvents, type Will } from './mqtt-connection.ts'

/**
 * The line to the regency by whatever road an address names: `mqtts:` and `mqtt:` by MQTT, `https:` by HTTPS. One road at
 * a time; what the other still says of its end says nothing any more.
 */
export function createConnection(
  settings: BrokerSettings,
  filters: readonly { topic: string; qos: 0 | 1 }[],
  will: (session: string) => Will,
  events: LinkEvents,
): Link {
  const over = (road: () => Link): LinkEvents => ({
    connected: (session) => current === road() && events.connected(session),
    closed: (trouble, error) => current === road() && events.closed(trouble, error),
    message: (topic, payload, retained) => current === road() && events.message(topic, payload, retained),
  })
  const mqtt: Link = createMqttConnection(
    settings,
    filters,
    will,
    over(() => mqtt),
  )
  const https: Link = createHttpsConnection(
    settings,
    will,
    over(() => https),
  )
  let current = mqtt
  return {
    connect(url) {
      const next = url.startsWith('https:') ? https : mqtt
      const before = current
      current = next
      if (before !== next) before.drop()
      current.connect(url)
    },
    publish: (topic, payload, how) => current.publish(topic, payload, how),
    publishSurely: (topic, payload, withinMs) => current.publishSurely(topic, payload, withinMs),
    drop: () => current.drop(),
    close: async () => void (await Promise.all([mqtt.close(), https.close()])),
  }
}
