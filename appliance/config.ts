import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { AppError } from './errors.ts'
import { PathString, ReadableFile, readToml } from './toml.ts'
import { villagePattern } from './wire/topics.ts'

const closed = { additionalProperties: false } as const
const Port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65535, default: fallback, description })

/** balai.toml. The descriptions are what a person reads when a key is wrong, and what README’s table is made of. */
export const BoxFile = Type.Object(
  {
    village: Type.String({
      pattern: villagePattern,
      description: 'village code, ten digits without dots: "3510152012"',
    }),
    name: Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'name of the office as on its sign: "Desa Tamansari"',
    }),
    district: Type.String({ minLength: 1, maxLength: 60, description: 'name of the kecamatan: "Licin"' }),
    zone: Type.Union([Type.Literal('WIB'), Type.Literal('WITA'), Type.Literal('WIT')], {
      description: '"WIB", "WITA" or "WIT"',
    }),
    data: PathString('folder for the journal and the keys: "/var/lib/balai"'),
    lan: Type.Object(
      {
        host: Type.String({
          minLength: 1,
          default: '0.0.0.0',
          description: 'address to listen on: "0.0.0.0", "127.0.0.1"',
        }),
        http_port: Port(80, 'port of kiosk, display and phone pages, 0 to 65535'),
        https_port: Port(443, 'port of desk, admin and technician pages, 0 to 65535'),
        names: Type.Array(Type.String({ pattern: '^[a-z0-9.-]+$' }), {
          default: [],
          description: 'more host names of this box: ["antri.desa.id"]',
        }),
      },
      { ...closed, default: {} },
    ),
    mqtt: Type.Optional(
      Type.Object(
        {
          url: Type.String({
            pattern: '^mqtts?://[^\\s/@]+$',
            description: 'mqtt://host[:port] or mqtts://host[:port]',
          }),
          username: Type.Optional(Type.String({ minLength: 1, description: 'user name at the broker' })),
          password_file: Type.Optional(ReadableFile('file that holds the password (or BALAI_MQTT_PASSWORD)')),
          ca: Type.Optional(ReadableFile('file with the CA certificates that the broker is checked by, PEM')),
          cert: Type.Optional(ReadableFile('file with this box’s certificate, PEM')),
          key: Type.Optional(ReadableFile('file with the key of that certificate, PEM')),
          keepalive_s: Type.Integer({ minimum: 1, maximum: 600, default: 30, description: 'seconds, 1 to 600' }),
          budget_kb_per_hour: Type.Optional(
            Type.Integer({
              minimum: 50,
              description: 'most that the journal may send in an hour on a paid line, kB; live state always goes',
            }),
          ),
        },
        closed,
      ),
    ),
    backup_stick: Type.Optional(
      PathString('folder where a USB stick for backups is mounted, if one is; without it "/media/balai"'),
    ),
    hub_key: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description: 'the regency’s key, as balai hub key prints it; without it no history comes back',
      }),
    ),
    log: Type.Union(
      [
        Type.Literal('debug'),
        Type.Literal('info'),
        Type.Literal('warn'),
        Type.Literal('error'),
        Type.Literal('silent'),
      ],
      { default: 'info', description: '"debug", "info", "warn", "error" or "silent"' },
    ),
  },
  closed,
)

export type BoxFile = Static<typeof BoxFile>

/** What a box needs to know; the IANA zone and the broker’s password are worked out. */
export type BoxConfig = Omit<BoxFile, 'zone' | 'mqtt' | 'backup_stick'> & {
  backup_stick: string
  zone: string
  mqtt: (NonNullable<BoxFile['mqtt']> & { password?: string }) | null
}

const zones = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' } as const

/** Reads balai.toml; every mistake in it comes in one AppError (`invalid`, `config`). */
export function readBoxConfig(path: string, environment: NodeJS.ProcessEnv = process.env): BoxConfig {
  return completeBoxConfig(readToml(path, BoxFile), environment)
}

export function completeBoxConfig(file: BoxFile, environment: NodeJS.ProcessEnv): BoxConfig {
  const { mqtt } = file
  if (mqtt && Boolean(mqtt.cert) !== Boolean(mqtt.key)) {
    throw new AppError('invalid', 'config', 'balai.toml: mqtt.cert and mqtt.key go together: give both or neither')
  }
  const password =
    environment.BALAI_MQTT_PASSWORD ?? (mqtt?.password_file && readFileSync(mqtt.password_file, 'utf8').trim())
  return {
    ...file,
    zone: zones[file.zone],
    backup_stick: file.backup_stick ?? '/media/balai',
    mqtt: mqtt ? { ...mqtt, ...(password ? { password } : {}) } : null,
  }
}
