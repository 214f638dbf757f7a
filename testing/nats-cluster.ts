import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, makeFolder, startServer } from './servers.ts'
import { untilBrokerTakes } from './until-broker-takes.ts'

/** Three nats-servers on loopback that are one cluster, with JetStream and their own MQTT listeners. For tests and benchmarks only. */
export async function startNatsCluster() {
  const names = ['n1', 'n2', 'n3']
  const nodes = await Promise.all(
    names.map(async (name) => ({ name, port: await freePort(), route: await freePort(), client: await freePort() })),
  )
  const routes = nodes.map(({ route }) => `"nats-route://127.0.0.1:${route}"`).join(', ')
  const started = await Promise.all(
    nodes.map(async ({ name, port, route, client }) => {
      const folder = makeFolder(`balai-nats-${name}-`, {})
      const file = join(folder, 'nats.conf')
      writeFileSync(
        file,
        `server_name: ${name}
listen: "127.0.0.1:${client}"
max_payload: 2MB
jetstream { store_dir: "${folder}/jetstream", max_memory_store: 64MB, max_file_store: 1GB }
mqtt { listen: "127.0.0.1:${port}", stream_replicas: 3, consumer_replicas: 3 }
cluster { name: balai, listen: "127.0.0.1:${route}", routes: [${routes}] }
`,
      )
      const server = await startServer({
        command: process.env.BALAI_NATS ?? '/usr/sbin/nats-server',
        args: ['-c', file],
        folder,
        user: {},
        stopSignal: 'SIGTERM',
        // Alone it waits for the others: a first node answers when the cluster has a leader.
        isReady: () => Promise.resolve(),
      })
      return { ...server, url: `mqtt://127.0.0.1:${port}` }
    }),
  )
  for (const { url } of started) await untilBrokerTakes(url)
  return {
    nodes: started,
    urls: started.map(({ url }) => url),
    stop: async (): Promise<void> => void (await Promise.all(started.map(({ stop }) => stop()))),
  }
}
