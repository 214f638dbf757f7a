import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'smol-toml'
import { recipientOf } from '../../appliance/backup/recovery.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { writeWhole } from '../../appliance/base/store/whole-file.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { seal } from '../../appliance/enrolment/carried-keys.ts'
import { issuePair } from '../../appliance/pki/authority.ts'
import { type EnrolmentFile, readEnrolment, writeEnrolment } from '../../appliance/wire/enrolment.ts'
import { isLanName } from '../../appliance/wire/lan-names.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import { claimOf, districtOf } from '../../appliance/wire/topics.ts'
import { certificateDays, hashToken } from '../../regency/enrolment/enrolments.ts'
import type { Fleet } from './fleet.ts'
import { withChain } from './init.ts'
import type { Office } from './offices.ts'
import { openRecoveryKey, openSealingKey } from './recovery.ts'
import { type Register, readRegister, recordOf, saveRegister, type VillageRecord } from './register.ts'
import { writeRevocationLists } from './revoke.ts'
import { boxRoads } from './settings.ts'
import { shareWithHub } from './sync-hub.ts'
import { openWipeKey } from './wipe.ts'

export type IssueOptions = {
  now: number
  /** How long the enrolment files can be used. */
  days: number
  /** Also villages whose file can still be used get a new one; the register then knows only the new token. */
  again?: boolean
  /** The files are for boxes that take the place of others: these give no number before they know the last ones. */
  reissue?: boolean
  /** The code that the one village had before. */
  movedFrom?: string
  /** For offices without a line: no token, but ready certificates and keys, sealed to this pass phrase. */
  passPhrase?: string
  onProgress?(done: number, of: number): void
}

/**
 * Codes of villages that got something new, of those that had it already, and of these whose row in villages.csv says
 * something else than what they have, with the columns.
 */
export type Issued = { issued: string[]; kept: string[]; outdated: { village: string; columns: string[] }[] }

/** One enrolment file for each office, `villages/balai-enrol-<code>.json` in the fleet folder. */
export async function issueEnrolments(
  fleet: Fleet,
  offices: readonly Office[],
  options: IssueOptions,
): Promise<Issued> {
  const { now, days, again = false, reissue = false, movedFrom, passPhrase, onProgress } = options
  const path = (village: string) => join(fleet.folder, 'villages', `balai-enrol-${village}.json`)
  const register = readRegister(fleet.folder)
  const hasOne = ({ village }: Office) => {
    const { claims, certificates } = recordOf(register, village)
    const enrolled = certificates.filter(({ key }) => key !== undefined)
    return existsSync(path(village)) && [...claims, ...enrolled].some((one) => isOpen(one, now))
  }
  const due = again ? offices : offices.filter((office) => !hasOne(office))

  const regencyRecipient = await recipientOf(openSealingKey(fleet.folder))
  const wipeKey = publicKeyOf(openWipeKey(fleet.folder))
  const files = new Map<string, string>()
  for (const office of due) {
    const expiresAt = now + days * dayMs
    const record = recordOf(register, office.village)
    const issuedAt = nextIssue(register, [office.village, ...(movedFrom ? [movedFrom] : [])], now)
    record.claims = record.claims.map((old) => (isOpen(old, now) ? { ...old, revokedAt: now } : old))
    // The old box and the new one would throw each other off the village’s one client id, for as long as both hold (N13).
    if (reissue) record.certificates = record.certificates.map((old) => ({ revokedAt: now, ...old }))
    const recoveryKey = openRecoveryKey(fleet.folder, office.village, movedFrom)
    const opens = passPhrase
      ? await makeSealed(fleet, office, record, { now, issuedAt, passPhrase })
      : await makeClaim(fleet, office, record, { now, issuedAt, days })
    files.set(
      path(office.village),
      writeEnrolment(fleet.hubKey, {
        format: 'balai-enrolment-1',
        ...addressesOf(fleet),
        village: office.village,
        name: officeName(office),
        district: office.district,
        network: office.network,
        ...opens,
        ...(reissue ? { reissue: true, recoveryKey } : {}),
        recovery: await recipientOf(recoveryKey),
        regencyRecipient,
        ...(movedFrom ? { movedFrom } : {}),
        wipeKey,
        issuedAt,
        expiresAt,
      }),
    )
    onProgress?.(files.size, due.length)
  }
  // The register first: a file whose token it does not know could never be used, one without a file is made again.
  saveRegister(fleet.folder, register)
  await writeRevocationLists(fleet, register, now)
  for (const [file, text] of files) replaceSecret(file, text)
  await shareWithHub(fleet)
  return split(fleet, offices, due)
}

/**
 * The moment that a file of these villages bears, ms since 1970 UTC: now, but behind whatever they were given before. By it
 * a box knows the newer of two files, and this machine's clock may have been set back in between.
 */
function nextIssue(register: Register, villages: readonly string[], now: number): number {
  const given = villages.flatMap((village) => {
    const { claims = [], certificates = [] } = register.villages[village] ?? {}
    return [...claims, ...certificates]
  })
  return Math.max(now, ...given.map(({ issuedAt }) => issuedAt + 1))
}

/** A one-time token and the certificate that opens nothing but enrolment; noted in the village’s record. */
async function makeClaim(
  fleet: Fleet,
  { village }: Office,
  record: VillageRecord,
  { now, issuedAt, days }: { now: number; issuedAt: number; days: number },
): Promise<Pick<EnrolmentFile, 'token' | 'claim'>> {
  const token = randomBytes(32).toString('base64url')
  const { serial, certificate, key } = await issuePair(claimOf(village), { now, days, issuer: fleet.claims })
  const tokenHash = hashToken(token)
  record.claims.push({ serial, tokenHash, issuedAt, expiresAt: now + days * dayMs })
  return { token, claim: { certificate, key } }
}

/** Ready certificates and keys, the only ones that are not made on the box; noted in the village’s record. */
async function makeSealed(
  fleet: Fleet,
  { village, network }: Office,
  record: VillageRecord,
  { now, issuedAt, passPhrase }: { now: number; issuedAt: number; passPhrase: string },
): Promise<Pick<EnrolmentFile, 'sealed'>> {
  const validity = { now, days: certificateDays }
  const identity = await issuePair(village, { ...validity, issuer: fleet.issuing })
  const address = network.address?.split('/')[0]
  const names = ['balai.local', ...(address && isLanName(address) ? [address] : [])]
  const lan = await issuePair('Balai', { ...validity, issuer: fleet.lan, names })
  const { privateKey } = generateKeyPairSync('ed25519')
  record.certificates.push({
    serial: identity.serial,
    issuedAt,
    expiresAt: now + certificateDays * dayMs,
    key: publicKeyOf(privateKey),
  })
  const carried = {
    identity: withChain(identity, { certificate: fleet.issuingCertificate }),
    lan: withChain(lan, { certificate: fleet.lanCertificate }),
    boxKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
  return { sealed: await seal(carried, passPhrase) }
}

/**
 * Another file for a village whose box is replaced, from what its last file says of the office: the box that takes it
 * becomes the village’s, and gives no number before it knows the last ones. The old box’s certificates are taken back. Throws (`not-found`) when there was none.
 */
export async function reissueEnrolment(
  fleet: Fleet,
  village: string,
  options: Omit<IssueOptions, 'again' | 'reissue'>,
): Promise<Issued> {
  const path = join(fleet.folder, 'villages', `balai-enrol-${village}.json`)
  const known = existsSync(path) ? readEnrolment(readFileSync(path, 'utf8'), 0).file : null
  if (!known)
    throw new AppError(
      'not-found',
      'fleet.no-file',
      `${village} has had no file here. Make one: balai fleet issue villages.csv`,
    )
  // What the hub has signed for the old box is to be taken back, too. A hub that is away is told of when all is written.
  await shareWithHub(fleet).catch(() => {})
  const office = { village, ...officeOf(known), network: known.network }
  return await issueEnrolments(fleet, [office], { ...options, again: true, reissue: true })
}

/** Back from the name on the sign. */
const officeOf = ({ name, district, village }: EnrolmentFile): Omit<Office, 'village' | 'network'> => ({
  kind: name.startsWith('Kelurahan ') ? 'kelurahan' : 'desa',
  name: name.replace(/^(Desa|Kelurahan) /, ''),
  district_code: districtOf(village),
  district,
})

/**
 * A ready certificate with its key and balai.toml for each office, `boxes/<code>/`, to be copied to /etc/balai of the
 * box by hand. The key is made here and not on the box, so the folder is worth as much as the box itself.
 */
export async function issueCertificates(
  fleet: Fleet,
  offices: readonly Office[],
  { now, again = false, onProgress }: Omit<IssueOptions, 'days'>,
): Promise<Issued> {
  const days = 825 // longest that browsers and phones took for years; there is no renewal yet
  const register = readRegister(fleet.folder)
  const folder = (village: string) => join(fleet.folder, 'boxes', village)
  const hasOne = ({ village }: Office) =>
    existsSync(join(folder(village), 'balai.toml')) &&
    recordOf(register, village).certificates.some((one) => isOpen(one, now))
  const due = again ? offices : offices.filter((office) => !hasOne(office))

  const recipient = await recipientOf(openSealingKey(fleet.folder))
  const files = new Map<string, string>()
  for (const [index, office] of due.entries()) {
    const made = await issuePair(office.village, { now, days, issuer: fleet.issuing })
    recordOf(register, office.village).certificates.push({
      serial: made.serial,
      issuedAt: now,
      expiresAt: now + days * dayMs,
    })
    const file = (name: string) => join(folder(office.village), name)
    files.set(file('box.key'), made.key)
    files.set(file('box.pem'), `${made.certificate}${fleet.issuingCertificate}`)
    files.set(file('ca.pem'), fleet.root)
    files.set(file('balai.toml'), boxToml(fleet, office, recipient))
    onProgress?.(index + 1, due.length)
  }
  saveRegister(fleet.folder, register)
  for (const [file, text] of files) replaceSecret(file, text)
  await shareWithHub(fleet)
  return split(fleet, offices, due)
}

const isOpen = ({ expiresAt, revokedAt }: { expiresAt: number; revokedAt?: number }, now: number) =>
  revokedAt === undefined && expiresAt > now

/** "Desa Tamansari", as on its sign. */
const officeName = ({ kind, name }: Office) => `${kind === 'desa' ? 'Desa' : 'Kelurahan'} ${name}`

function addressesOf({ settings, root, lanRoot }: Fleet) {
  const { regency, zone, broker, enrol_port, hub, hub_port, max_packet_kb } = settings
  const [url, ...others] = boxRoads(settings)
  return {
    regency,
    zone,
    broker: url,
    ...(others.length > 0 ? { fallbackBrokers: others } : {}),
    enrolBroker: `mqtts://${broker}:${enrol_port}`,
    ...(max_packet_kb ? { maxPacketKb: max_packet_kb } : {}),
    hub: `https://${hub}:${hub_port}`,
    ca: root,
    lanCa: lanRoot,
  }
}

const packetOf = ({ settings: { max_packet_kb } }: Fleet) => (max_packet_kb ? { max_packet_kb } : {})

function boxToml(fleet: Fleet, office: Office, recipient: string): string {
  const [url, ...others] = boxRoads(fleet.settings)
  const reached = { url, ...(others.length > 0 ? { fallback_urls: others } : {}) }
  return stringify({
    village: office.village,
    name: officeName(office),
    district: office.district,
    zone: fleet.settings.zone,
    data: '/var/lib/balai',
    hub_key: publicKeyOf(fleet.hubKey),
    regency_recipient: recipient,
    wipe_key: publicKeyOf(openWipeKey(fleet.folder)),
    mqtt: { ...reached, ...packetOf(fleet), ca: 'ca.pem', cert: 'box.pem', key: 'box.key' },
  })
}

/** Puts the file there in one step, readable by its owner only. */
function replaceSecret(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWhole(path, text)
}

function split(fleet: Fleet, offices: readonly Office[], due: readonly Office[]): Issued {
  const issued = due.map(({ village }) => village)
  const set = new Set(issued)
  const kept = offices.filter(({ village }) => !set.has(village))
  const outdated = kept.map((office) => ({ village: office.village, columns: changedColumns(fleet, office) }))
  return {
    ...{ issued, kept: kept.map(({ village }) => village) },
    outdated: outdated.filter(({ columns }) => columns.length > 0),
  }
}

/** In which columns an office's row differs from its enrolment file; none where it has no file. */
function changedColumns(fleet: Fleet, office: Office): string[] {
  const path = join(fleet.folder, 'villages', `balai-enrol-${office.village}.json`)
  const file = existsSync(path) ? readEnrolment(readFileSync(path, 'utf8'), 0).file : null
  if (!file) return []
  const [was, is] = [file, office].map(({ network: { wifi, dns, ...network } }) => ({
    ...network,
    dns: dns?.join(' '),
    ...{ wifi: wifi?.name, wifi_password: wifi?.password },
  }))
  const before: Record<string, unknown> = { ...was, name: file.name, district: file.district }
  const now: Record<string, unknown> = { ...is, name: officeName(office), district: office.district }
  return Object.keys({ ...before, ...now }).filter((column) => before[column] !== now[column])
}
