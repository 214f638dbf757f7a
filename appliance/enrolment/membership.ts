import { hash, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Credentials } from '../base/broker/tls.ts'
import { readKept } from '../base/kept-file.ts'
import { blankFile } from '../base/store/erase-folder.ts'
import { syncFolder, writeWhole } from '../base/store/whole-file.ts'
import type { EnrolmentFile } from '../wire/enrolment.ts'
import type { Carried, Held } from './carried-keys.ts'
import { beginMove } from './move-office.ts'

/*
 * What a box has of its regency, in `member` of its data folder: member.json, what the enrolment file says and is no
 * secret; claim.json, what opens enrolment, until it is done; identity.pem and lan.pem, certificate and key in one file,
 * so that no power cut parts them; the same with `-next` while a successor has not proved itself yet.
 */

/** Of whom the box is a member, and how it gets there. Written to the disk as it is. */
export type Member = Pick<
  EnrolmentFile,
  | 'regency'
  | 'village'
  | 'name'
  | 'district'
  | 'zone'
  | 'broker'
  | 'enrolBroker'
  | 'fallbackBrokers'
  | 'maxPacketKb'
  | 'hub'
  | 'ca'
  | 'lanCa'
  | 'hubKey'
  | 'network'
  | 'recovery'
  | 'regencyRecipient'
  | 'wipeKey'
> & {
  /** ms since 1970 UTC; a file that was issued later is another enrolment. */
  issuedAt: number
  /** SHA-256 of what the file opens with, hex: the same file twice changes nothing. */
  fileHash: string
}

/** What opens enrolment, once. */
export type Claim = { token: string; certificate: string; key: string }

export type Membership = ReturnType<typeof openMembership>

const folderIn = (data: string) => join(data, 'member')

/** Where a member’s identity towards the broker is kept. */
export const identityFile = (data: string): string => join(folderIn(data), 'identity.pem')

/** What a technician does where the card has damaged what enrolment brought. */
const bringFile =
  'Delete it, and bring this box an enrolment file of its village (balai fleet reissue): journal and settings stay.'

/** The member that this data folder belongs to, or null before a file was taken. */
export function readMember(data: string): Member | null {
  const path = join(folderIn(data), 'member.json')
  return existsSync(path) ? readKept(path, (text) => JSON.parse(text) as Member, bringFile) : null
}

/**
 * Takes a file that was read and checked; `carried` is what was sealed in it. What the box was before stays until the new
 * enrolment is done.
 */
export function adopt(data: string, file: EnrolmentFile, carried: Carried | null = null): Member {
  const { regency, village, name, district, zone, broker, enrolBroker, hub, ca, lanCa, hubKey, network, issuedAt } =
    file
  const named = { regency, village, name, district, zone, broker, enrolBroker, hub, ca, lanCa, hubKey, network }
  const recovery = file.recovery ? { recovery: file.recovery } : {}
  const recipient = file.regencyRecipient ? { regencyRecipient: file.regencyRecipient } : {}
  const wipes = file.wipeKey ? { wipeKey: file.wipeKey } : {}
  const packet = file.maxPacketKb ? { maxPacketKb: file.maxPacketKb } : {}
  const fallbacks = file.fallbackBrokers ? { fallbackBrokers: file.fallbackBrokers } : {}
  const member: Member = {
    ...named,
    ...fallbacks,
    ...wipes,
    ...packet,
    ...recovery,
    ...recipient,
    issuedAt,
    fileHash: hashOf(file),
  }
  const folder = folderIn(data)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (file.reissue) writeWhole(join(folder, 'hold-numbers'), '')
  if (file.recoveryKey) writeWhole(join(folder, 'recovery.key'), file.recoveryKey)
  if (file.movedFrom !== undefined && readMember(data)?.village === file.movedFrom) {
    beginMove(data, file.movedFrom)
    // They name the old code; nobody is let in by them under the new one.
    for (const name of ['identity.pem', 'identity-next.pem', 'identity-request.key'])
      rmSync(join(folder, name), { force: true })
  }
  // What opens the door first: whoever begins with member.json has to be able to go on.
  if (file.token && file.claim) {
    writeWhole(join(folder, 'claim.json'), JSON.stringify({ token: file.token, ...file.claim } satisfies Claim))
  }
  if (carried) {
    writeWhole(join(data, 'box-key.pem'), carried.boxKey)
    writeWhole(join(folder, 'lan.pem'), inOne(carried.lan))
    writeWhole(join(folder, 'identity.pem'), inOne(carried.identity))
  }
  writeWhole(join(folder, 'member.json'), JSON.stringify(member))
  return member
}

const hashOf = ({ token, sealed }: EnrolmentFile): string => hash('sha256', token ?? sealed ?? '')

/** Certificate and key as they are kept. */
const inOne = ({ certificate, key }: Held): string => `${key.trimEnd()}\n${certificate}`

/** What `file` is to this member: the one that was taken, an older one, or one that says something new. */
export function ageOf(member: Member | null, file: EnrolmentFile): 'taken' | 'older' | 'new' {
  if (member?.fileHash === hashOf(file)) return 'taken'
  return member && member.issuedAt > file.issuedAt ? 'older' : 'new'
}

/** The member’s certificates and keys. */
export function openMembership(data: string, member: Member) {
  const folder = folderIn(data)
  const path = (name: string) => join(folder, name)
  /** Whether the successor of the identity was tried last and did not get in: then the old one has its turn. */
  let successorFailed = false

  function held(name: string): Held | null {
    if (!existsSync(path(name))) return null
    const text = readFileSync(path(name), 'utf8')
    const at = text.indexOf('-----BEGIN CERTIFICATE-----')
    return { key: text.slice(0, at), certificate: text.slice(at) }
  }

  const choose = () => {
    const successor = successorFailed ? null : held('identity-next.pem')
    return { successor: successor !== null, pair: successor ?? held('identity.pem') }
  }
  let tried = choose()

  return {
    member,
    /** Null once enrolment is done. */
    claim: (): Claim | null =>
      existsSync(path('claim.json'))
        ? readKept(path('claim.json'), (text) => JSON.parse(text) as Claim, bringFile)
        : null,
    identity: () => held('identity.pem'),
    lan: () => held('lan.pem'),
    /** A key of its own for a request, the same one until its certificate is here. */
    keyFor(purpose: 'identity' | 'lan', make: () => string): string {
      const file = path(`${purpose}-request.key`)
      if (!existsSync(file)) writeWhole(file, make())
      return readFileSync(file, 'utf8')
    },
    /** What was asked for is here. An identity that is already there goes on until the new one has connected. */
    keepPair(purpose: 'identity' | 'lan', { certificate, key }: Held, how: { atOnce: boolean }): void {
      const name = how.atOnce ? `${purpose}.pem` : `${purpose}-next.pem`
      writeWhole(path(name), inOne({ certificate, key }))
      if (how.atOnce) rmSync(path(`${purpose}-next.pem`), { force: true })
      rmSync(path(`${purpose}-request.key`), { force: true })
      successorFailed = false
    },
    /** Enrolment is done: what opened it is wiped. */
    forgetClaim: () => wipe(path('claim.json')),
    /** What the next connection to the broker shows. */
    credentials(): Credentials {
      tried = choose()
      return { ca: member.ca, ...(tried.pair ? { cert: tried.pair.certificate, key: tried.pair.key } : {}) }
    },
    /** What was shown last got in: a successor takes the place of the old one. */
    connected(): void {
      if (!tried.successor || !existsSync(path('identity-next.pem'))) return
      renameSync(path('identity-next.pem'), path('identity.pem'))
      syncFolder(folder)
    },
    /** What was shown last did not get in. */
    refused(): void {
      successorFailed = tried.successor
    },
    hasSuccessor: () => existsSync(path('identity-next.pem')),
    /** Rule 10: this box takes the place of another one, whose last numbers it does not know. */
    holdsNumbers: () => existsSync(path('hold-numbers')),
    /** What opens the stick of the box before; null where the file brought none, or the stick has had its turn. */
    recoveryKey: (): string | null =>
      existsSync(path('recovery.key')) ? readFileSync(path('recovery.key'), 'utf8') : null,
    forgetRecoveryKey: () => wipe(path('recovery.key')),
    /** The journal knows it from now on. */
    forgetHold: () => rmSync(path('hold-numbers'), { force: true }),
  }
}

/** From when to when a certificate holds, ms since 1970 UTC. */
export function lifeOf(certificate: string): { from: number; to: number } {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  return { from: validFromDate.getTime(), to: validToDate.getTime() }
}

/** Overwrites a file before it goes; false where it may not be changed (a card that is mounted read-only). */
export function wipe(path: string): boolean {
  try {
    if (!existsSync(path)) return true
    blankFile(path)
    rmSync(path)
    return true
  } catch {
    return false
  }
}
