import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rabbitmqPolicies } from '../provisioning/fleet/other-brokers.ts'
import { until } from './hub-parts.ts'
import { freePort, makeFolder, reach, startServer } from './servers.ts'
import { untilBrokerTakes } from './until-broker-takes.ts'

const programs = process.env.BALAI_RABBITMQ_BIN ?? '/usr/lib/rabbitmq/bin'

/**
 * RabbitMQ with its MQTT plugin on loopback, a node for each port, several being one cluster, with the list of names (epmd)
 * that Erlang needs. For tests and benchmarks only. `config`: rabbitmq.conf of the node that serves MQTT at `port`.
 */
export async function startRabbitmq({ ports, config }: { ports: number[]; config: (port: number) => string }) {
  const [names, cookie] = [await freePort(), randomBytes(16).toString('hex')]
  const erlang = { ERL_EPMD_PORT: String(names), ERL_EPMD_ADDRESS: '127.0.0.1' }
  const epmd = await startServer({
    ...{ command: '/usr/bin/epmd', args: ['-address', '127.0.0.1', '-port', String(names)] },
    ...{ folder: makeFolder('balai-epmd-', {}), user: {}, stopSignal: 'SIGKILL', isReady: () => reach(names) },
  })
  const nodeName = (index: number) => `balai-${index + 1}@localhost`
  const members = ports.map((_, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${nodeName(index)}`)
  const cluster = ports.length > 1 ? ['cluster_formation.peer_discovery_backend = classic_config', ...members] : []
  const nodes: (Awaited<ReturnType<typeof startServer>> & { url: string })[] = []
  // One after the other: what starts at the same time does not always find the other.
  for (const [index, port] of ports.entries()) {
    const folder = makeFolder('balai-rabbitmq-', {})
    writeFileSync(join(folder, '.erlang.cookie'), cookie, { mode: 0o400 })
    writeFileSync(join(folder, 'rabbitmq.conf'), [...cluster, config(port), ''].join('\n'))
    writeFileSync(join(folder, 'plugins'), '[rabbitmq_mqtt].\n')
    const server = await startServer({
      ...{ command: join(programs, 'rabbitmq-server'), args: [], folder, user: {}, stopSignal: 'SIGTERM' },
      env: {
        ...{ ...erlang, HOME: folder, RABBITMQ_NODENAME: nodeName(index) },
        RABBITMQ_DIST_PORT: String(await freePort()),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
        ...{ RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'), RABBITMQ_LOG_BASE: join(folder, 'logs') },
        ...{ RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'), RABBITMQ_CONF_ENV_FILE: join(folder, 'none') },
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
        // The server is the child then, and not the child of a shell: it is what `kill` kills.
        RUNNING_UNDER_SYSTEMD: 'true',
      },
      // A node that comes back waits for the others of its cluster.
      isReady: () => Promise.resolve(),
    })
    nodes.push({ ...server, url: `mqtt://127.0.0.1:${port}` })
    await until(() => isReached(port), 60_000)
  }
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    /** rabbitmqctl at the first node. */
    async control(...args: string[]): Promise<string> {
      const env = { ...process.env, ...erlang, HOME: nodes[0]?.folder }
      const words = ['--node', nodeName(0), ...args]
      return (await promisify(execFile)(join(programs, 'rabbitmqctl'), words, { env })).stdout
    },
    async stop(): Promise<void> {
      await Promise.all(nodes.map(({ stop }) => stop()))
      await epmd.stop()
    },
  }
}

const isReached = (port: number): Promise<boolean> =>
  reach(port).then(
    () => true,
    () => false,
  )

/** Two nodes that let in whoever comes, and hold each other's sessions as the file of `balai fleet broker rabbitmq` has it. */
export async function startRabbitmqCluster() {
  const folder = makeFolder('balai-rabbitmq-definitions-', {})
  const guest = { name: 'guest', password: 'guest', tags: [] }
  const all = { configure: '.*', write: '.*', read: '.*' }
  writeFileSync(
    join(folder, 'definitions.json'),
    JSON.stringify({
      vhosts: [{ name: '/' }],
      users: [guest],
      permissions: [{ user: 'guest', vhost: '/', ...all }],
      policies: rabbitmqPolicies,
    }),
  )
  const config = (port: number) =>
    [
      'listeners.tcp = none',
      `mqtt.listeners.tcp.default = 127.0.0.1:${port}`,
      `load_definitions = ${folder}/definitions.json`,
    ].join('\n')
  const cluster = await startRabbitmq({ ports: [await freePort(), await freePort()], config })
  try {
    for (const { url } of cluster.nodes) await untilBrokerTakes(url)
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return {
    ...cluster,
    async stop(): Promise<void> {
      await cluster.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
