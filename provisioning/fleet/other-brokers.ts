import { type AccessRule, claimAccess, hubAccess, villageAccess } from '../../appliance/wire/access.ts'
import { claimOf, districtOf } from '../../appliance/wire/topics.ts'
import type { Fleet } from './fleet.ts'
import type { Register } from './register.ts'
import { hubNames } from './settings.ts'

/*
 * Examples for regencies that run another broker than Mosquitto, from the same list of who may do what. NATS is tried by a
 * test with Debian's nats-server 2.9; EMQX could not be had there and is untested.
 */

export const otherBrokers = ['nats', 'emqx'] as const
export type OtherBroker = (typeof otherBrokers)[number]

export const writeBroker = (broker: OtherBroker, fleet: Fleet, register: Register): string =>
  broker === 'nats' ? writeNats(fleet, register) : writeEmqx(fleet)

/**
 * NATS with JetStream, whose users are the names in the certificates. It has no patterns and no revocation lists: each
 * village is named, one that was taken back is left out, and the file is made anew after each `issue` and `revoke`. One
 * port serves claims and boxes alike (`enrol_port` is `broker_port`).
 */
function writeNats({ settings }: Fleet, { villages }: Register): string {
  const { broker_port, broker_folder } = settings
  const holders = Object.entries(villages).filter(([, { claims, certificates }]) =>
    [...claims, ...certificates].some(({ revokedAt }) => revokedAt === undefined),
  )
  const users = [
    ...hubNames(settings).map((hub) => natsUser(hub, hubAccess())),
    ...holders.flatMap(([village]) => [
      natsUser(village, inDistrict(villageAccess(village), village)),
      natsUser(claimOf(village), claimAccess(claimOf(village))),
    ]),
  ]
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

function natsUser(name: string, rules: readonly AccessRule[]): string {
  const subjects = (may: AccessRule['may']) =>
    rules.filter((rule) => rule.may === may || rule.may === 'readwrite').map(({ topic }) => natsSubject(topic))
  const permissions = { publish: subjects('write'), subscribe: [...subjects('read'), natsDelivery] }
  return `    { user: "CN=${name}", permissions: ${JSON.stringify(permissions)} }`
}

const natsSubject = (topic: string): string => topic.replaceAll('/', '.').replaceAll('+', '*')

/** A village’s topics name its district; a pattern would let it write below another one. */
const inDistrict = (rules: readonly AccessRule[], village: string): AccessRule[] =>
  rules.map((rule) => ({ ...rule, topic: rule.topic.replace('/+/', `/${districtOf(village)}/`) }))

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
