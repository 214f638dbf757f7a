import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { stringify } from 'smol-toml'
import { AppError } from '../../appliance/base/errors.ts'
import {
  issuePair,
  makeAuthority,
  makeRevocationList,
  openAuthority,
  type Pair,
} from '../../appliance/pki/authority.ts'
import { mosquittoFiles } from './mosquitto.ts'
import { emptyRegister } from './register.ts'
import { brokerHosts, brokerUrls, type FleetSettings, hubNames } from './settings.ts'
import { openWipeKey } from './wipe.ts'

const days = { root: 7_300, authority: 3_650 } as const

/** How long broker and hubs can show the same certificate; `balai fleet list --due` says when it ends. */
export const serverDays = 825

/**
 * Makes the regency’s fleet folder: authorities, what broker and hubs need, and fleet.toml. All or nothing: the folder
 * appears when everything is in it. Throws an AppError (`conflict`) when the folder holds anything already.
 * `now`: ms since 1970 UTC.
 */
export async function initFleet(folder: string, settings: FleetSettings, now: number): Promise<void> {
  const target = resolve(folder)
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new AppError(
      'conflict',
      'fleet.exists',
      `${target} is not empty, and a regency’s keys are never overwritten. Give another folder.`,
    )
  }
  mkdirSync(dirname(target), { recursive: true })
  const parts = mkdtempSync(`${target}.part-`)
  try {
    await fill(parts, settings, now)
    renameSync(parts, target)
  } catch (error) {
    rmSync(parts, { recursive: true, force: true })
    throw error
  }
}

async function fill(folder: string, settings: FleetSettings, now: number): Promise<void> {
  const { regency } = settings
  const validity = { now, days: days.authority }
  const rootPair = await makeAuthority(`${regency} root`, { now, days: days.root })
  const root = await openAuthority(rootPair)
  const issuingPair = await makeAuthority(`${regency} issuing`, { ...validity, parent: root })
  // A root of its own, for people's PCs and phones: whoever trusts it trusts village boxes and nothing else, even if a
  // hub, which can sign for brokers, falls into wrong hands. Its key signs this one authority and then goes to the safe.
  const lanRootPair = await makeAuthority(`${regency} LAN root`, { now, days: days.root })
  const lanRoot = await openAuthority(lanRootPair)
  const lanPair = await makeAuthority(`${regency} LAN`, { ...validity, parent: lanRoot, onlyLan: true })
  // A root of its own: whoever trusts the regency's root trusts no claim.
  const claimPair = await makeAuthority(`${regency} enrolment`, validity)
  const issuing = await openAuthority(issuingPair)
  const claims = await openAuthority(claimPair)
  const { file, secret, pair } = writersIn(folder)

  file('fleet.toml', stringify(settings))
  secret('register.json', emptyRegister)
  file('root-ca.pem', rootPair.certificate)
  secret('root/root-ca.key', rootPair.key)
  file('lan-root.pem', lanRootPair.certificate)
  secret('root/lan-root.key', lanRootPair.key)
  pair('issuing-ca', issuingPair)
  pair('lan-ca', lanPair)
  pair('claim-ca', claimPair)
  const hubKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  secret('hub-key.pem', hubKey)
  openWipeKey(folder)

  const server = async (host: string, names = [host]) => {
    const made = await issuePair(host, { now, days: serverDays, issuer: issuing, names })
    return withChain(made, issuingPair)
  }
  const trusted = `${rootPair.certificate}${issuingPair.certificate}`
  const plan = { port: settings.broker_port, enrolPort: settings.enrol_port, hubs: hubNames(settings) }
  for (const [name, text] of Object.entries(mosquittoFiles({ folder: settings.broker_folder, ...plan }))) {
    file(`broker/${name}`, text)
  }
  pair('broker/broker', await server(settings.broker, brokerHosts(settings)))
  file('broker/ca.pem', trusted)
  file('broker/ca.crl', await makeRevocationList(issuing, { now, revoked: [] }))
  file('broker/claim-ca.pem', claimPair.certificate)
  file('broker/claim-ca.crl', await makeRevocationList(claims, { now, revoked: [] }))

  const page = await server(settings.hub)
  for (const hub of hubNames(settings)) {
    const own = await issuePair(hub, { now, days: serverDays, issuer: issuing })
    pair(`${hub}/hub`, withChain(own, issuingPair))
    pair(`${hub}/console`, page)
    file(`${hub}/ca.pem`, rootPair.certificate)
    file(`${hub}/claim-ca.pem`, claimPair.certificate)
    secret(`${hub}/hub-key.pem`, hubKey)
    pair(`${hub}/authority/issuing-ca`, issuingPair)
    pair(`${hub}/authority/lan-ca`, lanPair)
    file(`${hub}/hub.toml`, hubToml(settings, hub))
  }
}

/** Ready but for the table of villages and the address of PostgreSQL. */
function hubToml(settings: FleetSettings, name: string): string {
  const { regency, zone, hub, hub_port, https_port } = settings
  const [url, ...others] = brokerUrls(settings)
  return stringify({
    name: regency,
    zone: { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' }[zone],
    data: '/var/lib/balai',
    villages: 'villages.csv',
    authority: 'authority',
    mqtt: {
      url,
      ...(others.length > 0 ? { other_urls: others } : {}),
      client_id: name,
      ca: 'ca.pem',
      cert: 'hub.pem',
      key: 'hub.key',
    },
    postgres: { url_file: 'postgres-url' },
    console: { host: '0.0.0.0', port: hub_port, names: [hub], cert: 'console.pem', key: 'console.key' },
    ...(https_port
      ? { https: { port: https_port, cert: 'console.pem', key: 'console.key', claim_ca: 'claim-ca.pem' } }
      : {}),
  })
}

/** What a machine shows: its certificate and the one that signed it. */
export const withChain = ({ certificate, key }: Pair, issuing: Pick<Pair, 'certificate'>): Pair => ({
  certificate: `${certificate}${issuing.certificate}`,
  key,
})

/** Writes new files only. Folders can be entered by their owner alone, secrets be read by nobody else. */
export function writersIn(folder: string) {
  const write = (mode: number) => (name: string, text: string) => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, text, { mode, flag: 'wx' })
  }
  const file = write(0o644)
  const secret = write(0o600)
  const pair = (name: string, { certificate, key }: Pair) => {
    file(`${name}.pem`, certificate)
    secret(`${name}.key`, key)
  }
  return { file, secret, pair }
}
