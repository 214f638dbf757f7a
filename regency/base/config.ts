import { type Static, Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { closed } from '../../appliance/base/schemas.ts'
import { readTextFile } from '../../appliance/base/text-file.ts'
import { PathString, pairMistake, ReadableFile, readToml } from '../../appliance/base/toml.ts'

const isZone = (zone: string): boolean => {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

const brokerPattern = '^mqtts?://[^/@\\s]+/?$'

const Days = (least: number, fallback: number, description: string) =>
  Type.Integer({
    minimum: least,
    maximum: 36_500,
    default: fallback,
    description: `days, ${least} to 36500, ${description}`,
  })

const Severity = Type.Enum(['action', 'warning'], {
  default: 'action',
  description: '"action", what needs somebody, or "warning" for all alarms',
})

/** hub.toml. What each key allows is its description, which is also what a mistake is answered with. */
export const HubToml = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80, description: 'name of the regency, as on its sign' }),
    zone: Type.Refine(
      Type.String({
        default: 'Asia/Jakarta',
        description: 'an IANA time zone: Asia/Jakarta, Asia/Makassar or Asia/Jayapura',
      }),
      isZone,
    ),
    data: PathString('a folder for what the hub keeps beside PostgreSQL'),
    villages: ReadableFile('a CSV file with the columns code,kind,name,district_code,district'),
    districts: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9]{6}$' }), {
        minItems: 1,
        description: 'a list of district codes of six digits, "351001"; leave it out for all',
      }),
    ),
    authority: Type.Optional(
      PathString(
        'the folder authority that balai fleet init makes; without it this hub enrols no box and renews no certificate',
      ),
    ),
    backup_stamp: Type.Optional(
      PathString(
        'a file that the backup job of PostgreSQL touches when it is done; the hub warns when it is over 26 hours old',
      ),
    ),
    mqtt: Type.Object(
      {
        url: Type.String({
          pattern: brokerPattern,
          description: 'mqtt://host[:port] or mqtts://host[:port]',
        }),
        other_urls: Type.Optional(
          Type.Array(Type.String({ pattern: brokerPattern }), {
            maxItems: 3,
            description:
              'more brokers, to all of which the hub is connected at once: fall-backs of the boxes, or the one they move to',
          }),
        ),
        cluster: Type.Boolean({
          default: false,
          description:
            'true: other_urls are more nodes of one cluster, at one of which the hub is at a time, and goes round when it fails',
        }),
        client_id: Type.String({
          pattern: '^[!-~]{1,60}$',
          default: 'balai-hub',
          description: '1 to 60 printable characters; another one for each hub',
        }),
        username: Type.Optional(Type.String({ minLength: 1, description: 'a name that the broker knows' })),
        password_file: Type.Optional(ReadableFile('a file with the password; or set BALAI_MQTT_PASSWORD')),
        ca: Type.Optional(ReadableFile('a PEM file of the authority that signed the broker’s certificate')),
        cert: Type.Optional(ReadableFile('a PEM file with the hub’s certificate')),
        key: Type.Optional(ReadableFile('a PEM file with the certificate’s key')),
      },
      { ...closed, description: 'a table [mqtt]' },
    ),
    postgres: Type.Object(
      {
        url: Type.Optional(
          Type.String({ pattern: '^postgres(ql)?://', description: 'postgres://user@host[:port]/database' }),
        ),
        url_file: Type.Optional(ReadableFile('a file with the URL, password included; or set BALAI_POSTGRES_URL')),
        pool: Type.Integer({ minimum: 1, maximum: 100, default: 4, description: 'connections, 1 to 100' }),
      },
      { ...closed, default: {}, description: 'a table [postgres]' },
    ),
    console: Type.Object(
      {
        host: Type.String({
          minLength: 1,
          default: '127.0.0.1',
          description: 'an address of this machine; 0.0.0.0 for all',
        }),
        port: Type.Integer({ minimum: 0, maximum: 65535, default: 8090, description: 'a TCP port' }),
        names: Type.Optional(
          Type.Array(Type.String({ pattern: '^[a-z0-9.-]+$' }), {
            description: 'more host names of the console: ["balai.banyuwangikab.go.id"]',
          }),
        ),
        trusted_proxies: Type.Optional(
          Type.Array(Type.String({ pattern: '^[0-9a-f.:]+(/\\d{1,3})?$' }), {
            description:
              'addresses of proxies in front of the console that end TLS: ["127.0.0.1"]; who asks, and by which line, is then what they say',
          }),
        ),
        second_factor: Type.Optional(
          Type.Enum(['optional', 'required'], {
            description:
              '"optional", or "required": nobody gets in by the PIN alone, and who has no second factor sets one up at the next log-in; without it "optional"',
          }),
        ),
        metrics_token_file: Type.Optional(
          ReadableFile('a file with a token; whoever sends it as a bearer token reads /metrics from another machine'),
        ),
        cert: Type.Optional(ReadableFile('a PEM file; with key the console speaks HTTPS')),
        key: Type.Optional(ReadableFile('a PEM file with the certificate’s key')),
        url: Type.Optional(
          Type.String({
            pattern: '^https?://[^\\s/]+$',
            description: 'the console’s address as people type it, which messages about alarms end with',
          }),
        ),
      },
      { ...closed, default: {}, description: 'a table [console]' },
    ),
    https: Type.Optional(
      Type.Object(
        {
          host: Type.String({
            minLength: 1,
            default: '0.0.0.0',
            description: 'an address of this machine; 0.0.0.0 for all',
          }),
          port: Type.Integer({ minimum: 0, maximum: 65535, default: 443, description: 'a TCP port' }),
          cert: ReadableFile('a PEM file with the certificate by which boxes know this hub'),
          key: ReadableFile('a PEM file with the certificate’s key'),
          claim_ca: Type.Optional(
            ReadableFile(
              'a PEM file of the authority of enrolment files; without it boxes are not enrolled by this road',
            ),
          ),
        },
        { ...closed, description: 'a table [https]: boxes that no MQTT port is open for come here' },
      ),
    ),
    webhook: Type.Optional(
      Type.Object(
        {
          url: Type.String({ pattern: '^https?://[^\\s]+$', description: 'where alarms are posted as JSON' }),
          secret_file: Type.Optional(
            ReadableFile('a file with a secret; each message then carries its HMAC-SHA256 in x-balai-signature'),
          ),
          form: Type.Enum(['balai', 'alertmanager'], {
            default: 'balai',
            description: '"balai", or "alertmanager" for receivers of Prometheus Alertmanager',
          }),
          severity: Severity,
        },
        { ...closed, description: 'a table [webhook]' },
      ),
    ),
    mail: Type.Optional(
      Type.Object(
        {
          host: Type.String({ minLength: 1, description: 'the SMTP server' }),
          port: Type.Integer({ minimum: 1, maximum: 65535, default: 587, description: 'its TCP port' }),
          tls: Type.Enum(['starttls', 'wrapped', 'none'], {
            default: 'starttls',
            description: '"starttls", "wrapped" (port 465), or "none" on this machine only',
          }),
          user: Type.Optional(Type.String({ minLength: 1, description: 'a name that the server knows' })),
          password_file: Type.Optional(ReadableFile('a file with the password')),
          from: Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', description: 'an address' }),
          to: Type.Array(Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$' }), {
            minItems: 1,
            maxItems: 20,
            description: 'a list of addresses',
          }),
          severity: Severity,
          summary_at: Type.String({
            pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
            default: '18:00',
            description: 'from when on the day’s summary goes to the villages whose row in villages.csv has an email',
          }),
        },
        { ...closed, description: 'a table [mail]' },
      ),
    ),
    telegram: Type.Optional(
      Type.Object(
        {
          token_file: ReadableFile('a file with the bot’s token, as @BotFather gives it'),
          chat: Type.String({ pattern: '^(-?[0-9]+|@[A-Za-z0-9_]+)$', description: 'the chat’s number, or @channel' }),
          api: Type.String({
            pattern: '^https?://[^\\s/]+$',
            default: 'https://api.telegram.org',
            description: 'another one only where the regency runs its own Bot API server',
          }),
          severity: Severity,
        },
        { ...closed, description: 'a table [telegram]' },
      ),
    ),
    retention: Type.Object(
      {
        nightly: Type.Boolean({
          default: false,
          description: 'true: the hub removes each night what is older; otherwise balai hub retention does',
        }),
        health_days: Days(92, 1830, 'for which each day of a box’s health is kept'),
        alarm_days: Days(30, 730, 'for which an alarm that is over is kept, and planned work'),
        meter_days: Days(30, 400, 'for which it is kept what a village’s line carried'),
        command_days: Days(90, 730, 'for which a command is kept that was carried out or has expired'),
      },
      { ...closed, default: {}, description: 'a table [retention]' },
    ),
    log: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], {
      default: 'info',
      description: '"debug", "info", "warn", "error" or "silent"',
    }),
  },
  closed,
)

type Toml = Static<typeof HubToml>
export type Retention = Toml['retention']

/** What the hub is started with: hub.toml with the secrets in their places. Certificates are read when they are used. */
export type HubConfig = Omit<Toml, 'mqtt' | 'postgres' | 'retention'> & {
  /** Always there when it was read; the demo's and a test's hub keeps everything. */
  retention?: Toml['retention']
  mqtt: Omit<Toml['mqtt'], 'cluster'> & { cluster?: boolean; password?: string }
  postgres: { url: string; pool: number }
}

/** Reads hub.toml. Throws one AppError (`config`) with every mistake. Secrets come from files or the environment. */
export function readHubConfig(path: string, environment: NodeJS.ProcessEnv = process.env): HubConfig {
  const toml = readToml(path, HubToml)
  const mistakes = [...findContradictions(toml, environment)]
  if (mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `${path}: ${mistake}`)
    throw new AppError('invalid', 'config', lines.join('\n'), { mistakes: lines.length })
  }
  const { mqtt, postgres } = toml
  const password = environment.BALAI_MQTT_PASSWORD ?? readSecret(mqtt.password_file)
  const url = environment.BALAI_POSTGRES_URL ?? readSecret(postgres.url_file) ?? postgres.url ?? ''
  return { ...toml, mqtt: { ...mqtt, ...(password ? { password } : {}) }, postgres: { url, pool: postgres.pool } }
}

/** What a schema cannot say: keys that need each other. */
function* findContradictions(
  { mqtt, postgres, console: page, https }: Toml,
  environment: NodeJS.ProcessEnv,
): Generator<string> {
  if (!postgres.url && !postgres.url_file && !environment.BALAI_POSTGRES_URL) {
    yield 'postgres.url: is missing; allowed: url, url_file, or BALAI_POSTGRES_URL in the environment'
  }
  if (postgres.url && /^[^@]*:\/\/[^/@]*:[^/@]*@/.test(postgres.url)) {
    yield 'postgres.url: holds a password; allowed: put the whole URL into a file and name it in postgres.url_file'
  }
  if (Boolean(mqtt.cert) !== Boolean(mqtt.key))
    yield 'mqtt.cert: stands without its pair; allowed: cert and key together'
  if (Boolean(page.cert) !== Boolean(page.key))
    yield 'console.cert: stands without its pair; allowed: cert and key together'
  if (https && !mqtt.ca)
    yield 'https: needs the root below which boxes’ certificates are signed; allowed: name it in mqtt.ca'
  for (const [name, { cert, key }] of Object.entries({ mqtt, console: page, ...(https ? { https } : {}) })) {
    const mistake = cert && key ? pairMistake(cert, key) : null
    if (mistake) yield `${name}.key: ${mistake}; allowed: cert and key of one pair`
  }
  const secured = [mqtt.url, ...(mqtt.other_urls ?? [])].every((url) => url.startsWith('mqtts:'))
  if (!secured && (mqtt.ca || mqtt.cert))
    yield 'mqtt.url: is mqtt:// though certificates are given; allowed: mqtts://host[:port]'
}

/** What stands in a file of secrets, without its line's end. */
export const readSecret = (path: string | undefined) => (path === undefined ? undefined : readTextFile(path).trim())
