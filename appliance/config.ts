import { type Static, Type } from 'typebox'
import { FlowNodeSet } from './automation/node-sets.ts'
import { AppError } from './base/errors.ts'
import { closed } from './base/schemas.ts'
import { readTextFile } from './base/text-file.ts'
import { PathString, pairMistake, ReadableFile, readToml } from './base/toml.ts'
import { type Member, readMember } from './enrolment/membership.ts'
import { brokerPattern } from './wire/commands.ts'
import { ageRecipient, packetKb } from './wire/enrolment.ts'
import { villagePattern } from './wire/topics.ts'

const Port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65535, default: fallback, description })

/** balai.toml. The descriptions are what a person reads when a key is wrong, and what the table of docs/configuration.md is made of. */
export const BoxFile = Type.Object(
  {
    village: Type.Optional(
      Type.String({
        pattern: villagePattern,
        description: 'village code, ten digits without dots: "3510152012"; the enrolment file says it too',
      }),
    ),
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'name of the office as on its sign: "Desa Tamansari"; the enrolment file says it too',
      }),
    ),
    district: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'name of the kecamatan: "Licin"; the enrolment file says it too',
      }),
    ),
    zone: Type.Optional(
      Type.Union([Type.Literal('WIB'), Type.Literal('WITA'), Type.Literal('WIT')], {
        description: '"WIB", "WITA" or "WIT"; the enrolment file says it too',
      }),
    ),
    data: PathString('folder for the journal and the keys: "/var/lib/balai"'),
    lan: Type.Object(
      {
        host: Type.String({
          minLength: 1,
          default: '0.0.0.0',
          description: 'address to listen on: "0.0.0.0", "127.0.0.1"',
        }),
        address: Type.Optional(
          Type.String({
            pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$',
            description:
              'address that tickets and pages lead phones to, where the one that the box finds is not it: "192.168.1.5"',
          }),
        ),
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
          url: Type.Optional(
            Type.String({
              pattern: brokerPattern,
              description:
                'mqtt://host[:port] or mqtts://host[:port], or https://host[:port] of a hub; the enrolment file says it too',
            }),
          ),
          fallback_urls: Type.Optional(
            Type.Array(Type.String({ pattern: brokerPattern }), {
              maxItems: 4,
              description:
                'brokers that are tried in turn when the first cannot be reached, and https:// of a hub where no MQTT port is open: ["mqtts://host[:port]", "https://host[:port]"]; the enrolment file says it too',
            }),
          ),
          username: Type.Optional(Type.String({ minLength: 1, description: 'user name at the broker' })),
          password_file: Type.Optional(ReadableFile('file that holds the password (or BALAI_MQTT_PASSWORD)')),
          ca: Type.Optional(ReadableFile('file with the CA certificates that the broker is checked by, PEM')),
          cert: Type.Optional(ReadableFile('file with this box’s certificate, PEM')),
          key: Type.Optional(ReadableFile('file with the key of that certificate, PEM')),
          keepalive_s: Type.Integer({ minimum: 1, maximum: 600, default: 30, description: 'seconds, 1 to 600' }),
          max_packet_kb: Type.Optional(
            Type.Integer({
              ...packetKb,
              description:
                'largest MQTT packet that the broker takes, kB, 20 to 64; the enrolment file says it too; without it 64',
            }),
          ),
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
    enrolment_folders: Type.Array(Type.String({ pattern: '^/' }), {
      default: ['/boot/firmware', '/media/balai'],
      description: 'folders in which an enrolment file is looked for, absolute',
    }),
    hub_key: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description: 'the regency’s key, as balai hub key prints it; without it no history comes back',
      }),
    ),
    regency_recipient: Type.Optional(
      Type.String({
        pattern: ageRecipient,
        description:
          'the regency’s public key for private parts that are meant for it; the enrolment file says it too; without it only the village can open them',
      }),
    ),
    wipe_key: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description:
          'the regency’s key for orders to erase a stolen box; the enrolment file says it too; without it none is taken',
      }),
    ),
    flows: Type.Optional(
      Type.Object(
        {
          enabled: Type.Optional(
            Type.Boolean({
              description:
                'whether Node-RED runs for this village’s own flows; without it only with 1 GB of memory or more',
            }),
          ),
          nodes: Type.Array(FlowNodeSet, {
            default: [],
            description: `sets of nodes beyond the closed palette: ${FlowNodeSet.anyOf.map((one) => `"${one.const}"`).join(', ')}`,
          }),
        },
        closed,
      ),
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

type Office = { village: string; name: string; district: string; zone: string }
type Broker = NonNullable<BoxFile['mqtt']> & { url: string; password?: string }

/** What a box needs to know; the IANA zone and the broker’s password are worked out. */
/** Where media-balai.mount puts a stick with the label BALAI. */
export const defaultStick = '/media/balai'

export type BoxConfig = Omit<BoxFile, keyof Office | 'mqtt' | 'backup_stick'> &
  Office & {
    backup_stick: string
    mqtt: Broker | null
    /** Whose certificates the box shows; null where balai.toml says how it gets in, or there is no regency. */
    member: Member | null
  }

const zones = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' } as const

/** balai.toml as it is, before anybody knows of which village the box is. */
export const readBoxFile = (path: string): BoxFile => readToml(path, BoxFile)

/** Reads balai.toml and what enrolment brought; every mistake comes in one AppError (`invalid`, `config`). */
export function readBoxConfig(path: string, environment: NodeJS.ProcessEnv = process.env): BoxConfig {
  const file = readBoxFile(path)
  return completeBoxConfig(file, environment, readMember(file.data), path)
}

/** Whether neither balai.toml nor an enrolment file has said of which village this box is. */
export const isNobody = (file: BoxFile): boolean => file.village === undefined && readMember(file.data) === null

export function completeBoxConfig(
  file: BoxFile,
  environment: NodeJS.ProcessEnv,
  enrolled: Member | null = null,
  path = 'balai.toml',
): BoxConfig {
  const { mqtt } = file
  const { village, name, district, zone } = { ...enrolled, ...withoutGaps(file) }
  const mistakes = [
    ...Object.entries({ village, name, district, zone }).flatMap(([key, value]) =>
      value === undefined ? [`${key}: is missing; allowed: say it here, or bring the box its enrolment file`] : [],
    ),
    ...(enrolled && file.village && file.village !== enrolled.village
      ? [`village: is ${file.village}, but the box is enrolled as ${enrolled.village}; allowed: leave it out`]
      : []),
    ...(mqtt && !mqtt.url && !enrolled ? ['mqtt.url: is missing; allowed: mqtts://host[:port]'] : []),
    ...(mqtt && Boolean(mqtt.cert) !== Boolean(mqtt.key)
      ? ['mqtt.cert: stands without its pair; allowed: cert and key together']
      : []),
    ...(mqtt?.cert && mqtt.key ? [pairMistake(mqtt.cert, mqtt.key)] : []).flatMap((mistake) =>
      mistake ? [`mqtt.key: ${mistake}; allowed: cert and key of one pair`] : [],
    ),
  ]
  if (mistakes.length > 0 || !village || !name || !district || !zone) {
    const lines = mistakes.map((mistake) => `${path}: ${mistake}`)
    throw new AppError('invalid', 'config', lines.join('\n'), { mistakes: lines.length })
  }
  const byHand = Boolean(mqtt?.url)
  const member = byHand ? null : enrolled
  const url = mqtt?.url ?? member?.broker
  const password = environment.BALAI_MQTT_PASSWORD ?? (mqtt?.password_file && readTextFile(mqtt.password_file).trim())
  const hubKey = file.hub_key ?? enrolled?.hubKey
  const recipient = file.regency_recipient ?? enrolled?.regencyRecipient
  const wipeKey = file.wipe_key ?? enrolled?.wipeKey
  const ofMember = {
    ...(member?.maxPacketKb === undefined ? {} : { max_packet_kb: member.maxPacketKb }),
    ...(member?.fallbackBrokers === undefined ? {} : { fallback_urls: member.fallbackBrokers }),
  }
  return {
    ...file,
    ...{ village, name, district, zone: zones[zone] },
    ...(hubKey ? { hub_key: hubKey } : {}),
    ...(recipient ? { regency_recipient: recipient } : {}),
    ...(wipeKey ? { wipe_key: wipeKey } : {}),
    backup_stick: file.backup_stick ?? defaultStick,
    mqtt: url ? { keepalive_s: 30, ...ofMember, ...mqtt, url, ...(password ? { password } : {}) } : null,
    member,
  }
}

/** What opens the broker's door and lies outside of the data folder. */
export const keyFilesOf = ({ mqtt }: BoxConfig): string[] =>
  [mqtt?.key, mqtt?.cert, mqtt?.password_file].filter((path) => path !== undefined)

/** By which the regency's own servers are checked, in PEM; undefined: the box was told of nobody. */
export const authorityOf = ({ mqtt, member }: BoxConfig): string | undefined =>
  member?.ca ?? (mqtt?.ca ? readTextFile(mqtt.ca) : undefined)

/** Without the keys that are left out, so that they take nothing away from what is known otherwise. */
const withoutGaps = ({ village, name, district, zone }: BoxFile) =>
  Object.fromEntries(
    Object.entries({ village, name, district, zone }).filter(([, value]) => value !== undefined),
  ) as Partial<Pick<BoxFile, keyof Office>>
