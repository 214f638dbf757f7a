import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, rootCertificates } from 'node:tls'

/**
 * What a box knows of the time, ms since 1970 UTC. `doubtful`: nothing that can be trusted has said it (a person's word is
 * not enough: a date may be mistyped); `floor`: a moment that is certainly past; `now`: the box's own time.
 */
export type TimeBelief = { doubtful: boolean; floor: number; now: number }

type Judged = { host: string; ca: string | undefined; time: TimeBelief }

const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyPurpose = '2.5.29.37.0'
const mostDepth = 5

/**
 * Why a server's certificate does not hold at the box's own time, or null when it does: a chain to `ca` only (Node's own
 * roots without one), each link issued and signed by a CA, each of them valid, for this host and for servers. While the
 * time is doubtful a date alone refuses nothing that had not ended at the floor.
 */
export function findFault(leaf: X509Certificate | undefined, { host, ca, time }: Judged): string | null {
  if (!leaf) return 'CERT_MISSING'
  if (checkServerIdentity(host, leaf.toLegacyObject())) return 'ERR_TLS_CERT_ALTNAME_INVALID'
  const roots = (ca === undefined ? rootCertificates : splitPem(ca)).map((pem) => new X509Certificate(pem))
  let lower = leaf
  for (let depth = 0; depth < mostDepth; depth++) {
    const fault = faultOfOne(lower, time)
    if (fault) return fault
    const signed = (by: X509Certificate) => by.ca && lower.checkIssued(by) && lower.verify(by.publicKey)
    const ends = roots.filter((root) => signed(root) || isItself(lower, root))
    if (ends.length > 0) {
      const faults = ends.map((root) => faultOfOne(root, time))
      return faults.includes(null) ? null : (faults[0] ?? null)
    }
    const issuer = lower.issuerCertificate
    if (!issuer || !signed(issuer)) return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    lower = issuer
  }
  return 'CERT_CHAIN_TOO_LONG'
}

/** A server's self-signed certificate that is itself what is trusted. */
const isItself = (certificate: X509Certificate, root: X509Certificate): boolean =>
  certificate.raw.equals(root.raw) && certificate.verify(certificate.publicKey)

function faultOfOne(certificate: X509Certificate, { doubtful, floor, now }: TimeBelief): string | null {
  const purposes = certificate.keyUsage as string[] | undefined // Node's name for the extended ones; undefined: for all
  if (purposes && !purposes.includes(serverAuth) && !purposes.includes(anyPurpose)) return 'CERT_INVALID_PURPOSE'
  if (certificate.validToDate.getTime() < (doubtful ? floor : now)) return 'CERT_HAS_EXPIRED'
  if (!doubtful && certificate.validFromDate.getTime() > now) return 'CERT_NOT_YET_VALID'
  return null
}

/** Extensions whose meaning is looked at here or by Node. */
const known = ['2.5.29.14', '2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.35', '2.5.29.37']

/**
 * What OpenSSL would have looked at besides: it names one fault only, and a date that the machine's clock gets wrong may
 * stand before another one. What cannot be judged here (name constraints) is refused.
 */
export async function findHiddenFault(leaf: X509Certificate): Promise<string | null> {
  // Loaded only where the machine's clock is wrong: 8 MiB of memory.
  await import('reflect-metadata') // what @peculiar/x509 builds on; it has to come first
  const x509 = await import('@peculiar/x509')
  let certificate: X509Certificate | undefined = leaf
  for (let depth = 0; certificate && depth < mostDepth; depth++) {
    const parsed = new x509.X509Certificate(certificate.raw)
    if (parsed.extensions.some(({ critical, type }) => critical && !known.includes(type)))
      return 'CERT_UNHANDLED_EXTENSION'
    const usages = parsed.getExtension(x509.KeyUsagesExtension)?.usages
    const forServers =
      x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment | x509.KeyUsageFlags.keyAgreement
    if (depth === 0 && usages !== undefined && (usages & forServers) === 0) return 'CERT_INVALID_PURPOSE'
    const most = parsed.getExtension(x509.BasicConstraintsExtension)?.pathLength
    if (depth > 0 && most !== undefined && depth - 1 > most) return 'CERT_PATH_LENGTH_EXCEEDED'
    if (/SHA-?1$|MD5/i.test(parsed.signatureAlgorithm.hash?.name ?? '') && certificate.issuerCertificate)
      return 'CERT_MD_TOO_WEAK'
    if ((certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 2_048) < 2_048) return 'CERT_KEY_TOO_SMALL'
    certificate = certificate.issuerCertificate
  }
  return null
}

/** The certificates of a PEM file, one by one. */
export const splitPem = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
