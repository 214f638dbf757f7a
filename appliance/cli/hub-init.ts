import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parse, stringify } from 'smol-toml'
import { type HubConfig, HubToml } from '../../regency/base/config.ts'
import { hostsOf, withPassword } from '../../regency/base/database-hosts.ts'
import { parseVillages } from '../../regency/base/villages.ts'
import { brokerCheck, databaseCheck } from '../../regency/doctor/checks.ts'
import { tryBroker } from '../../regency/doctor/try-broker.ts'
import { tryDatabase } from '../../regency/doctor/try-database.ts'
import { systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { writeWhole } from '../base/store/whole-file.ts'
import { readTextFile } from '../base/text-file.ts'
import { pairMistake, readToml } from '../base/toml.ts'
import { publicKeyOf, readPrivateKey } from '../wire/sign.ts'
import { askLine, askSecret } from './ask-line.ts'
import { asOwner } from './command.ts'
import { wordsFor, writeHubChecks } from './hub-checks.ts'

/*
 * `balai hub init`: what `balai fleet init` made for a hub goes to its places on the hub's machine, with owner and mode,
 * and hub.toml gets what only this machine knows. One file, although it is long: it is one list of steps.
 */

const options = {
  config: { type: 'string', default: '/etc/balai/hub.toml' },
  data: { type: 'string', default: '/var/lib/balai' },
  database: { type: 'string' },
  'password-file': { type: 'string' },
  villages: { type: 'string' },
  districts: { type: 'string' },
  name: { type: 'string' },
  zone: { type: 'string' },
  broker: { type: 'string' },
  hub: { type: 'string' },
  port: { type: 'string' },
  'behind-proxy': { type: 'boolean', default: false },
  untried: { type: 'boolean', default: false },
  renew: { type: 'boolean', default: false },
} as const

const zones = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' } as const
const socketUrl = 'postgres://balai@localhost/balai?host=/run/postgresql'

/** What of the folder goes beside hub.toml, and is replaced by `--renew`. */
const renewed = ['ca.pem', 'hub.pem', 'hub.key', 'console.pem', 'console.key'] as const
/** Wanted by `[https]` alone; a fleet folder from before that has it not. */
const claimAuthority = 'claim-ca.pem'
const authority = ['issuing-ca.pem', 'issuing-ca.key', 'lan-ca.pem', 'lan-ca.key'] as const

export async function runHubInit(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
  if (positionals.length > 1) throw wrong(`one folder is wanted, not ${positionals.length}: ${positionals.join(' ')}`)
  const places = { config: resolve(values.config), etc: dirname(resolve(values.config)), data: resolve(values.data) }
  if (values.renew) return renew(findHubFolder(positionals[0] ?? '.'), places)
  if (existsSync(places.config))
    throw wrong(
      `${places.config} is there already, and is not overwritten. New certificates: sudo balai hub init FOLDER --renew. Another hub on this machine: take ${places.config} away first. What is wrong with this one: sudo balai hub doctor`,
    )
  const given = await askForMissing(positionals[0], values)
  const source = findHubFolder(given.folder)
  const owner = ownerOf(places.data)
  const villages = readFileSync(given.villages)
  const count = parseVillages(villages).length
  if (count === 0) throw wrong(`${given.villages} has a heading and no village. Give the whole table.`)
  const url = urlOf(given.database, given.password)
  const toml = settingsOf(source, values, places.data)
  assertHubKey(source, places.data)
  assertWhole(source)

  // Tried before anything is written: whoever mistypes the address types the same line again.
  const words = wordsFor('en', toml.zone, systemClock.wall())
  const reading = await asOwner(places.data, () => tryDatabase(url, systemClock.wall))
  const database = databaseCheck(reading)
  process.stdout.write(`${writeHubChecks([database], words).join('\n')}\n`)
  if (database.state !== 'good' && !values.untried)
    throw wrong('Nothing was written. Mend that and type the same again, or add --untried to write all the same.')

  const put = writerFor(owner)
  makeFolder(places.etc, owner)
  put(join(places.etc, 'postgres-url'), `${url}\n`)
  put(join(places.etc, 'villages.csv'), villages)
  putCertificates(source, places.etc, put, owner)
  putHubKey(source, places, put)
  put(places.config, `# Made by balai hub init; every key: docs/configuration.md\n${stringify(toml)}`)
  process.stdout.write(
    `Written: ${places.config}, and what it names, beside it; ${join(places.data, 'hub-key.pem')}.\n`,
  )

  const mqtt = inFolder(toml.mqtt, places.etc)
  for (const broker of [mqtt.url, ...(mqtt.other_urls ?? [])]) {
    const tried = await tryBroker(broker, { mqtt, districts: toml.districts ?? 'all', logIn: true, now: words.now })
    process.stdout.write(`${writeHubChecks([brokerCheck(tried, { loggedIn: true })], words).join('\n')}\n`)
  }
  process.stdout.write(`${count} villages. Next:
  sudo balai hub-account add "NAME"     # the first one becomes administrator
  sudo systemctl start balai-hub
  sudo balai hub doctor
Then take ${resolve(source)} away from this machine: its keys are in their places.
`)
  return exitCode.ok
}

type Values = { [name in keyof typeof options]?: string | boolean }
type Given = { folder: string; villages: string; database: string; password: string }

/** Asks on the terminal. Without one, everything that is missing is named at once. */
async function askForMissing(folder: string | undefined, values: Values): Promise<Given> {
  const database = values.database as string | undefined
  const file = values['password-file'] as string | undefined
  const needsPassword = (url: string) => file === undefined && !hasSocket(url)
  const missing = [
    folder === undefined && 'FOLDER: the fleet folder, or its hub-1',
    values.villages === undefined && '--villages FILE: the regency’s code table',
    database === undefined && `--database URL: on this machine ${socketUrl}`,
    database !== undefined &&
      needsPassword(database) &&
      '--password-file FILE: its password; /dev/null where it needs none',
  ].filter((one) => one !== false)
  if (missing.length > 0 && !process.stdin.isTTY) throw wrong(`missing:\n  ${missing.join('\n  ')}`)
  const from = folder ?? (await askLine('The fleet folder, or its hub-1: '))
  const villages =
    (values.villages as string | undefined) ?? (await askLine('villages.csv, the regency’s code table: '))
  const url =
    database ?? ((await askLine(`PostgreSQL, Enter for the one on this machine (${socketUrl}): `)) || socketUrl)
  const password = needsPassword(url) ? await askSecret('Its password: ') : file ? readTextFile(file).trim() : ''
  return { folder: from, villages, database: url, password }
}

/** By the socket PostgreSQL knows who asks. */
const hasSocket = (url: string): boolean => /[?&]host=(\/|%2F)/i.test(url)

function urlOf(text: string, password: string): string {
  const [url] = hostsOf(text)
  if (!/^postgres(ql)?:/.test(text) || !URL.canParse(url))
    throw wrong(
      `--database is "${text}"; allowed: postgres://user@host[:port]/database, several hosts with commas between`,
    )
  if (new URL(url).password)
    throw wrong('--database holds a password, which other users of this machine could see: give it in --password-file')
  return withPassword(text, password)
}

/** The folder hub-N: the one that was named, or the one in a fleet folder. */
function findHubFolder(folder: string): string {
  if (existsSync(join(folder, 'hub.toml'))) return folder
  if (!existsSync(folder)) throw wrong(`${resolve(folder)} is not there.`)
  const hubs = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'hub.toml')))
  const [only] = hubs
  if (only === undefined)
    throw wrong(`${resolve(folder)} is no fleet folder and no hub-1 of one: there is no hub.toml in it.`)
  if (hubs.length > 1) throw wrong(`${resolve(folder)} has ${hubs.sort().join(', ')}: name the one of this machine.`)
  return join(folder, only)
}

type Owner = { uid: number; gid: number } | null

/** The user of the hub is who owns its data folder, which the package made; null: whoever types this. */
function ownerOf(data: string): Owner {
  if (process.getuid?.() !== 0) return null
  if (!existsSync(data))
    throw wrong(`${data} is not there. The package balai-hub makes it, with the user balai; or name another by --data.`)
  const { uid, gid } = statSync(data)
  return uid === 0 ? null : { uid, gid }
}

/** hub.toml of the folder with what was said otherwise. Throws as a hub with this file would. */
function settingsOf(source: string, values: Values, data: string): Toml {
  const toml = parse(readFileSync(join(source, 'hub.toml'), 'utf8')) as unknown as Toml
  const zone = values.zone as keyof typeof zones | undefined
  if (zone !== undefined && !Object.hasOwn(zones, zone)) throw wrong(`--zone is "${zone}"; allowed: WIB, WITA, WIT`)
  const port = values.port === undefined ? toml.console.port : Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrong(`--port is "${values.port}"; allowed: 1 to 65535`)
  const host = (values.hub as string | undefined) ?? toml.console.names?.[0]
  const { cert, key, ...page } = { ...toml.console, port, ...(host ? { names: [host] } : {}) }
  const districts = (values.districts as string | undefined)?.split(',').map((code) => code.trim().replaceAll('.', ''))
  const wrongCode = districts?.find((code) => !/^[0-9]{6}$/.test(code))
  if (wrongCode !== undefined)
    throw wrong(`--districts has "${wrongCode}"; allowed: codes of six digits, with commas between`)
  const behindProxy = values['behind-proxy'] === true
  return {
    ...toml,
    data,
    ...(values.name ? { name: String(values.name) } : {}),
    ...(zone ? { zone: zones[zone] } : {}),
    ...(districts ? { districts } : {}),
    mqtt: { ...toml.mqtt, ...(values.broker ? { url: String(values.broker) } : {}) },
    console: behindProxy
      ? { ...page, host: '127.0.0.1', trusted_proxies: ['127.0.0.1'], ...(host ? { url: `https://${host}` } : {}) }
      : { ...page, cert, key, ...(host ? { url: `https://${host}:${port}` } : {}) },
  }
}

type Toml = Omit<HubConfig, 'postgres'> & { postgres: { url_file?: string } }

/** The boxes know one key. Another one on this machine is somebody else's, and is kept. */
function assertHubKey(source: string, data: string): void {
  const [mine, theirs] = [join(data, 'hub-key.pem'), join(source, 'hub-key.pem')]
  if (!existsSync(theirs)) throw wrong(`${theirs} is missing: copy the whole folder hub-1, with its keys.`)
  if (!existsSync(mine) || publicKey(mine) === publicKey(theirs)) return
  throw wrong(
    `${mine} is another key than ${theirs}, and is not overwritten: boxes of the regency that it belongs to believe it alone. If no box needs it any more: sudo mv ${mine} ${mine}.old`,
  )
}

function publicKey(path: string): string {
  try {
    return publicKeyOf(readPrivateKey(readTextFile(path)))
  } catch {
    throw wrong(`${path} holds no Ed25519 key in PEM.`)
  }
}

/** A folder that was copied in part is said before anything is written. */
function assertWhole(source: string): void {
  const files = [...renewed, ...authority.map((name) => join('authority', name))].map((name) => join(source, name))
  const lost = files.filter((path) => !existsSync(path))
  if (lost.length > 0) throw wrong(`missing: ${lost.join(', ')}. Copy the whole folder hub-1, with its keys.`)
  for (const path of files.filter((one) => one.endsWith('.pem') && basename(one) !== 'ca.pem')) {
    const mistake = pairMistake(path, path.replace(/pem$/, 'key'))
    if (mistake) throw wrong(mistake)
  }
}

type Put = (path: string, bytes: string | Buffer, mode?: number, whose?: 'root' | 'service') => void

/** Settings belong to root, and the hub's group reads them; what `whose` says belongs to the hub itself. */
const writerFor =
  (owner: Owner): Put =>
  (path, bytes, mode = 0o640, whose = 'root') => {
    writeWhole(path, bytes, { mode, ...(owner ? { owner: whose === 'root' ? { ...owner, uid: 0 } : owner } : {}) })
    chmodSync(path, mode) // whatever root's umask is
  }

/** Root's, open to the hub's group. */
function makeFolder(path: string, owner: Owner): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o750)
  if (owner) chownSync(path, 0, owner.gid)
}

function putCertificates(source: string, etc: string, put: Put, owner: Owner): void {
  for (const name of renewed) put(join(etc, name), readFileSync(join(source, name)))
  const claims = join(source, claimAuthority)
  if (existsSync(claims)) put(join(etc, claimAuthority), readFileSync(claims))
  makeFolder(join(etc, 'authority'), owner)
  for (const name of authority) put(join(etc, 'authority', name), readFileSync(join(source, 'authority', name)))
}

/** Beside hub.toml stands which key this hub was set up with, so that `balai hub doctor` knows another one. */
function putHubKey(source: string, { etc, data }: { etc: string; data: string }, put: Put): void {
  const path = join(data, 'hub-key.pem')
  if (!existsSync(path)) put(path, readFileSync(join(source, 'hub-key.pem')), 0o600, 'service')
  put(join(etc, 'hub-key.pub'), `${publicKey(path)}\n`)
}

function renew(source: string, places: { config: string; etc: string; data: string }): number {
  if (!existsSync(places.config)) throw wrong(`${places.config} is not there: without --renew this machine is set up.`)
  const { data } = readToml(places.config, HubToml)
  const owner = ownerOf(data)
  assertHubKey(source, data)
  assertWhole(source)
  const put = writerFor(owner)
  putCertificates(source, places.etc, put, owner)
  putHubKey(source, { ...places, data }, put)
  process.stdout.write(`The certificates of ${resolve(source)} are in place. Next:
  sudo systemctl restart balai-hub
  sudo balai hub doctor
`)
  return exitCode.ok
}

/** Paths as hub.toml's own reader makes them. */
function inFolder(mqtt: Toml['mqtt'], folder: string): Toml['mqtt'] {
  const at = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path))
  const { ca, cert, key, ...plain } = mqtt
  return Object.assign(plain, JSON.parse(JSON.stringify({ ca: at(ca), cert: at(cert), key: at(key) }))) as Toml['mqtt']
}

const wrong = (sentence: string): AppError => new AppError('invalid', 'config', `balai hub init: ${sentence}`)
