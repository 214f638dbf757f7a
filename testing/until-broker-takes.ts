import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'

/** Until a client is let in and what it says is taken: a cluster has a leader then. */
export async function untilBrokerTakes(url: string): Promise<void> {
  const end = performance.now() + 90_000
  for (;;) {
    try {
      const settings = { connectTimeout: 5_000, reconnectPeriod: 0, protocolVersion: 4, clientId: 'probe' } as const
      const client = await connectAsync(url, settings, false)
      await client.subscribeAsync('probe', { qos: 1 })
      await client.publishAsync('probe', 'x', { qos: 1 })
      return await client.endAsync(true)
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(300)
    }
  }
}
