import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false } as const
const hostPattern = '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$'
const Port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65535, default: fallback, description })

/** fleet.toml: what all villages of a regency share. */
export const FleetToml = Type.Object(
  {
    regency: Type.String({ minLength: 1, maxLength: 80, description: 'name of the regency: "Kabupaten Banyuwangi"' }),
    zone: Type.Union([Type.Literal('WIB'), Type.Literal('WITA'), Type.Literal('WIT')], {
      description: '"WIB", "WITA" or "WIT"',
    }),
    broker: Type.String({ pattern: hostPattern, description: 'host name or address of the broker, without a port' }),
    broker_port: Port(8883, 'port for boxes and hubs, 1 to 65535'),
    enrol_port: Port(8884, 'port for boxes that have no certificate yet, 1 to 65535'),
    broker_folder: Type.String({
      pattern: '^/\\S+$',
      default: '/etc/mosquitto/balai',
      description: 'folder on the broker’s machine, absolute and without spaces',
    }),
    hub: Type.String({ pattern: hostPattern, description: 'host name or address of the hub, without a port' }),
    hub_port: Port(8090, 'port of the hub’s console, 1 to 65535'),
    hubs: Type.Integer({ minimum: 1, maximum: 9, default: 1, description: 'number of hubs, 1 to 9' }),
  },
  closed,
)

export type FleetSettings = Static<typeof FleetToml>

/** The CNs of the hubs: hub-1, hub-2. */
export const hubNames = ({ hubs }: FleetSettings): string[] => Array.from({ length: hubs }, (_, n) => `hub-${n + 1}`)
