import { type LinkParts, type LinkState, startBrokerLink } from './broker-link.ts'

/**
 * The hub at all its brokers at once. It speaks to all of them: a box is at one, and may just now be trying another; what
 * nobody hears costs little. Nodes of one cluster are one broker: its client id counts once there.
 */
export function startBrokerLinks({ mqtt, ...parts }: Omit<LinkParts, 'urls'>) {
  const urls = [...new Set([mqtt.url, ...(mqtt.other_urls ?? [])])]
  const links = (mqtt.cluster ? [urls] : urls.map((url) => [url])).map((nodes) =>
    startBrokerLink({ ...parts, mqtt, urls: nodes, log: parts.log.child({ broker: nodes.join(' ') }) }),
  )
  return {
    /** `connected` where all are. */
    state: (): LinkState => links.map((link) => link.state()).find((state) => state !== 'connected') ?? 'connected',
    publish(topic: string, payload: Buffer | string): void {
      for (const link of links) link.publish(topic, payload)
    },
    stop: async (): Promise<void> => void (await Promise.all(links.map((link) => link.stop()))),
  }
}
