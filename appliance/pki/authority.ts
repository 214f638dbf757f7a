import { dayMs } from '../base/time.ts'
import 'reflect-metadata' // what @peculiar/x509 builds on; it has to come first
import { createPrivateKey, KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import { linkLocalRanges, privateRanges } from '../wire/lan-names.ts'

/*
 * Certificates of the regency: P-256 throughout, in PEM. What is issued here is for machines, so the CN is a bare name.
 * The fleet tool makes authorities and pairs with it, the hub signs what the boxes ask for.
 */

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A certificate and its key, PEM. */
export type Pair = { certificate: string; key: string }

/** What may sign: a certificate and its key, opened. */
export type Authority = { certificate: x509.X509Certificate; key: CryptoKey }

type Validity = { now: number; days: number }

export async function openAuthority({ certificate, key }: Pair): Promise<Authority> {
  const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
  return {
    certificate: new x509.X509Certificate(certificate),
    key: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
  }
}

/** A root where no `parent` is given. `onlyLan`: signs nothing but servers of a village’s own network. */
export async function makeAuthority(
  name: string,
  { now, days, parent, onlyLan = false }: Validity & { parent?: Authority; onlyLan?: boolean },
): Promise<Pair> {
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(true, parent ? 0 : undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ]
  if (onlyLan) extensions.push(lanOnly(), new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]))
  return await make(name, { now, days, parent, extensions })
}

/** A certificate with a key of its own. A server’s is for `names` (host names and addresses), a client’s for its CN. */
export const issuePair = (
  name: string,
  { now, days, issuer, names }: Validity & { issuer: Authority; names?: readonly string[] },
): Promise<Pair & { serial: string }> => make(name, { now, days, parent: issuer, extensions: leaf(names) })

/** What a machine is certified for: to be a server under `names`, or a client where there are none. */
function leaf(names: readonly string[] | undefined): x509.Extension[] {
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([names ? serverAuth : clientAuth]),
  ]
  if (names) {
    const sorted = names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }))
    extensions.push(new x509.SubjectAlternativeNameExtension(sorted))
  }
  return extensions
}

/** A signing request whose own signature holds: its key, and the names that it asks for. */
export type SigningRequest = { key: x509.PublicKey; names: string[] }

/** Reads PKCS #10 in PEM; null when it is none, is not signed by its own key, or its key is not P-256. */
export async function readSigningRequest(pem: string): Promise<SigningRequest | null> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem)
    const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string }
    if (name !== 'ECDSA' || namedCurve !== 'P-256' || !(await request.verify(crypto))) return null
    const asked = request.extensions.find((one) => one instanceof x509.SubjectAlternativeNameExtension)
    return { key: request.publicKey, names: asked?.names.toJSON().map(({ value }) => value) ?? [] }
  } catch {
    return null
  }
}

/** A certificate for a key that somebody else keeps. The name, and what it is for, are the signer’s to say. */
export async function issueFor(
  key: x509.PublicKey,
  name: string,
  { now, days, issuer, names }: Validity & { issuer: Authority; names?: readonly string[] },
): Promise<{ certificate: string; serial: string }> {
  const made = await sign(key, name, issuer.key, { now, days, parent: issuer, extensions: leaf(names) })
  return { certificate: `${made.toString('pem')}\n`, serial: made.serialNumber }
}

/**
 * The list of certificates that are no longer taken. It ends far away on purpose: an ended list makes a broker refuse
 * everybody, and a new one is written with each revocation.
 */
export async function makeRevocationList(
  authority: Authority,
  { now, revoked }: { now: number; revoked: readonly { serial: string; revokedAt: number }[] },
): Promise<string> {
  const list = await x509.X509CrlGenerator.create(
    {
      issuer: authority.certificate.subjectName,
      thisUpdate: new Date(now - dayMs),
      nextUpdate: new Date(now + 3_650 * dayMs),
      signingAlgorithm: algorithm,
      signingKey: authority.key,
      entries: revoked.map(({ serial, revokedAt }) => ({
        serialNumber: serial,
        revocationDate: new Date(revokedAt),
      })),
    },
    crypto,
  )
  // The library's own label is "CRL", which OpenSSL does not know.
  return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`
}

type Making = Validity & { parent: Authority | undefined; extensions: x509.Extension[] }

async function make(name: string, plan: Making): Promise<Pair & { serial: string }> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await sign(keys.publicKey, name, plan.parent?.key ?? keys.privateKey, plan)
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string,
    serial: certificate.serialNumber,
  }
}

async function sign(
  publicKey: CryptoKey | x509.PublicKey,
  name: string,
  signingKey: CryptoKey,
  { now, days, parent, extensions }: Making,
): Promise<x509.X509Certificate> {
  const subject = new x509.Name([{ CN: [{ utf8String: name }] }])
  return await x509.X509CertificateGenerator.create(
    {
      subject,
      issuer: parent?.certificate.subjectName ?? subject,
      // A day early: the clocks of broker and box need not agree with this machine's.
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + days * dayMs),
      publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        ...extensions,
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
        await x509.AuthorityKeyIdentifierExtension.create(parent?.certificate.publicKey ?? publicKey, false, crypto),
      ],
    },
    crypto,
  )
}

/**
 * Name constraints (RFC 5280, 4.2.1.10): `.local` and the private address ranges of RFC 1918, RFC 4193 and link-local.
 * Written out in DER, since the library has no class for this one extension.
 */
function lanOnly(): x509.Extension {
  const ranges = [...privateRanges, ...linkLocalRanges].map(([address, prefix]) => withMask(address, prefix))
  const bases = [der(0x82, Buffer.from('local')), ...ranges.map((range) => der(0x87, range))]
  const permitted = der(0xa0, Buffer.concat(bases.map((base) => der(0x30, base))))
  return new x509.Extension('2.5.29.30', true, new Uint8Array(der(0x30, permitted)))
}

/** An address and its mask, as name constraints have them. IPv6 ranges here begin with their first group. */
function withMask(address: string, prefix: number): Buffer {
  const bytes = isIP(address) === 4 ? 4 : 16
  const range = Buffer.alloc(2 * bytes)
  if (bytes === 4) Buffer.from(address.split('.').map(Number)).copy(range)
  else range.writeUInt16BE(Number.parseInt(address, 16))
  for (let bit = 0; bit < prefix; bit++) {
    const at = bytes + Math.floor(bit / 8)
    range.writeUInt8(range.readUInt8(at) | (0x80 >> (bit % 8)), at)
  }
  return range
}

/** One DER value; 127 bytes are the most that a length of one byte can say, and 255 that of two. */
const der = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(content.length < 128 ? [tag, content.length] : [tag, 0x81, content.length]), content])
