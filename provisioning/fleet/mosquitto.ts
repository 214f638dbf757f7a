import { type AccessRule, claimAccess, hubAccess, villageAccess } from '../../appliance/wire/access.ts'

/*
 * The configuration of Mosquitto 2, made from the one list of who may do what (`wire/access.ts`). Two listeners, since
 * Mosquitto's patterns cannot tell a village from a claim: each has its own authority and its own access list, so that
 * a claim certificate opens nothing but enrolment, and no certificate is taken at the other's door.
 */

/** `folder`: where the broker finds the files. */
export type MosquittoPlan = { folder: string; port: number; enrolPort: number; hubs: readonly string[] }

/** Every file that Mosquitto needs beside certificates, by name. */
export function mosquittoFiles({ folder, port, enrolPort, hubs }: MosquittoPlan): Record<string, string> {
  return {
    'balai.conf': [
      '# Made by balai fleet init. Copy to /etc/mosquitto/conf.d/',
      'per_listener_settings true',
      '# Mosquitto holds 1,000 messages for a receiver that is away and drops the rest; they would be sent twice.',
      'max_queued_messages 100000',
      'message_size_limit 2097152',
      '',
      '# Boxes and hubs',
      ...listener({ folder, port, authority: 'ca', access: 'acl' }),
      '',
      '# Boxes that have no certificate of their own yet',
      ...listener({ folder, port: enrolPort, authority: 'claim-ca', access: 'acl-enrol' }),
      '',
    ].join('\n'),
    acl: accessList(hubs),
    'acl-enrol': `${patterns(claimAccess('%u')).join('\n')}\n`,
  }
}

/** The access list for villages and hubs; it serves user names with passwords as well as certificates. */
export function accessList(hubs: readonly string[]): string {
  const rules = hubs.flatMap((hub) => [
    `user ${hub}`,
    ...hubAccess().map(({ may, topic }) => `topic ${may} ${topic}`),
    '',
  ])
  return `${[...rules, ...patterns(villageAccess('%u'))].join('\n')}\n`
}

const patterns = (rules: readonly AccessRule[]) => rules.map(({ may, topic }) => `pattern ${may} ${topic}`)

type Listener = { folder: string; port: number; authority: 'ca' | 'claim-ca'; access: string }

const listener = ({ folder, port, authority, access }: Listener): string[] => [
  `listener ${port}`,
  `acl_file ${folder}/${access}`,
  'allow_anonymous false',
  `cafile ${folder}/${authority}.pem`,
  `crlfile ${folder}/${authority}.crl`,
  `certfile ${folder}/broker.pem`,
  `keyfile ${folder}/broker.key`,
  'tls_version tlsv1.3',
  'ciphers_tls1.3 TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  'require_certificate true',
  '# The name in the certificate is user and client id: no village can cut off another by taking its id.',
  'use_identity_as_username true',
  'use_username_as_clientid true',
]
