import { type Static, Type } from 'typebox'
import { closed } from '../../appliance/base/schemas.ts'
import { PathString } from '../../appliance/base/toml.ts'
import { packetKb } from '../../appliance/wire/enrolment.ts'

const hostPattern = '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$'
const Port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65535, default: fallback, description })

const Command = (description: string) =>
  Type.Array(Type.String(), { minItems: 1, description: `${description}: ["systemctl", "reload", "mosquitto"]` })

const Folder = (description: string) => Type.String({ pattern: '^/\\S+$', description })
const Machines = (whose: string) =>
  Type.Array(Type.String({ pattern: '^([a-z_][a-z0-9_-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*$' }), {
    minItems: 1,
    maxItems: 9,
    description: `machines of ${whose} as ssh knows them: ["root@balai.example.go.id"]; without it root at the host`,
  })

/** fleet.toml: what all villages of a regency share. */
export const FleetToml = Type.Object(
  {
    regency: Type.String({ minLength: 1, maxLength: 80, description: 'name of the regency: "Kabupaten Banyuwangi"' }),
    zone: Type.Union([Type.Literal('WIB'), Type.Literal('WITA'), Type.Literal('WIT')], {
      description: '"WIB", "WITA" or "WIT"',
    }),
    broker: Type.String({ pattern: hostPattern, description: 'host name or address of the broker, without a port' }),
    fallback_brokers: Type.Optional(
      Type.Array(Type.String({ pattern: hostPattern }), {
        minItems: 1,
        maxItems: 3,
        description: 'hosts of brokers that boxes try in turn when the first cannot be reached, with commas between',
      }),
    ),
    broker_port: Port(8883, 'port for boxes and hubs, 1 to 65535'),
    enrol_port: Port(8884, 'port for boxes that have no certificate yet, 1 to 65535'),
    max_packet_kb: Type.Optional(
      Type.Integer({
        ...packetKb,
        description: 'largest MQTT packet that the broker takes, kB, 20 to 64; without it 64',
      }),
    ),
    broker_folder: Type.String({
      pattern: '^/\\S+$',
      default: '/etc/mosquitto/balai',
      description: 'folder on the broker’s machine, absolute and without spaces',
    }),
    hub: Type.String({ pattern: hostPattern, description: 'host name or address of the hub, without a port' }),
    hub_port: Port(8090, 'port of the hub’s console, 1 to 65535'),
    https_port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description:
          'port of the hub for boxes that no MQTT port is open for, best 443; without it there is no such road',
      }),
    ),
    hub_config: Type.Optional(
      PathString('hub.toml, by which the fleet tool reaches the hub’s PostgreSQL; without it the hub learns nothing'),
    ),
    broker_reload: Type.Optional(
      Command('how the broker reads its lists anew, on this machine or, by balai fleet deliver, on its own'),
    ),
    broker_restart: Type.Optional(
      Command('how the broker is restarted, on this machine or, by balai fleet deliver, on its own'),
    ),
    broker_ssh: Type.Optional(Machines('the brokers')),
    hub_ssh: Type.Optional(Machines('the hubs, hub-1 first')),
    hub_folder: Type.Optional(Folder('folder of hub.toml on the hub’s machine; without it /etc/balai')),
    hub_data: Type.Optional(Folder('the hub’s data folder on its machine; without it /var/lib/balai')),
    hubs: Type.Integer({ minimum: 1, maximum: 9, default: 1, description: 'number of hubs, 1 to 9' }),
  },
  closed,
)

export type FleetSettings = Static<typeof FleetToml>

/** Where boxes and hubs connect, the preferred broker first: mqtts://host:port. */
export const brokerUrls = ({ broker_port, ...settings }: FleetSettings): [string, ...string[]] => {
  const [first, ...others] = brokerHosts(settings).map((host) => `mqtts://${host}:${broker_port}`)
  return [first ?? '', ...others]
}

/** The roads of a box: the brokers, and the hub's HTTPS behind them. */
export const boxRoads = (settings: FleetSettings): [string, ...string[]] => [
  ...brokerUrls(settings),
  ...(settings.https_port ? [`https://${settings.hub}:${settings.https_port}`] : []),
]

/** For which hosts the brokers' one certificate holds. */
export const brokerHosts = ({
  broker,
  fallback_brokers = [],
}: Pick<FleetSettings, 'broker' | 'fallback_brokers'>): string[] => [...new Set([broker, ...fallback_brokers])]

/** The CNs of the hubs: hub-1, hub-2. */
export const hubNames = ({ hubs }: FleetSettings): string[] => Array.from({ length: hubs }, (_, n) => `hub-${n + 1}`)
