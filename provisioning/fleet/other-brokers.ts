import { type AccessRule, claimAccess, hubAccess, villageAccess } from '../../appliance/wire/access.ts'
import { claimOf, districtOf } from '../../appliance/wire/topics.ts'
import type { Fleet } from './fleet.ts'
import type { Register } from './register.ts'
import { hubNames } from './settings.ts'

/*
 * Examples for regencies that run another broker than Mosquitto, from the same list of who may do what. NATS and RabbitMQ
 * are tried by tests with Debian's nats-server 2.9 and rabbitmq-server 3.10; EMQX could not be had there and is untested.
 */

export const otherBrokers = ['nats', 'rabbitmq', 'rabbitmq-definitions', 'emqx'] as const
export type OtherBroker = (typeof otherBrokers)[number]

export function writeBroker(broker: OtherBroker, fleet: Fleet, register: Register): string {
  switch (broker) {
    case 'nats':
      return writeNats(fleet, register)
    case 'rabbitmq':
      return writeRabbitmq(fleet)
    case 'rabbitmq-definitions':
      return writeRabbitmqDefinitions(fleet, register)
    case 'emqx':
      return writeEmqx(fleet)
  }
}

type Client = { user: string; rules: readonly AccessRule[] }

/** For brokers that know no patterns and no revocation lists: each hub, and each village that holds what is not taken back. */
const namedClients = ({ settings }: Fleet, { villages }: Register): Client[] => [
  ...hubNames(settings).map((user) => ({ user, rules: hubAccess() })),
  ...Object.entries(villages)
    .filter(([, { claims, certificates }]) =>
      [...claims, ...certificates].some(({ revokedAt }) => revokedAt === undefined),
    )
    .flatMap(([village]) => [
      { user: village, rules: inDistrict(villageAccess(village), village) },
      { user: claimOf(village), rules: claimAccess(claimOf(village)) },
    ]),
]

/** A village’s topics name its district; a pattern would let it write below another one. */
const inDistrict = (rules: readonly AccessRule[], village: string): AccessRule[] =>
  rules.map((rule) => ({ ...rule, topic: rule.topic.replace('/+/', `/${districtOf(village)}/`) }))

const topicsFor = (rules: readonly AccessRule[], may: 'read' | 'write'): string[] =>
  rules.filter((rule) => rule.may === may || rule.may === 'readwrite').map(({ topic }) => topic)

/**
 * NATS with JetStream, whose users are the names in the certificates. It has no patterns and no revocation lists: each
 * village is named, one that was taken back is left out, and the file is made anew after each `issue` and `revoke`. One
 * port serves claims and boxes alike (`enrol_port` is `broker_port`).
 */
function writeNats(fleet: Fleet, register: Register): string {
  const { broker_port, broker_folder } = fleet.settings
  const users = namedClients(fleet, register).map(({ user, rules }) => {
    const subjects = (may: 'read' | 'write') => topicsFor(rules, may).map(natsSubject)
    const permissions = { publish: subjects('write'), subscribe: [...subjects('read'), natsDelivery] }
    return `    { user: "CN=${user}", permissions: ${JSON.stringify(permissions)} }`
  })
  return `# Made by balai fleet broker nats. Make it anew after issue and revoke, then: nats-server --signal reload
# A village's messages are its own. But NATS lets whoever is let in take any client id, so that one village could cut
# another's session (Mosquitto takes the id from the certificate); and 2.9 cannot be told to refuse TLS 1.2.
# One server. In a cluster of three 2.9 lets nobody new subscribe while one is down: boxes wait, and nothing is lost.
# hub.toml then has cluster = true beside other_urls: a client id counts once in a cluster.
listen: "127.0.0.1:4222"
server_name: balai
max_payload: 2MB
jetstream { store_dir: "${broker_folder}/jetstream" }
mqtt {
  port: ${broker_port}
  tls {
    cert_file: "${broker_folder}/broker.pem"
    key_file: "${broker_folder}/broker.key"
    # cat ca.pem claim-ca.pem > all-ca.pem
    ca_file: "${broker_folder}/all-ca.pem"
    verify_and_map: true
  }
}
authorization {
  users: [
${users.join('\n')}
  ]
}
`
}

/** What NATS uses itself to deliver at QoS 1; it lets no MQTT client subscribe to another's. */
const natsDelivery = '$MQTT.sub.>'

const natsSubject = (topic: string): string => topic.replaceAll('/', '.').replaceAll('+', '*')

/** RabbitMQ 3.10 and its MQTT plugin: rabbitmq.conf. Who may do what stands in definitions.json, which it names. */
function writeRabbitmq({ settings }: Fleet): string {
  const { broker_port, broker_folder } = settings
  return `# Made by balai fleet broker rabbitmq: /etc/rabbitmq/rabbitmq.conf, with [rabbitmq_mqtt]. in /etc/rabbitmq/enabled_plugins.
# Who may do what: balai fleet broker rabbitmq-definitions > ${broker_folder}/definitions.json
# after each issue and revoke; then rabbitmqctl import_definitions ${broker_folder}/definitions.json
# and, for what was taken back: rabbitmqctl delete_user VILLAGE, rabbitmqctl delete_user enrol-VILLAGE (ends its session).
# What it cannot hold: whoever is let in may take any client id, so that one village could cut another's session (it hears
# nothing by that); it reads no revocation lists, so that a certificate of a box that was swapped is let in as its village
# until it ends (the hub takes nothing that it signs, but believes its presence and health); and what is retained does not
# come to a hub that connects later, to which a village that has gone is silent since its last sign of life.
# A cluster: the same file on each node, with cluster_formation.* beside it, one node started after the other. hub.toml
# then has cluster = true beside other_urls: a client id counts once in a cluster.
listeners.tcp = none
mqtt.listeners.tcp = none
mqtt.listeners.ssl.default = ${broker_port}
mqtt.allow_anonymous = false
mqtt.ssl_cert_login = true
ssl_cert_login_from = common_name
ssl_options.certfile = ${broker_folder}/broker.pem
ssl_options.keyfile = ${broker_folder}/broker.key
# cat ca.pem claim-ca.pem > all-ca.pem
ssl_options.cacertfile = ${broker_folder}/all-ca.pem
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
ssl_options.depth = 3
ssl_options.versions.1 = tlsv1.3
max_message_size = 2097152
load_definitions = ${broker_folder}/definitions.json
`
}

/**
 * RabbitMQ’s users without a password (a certificate lets them in), each with its topics and with the queue that is its
 * session; sessions are mirrored, since a client whose session a dead node holds is not let in at another.
 */
function writeRabbitmqDefinitions(fleet: Fleet, register: Register): string {
  const clients = namedClients(fleet, register)
  const vhost = '/'
  const definitions = {
    vhosts: [{ name: vhost }],
    users: clients.map(({ user }) => ({
      ...{ name: user, password_hash: '', hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] },
    })),
    permissions: clients.map(({ user }) => {
      const session = `mqtt-subscription-${user}qos[01]`
      const use = `^(amq\\.topic|${session})$`
      return { user, vhost, configure: `^${session}$`, write: use, read: use }
    }),
    topic_permissions: clients.map(({ user, rules }) => ({
      ...{ user, vhost, exchange: 'amq.topic' },
      ...{ write: rabbitmqTopics(rules, 'write'), read: rabbitmqTopics(rules, 'read') },
    })),
    policies: rabbitmqPolicies,
  }
  return `${JSON.stringify(definitions, null, 1)}\n`
}

/** Sessions on every node of a cluster. */
export const rabbitmqPolicies = [
  {
    ...{ vhost: '/', name: 'sessions', pattern: '^mqtt-subscription-', 'apply-to': 'queues', priority: 0 },
    definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic', 'ha-promote-on-failure': 'always' },
  },
]

/** One pattern for all: of topics, and of filters, in which a hub’s `+` is a `*`. */
const rabbitmqTopics = (rules: readonly AccessRule[], may: 'read' | 'write'): string =>
  `^(${topicsFor(rules, may)
    .map((topic) => topic.replaceAll('/', '\\.').replaceAll('+', '[^.#]+'))
    .join('|')})$`

/** EMQX’s own sign for the name of whoever is connected: a dollar and, in braces, username. */
export const emqxUser = '$\x7busername}'

/** EMQX 5: emqx.conf, and behind a line of its own the file acl.conf that it names. */
function writeEmqx({ settings }: Fleet): string {
  const { broker_port, enrol_port, broker_folder } = settings
  const listener = (name: string, port: number, authority: string) => `listeners.ssl.${name} {
  bind = "0.0.0.0:${port}"
  ssl_options {
    cacertfile = "${broker_folder}/${authority}.pem"
    certfile = "${broker_folder}/broker.pem"
    keyfile = "${broker_folder}/broker.key"
    verify = verify_peer
    fail_if_no_peer_cert = true
    versions = ["tlsv1.3"]
  }
}`
  const rule = (who: string, { may, topic }: AccessRule) =>
    `{allow, ${who}, ${{ read: 'subscribe', write: 'publish', readwrite: 'all' }[may]}, ["${topic}"]}.`
  const rules = [
    ...hubNames(settings).flatMap((hub) => hubAccess().map((one) => rule(`{user, "${hub}"}`, one))),
    ...villageAccess(emqxUser).map((one) => rule('all', one)),
    ...claimAccess(emqxUser).map((one) => rule('{user, {re, "^enrol-"}}', one)),
    '{deny, all}.',
  ]
  return `# Made by balai fleet broker emqx, for EMQX 5. UNTESTED: EMQX could not be had where Balai is built. Try each door
# before you use it, as provisioning/fleet/mosquitto.broker.test.ts does. Revocation: CRL by a URL, or the hub's own list.
mqtt.peer_cert_as_username = cn
mqtt.peer_cert_as_clientid = cn
mqtt.max_packet_size = "2MB"
mqtt.max_mqueue_len = 100000
${listener('default', broker_port, 'ca')}
${listener('enrol', enrol_port, 'claim-ca')}
authorization {
  no_match = deny
  sources = [{ type = file, enable = true, path = "${broker_folder}/acl.conf" }]
}

# ${broker_folder}/acl.conf
${rules.map((line) => `# ${line}`).join('\n')}
`
}
