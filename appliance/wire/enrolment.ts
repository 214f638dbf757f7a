import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { closed } from '../base/schemas.ts'
import { canonicalJson } from './hash.ts'
import { NetworkSettings } from './network-settings.ts'
import { publicKeyOf } from './sign.ts'
import { villagePattern } from './topics.ts'

/*
 * The enrolment file: what a box has to know to become a member of the regency, one JSON file for each village. Its
 * signature finds damage and changes by hand; the key that made it stands in the file itself. So it does not say who
 * made the whole file: that is as true as the card or stick that it came on, until a box knows its regency's key.
 */

const Name = Type.String({ minLength: 1, maxLength: 60 })
const Pem = Type.String({ pattern: '^-----BEGIN [A-Z ]+-----\\n' })

/** A broker may take no less: an entry of 16 KiB has to pass by itself. 64: what a box sends at most anyway. */
export const packetKb = { minimum: 20, maximum: 64 } as const

/** The two halves of an age pair (X25519). */
export const ageRecipient = '^age1[02-9ac-hj-np-z]{58}$'
export const ageSecretKey = '^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$'

const fields = {
  format: Type.Literal('balai-enrolment-1'),
  regency: Type.String({ minLength: 1, maxLength: 80 }),
  village: Type.String({ pattern: villagePattern }),
  name: Name,
  district: Name,
  zone: Type.Union([Type.Literal('WIB'), Type.Literal('WITA'), Type.Literal('WIT')]),
  /** Where enrolled boxes connect, and where those with a claim certificate do: mqtts://host:port. */
  broker: Type.String({ pattern: '^mqtts://' }),
  enrolBroker: Type.String({ pattern: '^mqtts://' }),
  /** Brokers that are tried in turn where `broker` cannot be reached, and https:// of a hub (SYNC-023); absent: none. */
  fallbackBrokers: Type.Optional(
    Type.Array(Type.String({ pattern: '^(mqtts|https)://' }), { minItems: 1, maxItems: 4 }),
  ),
  /** The largest MQTT packet that the broker takes, kB of 1,000 bytes; absent: 64 (MQTT 3.1.1 tells it only by hanging up). */
  maxPacketKb: Type.Optional(Type.Integer(packetKb)),
  /** The hub’s HTTPS address. */
  hub: Type.String({ pattern: '^https://' }),
  /** The regency’s root certificate, by which broker and hub are known. */
  ca: Pem,
  /** The root of the certificates for pages on the LAN, which people install on PCs and phones. */
  lanCa: Pem,
  /** The hub’s Ed25519 key, raw, base64url; the one that signed this file. */
  hubKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  network: NetworkSettings,
  /** Opens enrolment once; 32 random bytes, base64url. Goes with `claim`. */
  token: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })),
  claim: Type.Optional(Type.Object({ certificate: Pem, key: Pem }, closed)),
  /** Instead of both, for an office without a line: certificates and keys, sealed to a pass phrase (age), base64. */
  sealed: Type.Optional(Type.String({ maxLength: 32_768 })),
  /** For a box that takes the place of another one: it gives no number before it knows the last ones. */
  reissue: Type.Optional(Type.Literal(true)),
  /** The code that this village had: its box goes on under the new one with all that was set up. */
  movedFrom: Type.Optional(Type.String({ pattern: villagePattern })),
  /** The public half of the village's recovery pair (age), to which backups on sticks are sealed. */
  recovery: Type.Optional(Type.String({ pattern: ageRecipient })),
  /** Its secret half, in a reissued file only: by it the new box opens the stick of the dead one. */
  recoveryKey: Type.Optional(Type.String({ pattern: ageSecretKey })),
  /** The regency's public key (age): private parts of entries that are meant for it are sealed to it as well. */
  regencyRecipient: Type.Optional(Type.String({ pattern: ageRecipient })),
  /** The regency's Ed25519 key for orders to wipe a stolen box, raw, base64url; absent: this box takes none. */
  wipeKey: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })),
  /** ms since 1970 UTC. */
  issuedAt: Type.Integer(),
  expiresAt: Type.Integer(),
}
const Content = Type.Object(fields, closed)
const EnrolmentFile = Type.Object({ ...fields, sig: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }) }, closed)

export type EnrolmentContent = Static<typeof Content>
export type EnrolmentFile = Static<typeof EnrolmentFile>

const validator = compileLater(EnrolmentFile)
const bytesOf = (content: object): Buffer => Buffer.from(canonicalJson(content))

/** The file’s text, signed by the hub’s key: Ed25519 over the canonical JSON of all but `sig`. */
export function writeEnrolment(key: KeyObject, content: Omit<EnrolmentContent, 'hubKey'>): string {
  const whole: EnrolmentContent = { ...content, hubKey: publicKeyOf(key) }
  return `${JSON.stringify({ ...whole, sig: sign(null, bytesOf(whole), key).toString('base64url') }, null, 2)}\n`
}

/** Why a file is not taken: not one of ours or cut off; changed after it was signed; too old. */
export type EnrolmentRefusal = 'unreadable' | 'altered' | 'expired'

/**
 * Reads a file’s text. `certain`: a moment that is certainly past, ms since 1970 UTC (`Clock.certain`). A wrong clock makes
 * no file too old: what it opens ends by the regency's own clock, which answers so (`token-ended`). What this machine
 * knows for sure is said before the office is opened with it.
 */
export function readEnrolment(
  text: string,
  certain: number,
): { file: EnrolmentFile; refused: null } | { file: null; refused: EnrolmentRefusal } {
  const file = parse(text)
  if (!validator.Check(file) || !opensOneWay(file)) return { file: null, refused: 'unreadable' }
  const { sig, ...content } = file
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: file.hubKey }, format: 'jwk' })
  if (!verify(null, bytesOf(content), key, Buffer.from(sig, 'base64url'))) return { file: null, refused: 'altered' }
  return certain > file.expiresAt ? { file: null, refused: 'expired' } : { file, refused: null }
}

/** By a claim with its token, or by what is sealed; never both, never neither. */
const opensOneWay = ({ token, claim, sealed }: EnrolmentFile): boolean =>
  (token === undefined) === (claim === undefined) && (token === undefined) === (sealed !== undefined)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
