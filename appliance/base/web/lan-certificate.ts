import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'

import { writeWhole } from '../store/whole-file.ts'

import { dayMs } from '../time.ts'

/** Names and addresses under which people reach this box on the LAN. */
export function lanNames(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  return [
    ...new Set([
      'balai.local',
      `${hostname().toLowerCase()}.local`,
      'localhost',
      '127.0.0.1',
      ...addresses.map(({ address }) => address),
    ]),
  ].sort()
}

type Belief = ReturnType<Clock['belief']>

export type LanCertificate = { key: string; cert: string; madeAnew: boolean }

/**
 * The box's own certificate for its LAN pages (P-256, self-signed, 397 days), kept in `folder`. Made at the first start
 * and again when the names change or 30 days are left. Apart from its identity towards the broker.
 */
export async function openLanCertificate(
  folder: string,
  names: readonly string[],
  time: Belief,
): Promise<LanCertificate> {
  const keyPath = join(folder, 'lan-key.pem')
  const certPath = join(folder, 'lan-cert.pem')
  if (existsSync(keyPath) && existsSync(certPath)) {
    const [key, cert] = [readFileSync(keyPath, 'utf8'), readFileSync(certPath, 'utf8')]
    if (belongTogether(key, cert) && serves(cert, names, time)) return { key, cert, madeAnew: false }
  }
  const made = await makeCertificate(names, time.now)
  writeWhole(keyPath, made.key)
  writeWhole(certPath, made.cert, { mode: 0o644 })
  return { ...made, madeAnew: true }
}

/** A power cut may part the two files. */
function belongTogether(key: string, cert: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

/** Whether a certificate is for all of these names and addresses. */
export function servesNames(pem: string, names: readonly string[]): boolean {
  const certificate = new X509Certificate(pem)
  return names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined)
}

/**
 * Whether the box's own certificate can go on: people have made their browsers believe this very one. That it ends soon, or
 * was made in a future that never came, counts only by a time that is certain.
 */
export function serves(pem: string, names: readonly string[], { doubtful, floor, now }: Belief): boolean {
  const certificate = new X509Certificate(pem)
  return (
    servesNames(pem, names) &&
    certificate.validToDate.getTime() - (doubtful ? floor : now) > 30 * dayMs &&
    (doubtful || certificate.validFromDate.getTime() <= now)
  )
}

async function makeCertificate(names: readonly string[], now: number): Promise<{ key: string; cert: string }> {
  // Loaded only when one is made: 8 MiB of memory that a running box has no use for.
  await import('reflect-metadata') // what @peculiar/x509 builds on; it has to come first
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Balai',
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + 397 * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
        ),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.BasicConstraintsExtension(false, undefined, true),
      ],
    },
    crypto,
  )
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`
  return { key, cert: certificate.toString('pem') }
}
